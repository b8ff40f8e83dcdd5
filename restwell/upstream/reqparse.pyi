from collections.abc import Callable, Iterable
from typing import Any

class Namespace(dict[str, Any]):
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

_friendly_location: dict[str, str]

def text_type(x: object) -> str: ...

class Argument:
    name: str
    default: Any
    dest: str | None
    required: bool
    ignore: bool
    location: str | Iterable[str]
    type: Any
    choices: Any
    action: str
    help: str | None
    case_sensitive: bool
    operators: Iterable[str]
    store_missing: bool
    trim: bool
    nullable: bool
    def __init__(
        self,
        name: str,
        default: Any = ...,
        dest: str | None = ...,
        required: bool = ...,
        ignore: bool = ...,
        type: Any = ...,
        location: str | Iterable[str] = ...,
        choices: Any = ...,
        action: str = ...,
        help: str | None = ...,
        operators: Iterable[str] = ...,
        case_sensitive: bool = ...,
        store_missing: bool = ...,
        trim: bool = ...,
        nullable: bool = ...,
    ) -> None: ...
    def source(self, request: Any) -> Any: ...
    def convert(self, value: Any, op: str) -> Any: ...
    def handle_validation_error(self, error: Exception, bundle_errors: bool) -> Any: ...
    def parse(self, request: Any, bundle_errors: bool = ...) -> tuple[Any, Any]: ...

class RequestParser:
    args: list[Any]
    argument_class: Callable[..., Any]
    namespace_class: Callable[..., Any]
    trim: bool
    bundle_errors: bool
    def __init__(
        self,
        argument_class: Any = ...,
        namespace_class: Any = ...,
        trim: bool = ...,
        bundle_errors: bool = ...,
    ) -> None: ...
    def add_argument(self, *args: Any, **kwargs: Any) -> RequestParser: ...
    def parse_args(self, req: Any = ..., strict: bool = ..., http_error_code: int = ...) -> Any: ...
    def copy(self) -> RequestParser: ...
    def replace_argument(self, name: str, *args: Any, **kwargs: Any) -> RequestParser: ...
    def remove_argument(self, name: str) -> RequestParser: ...
