from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal, Protocol, overload, type_check_only

from typing_extensions import Self

__all__ = ["Argument", "Namespace", "RequestParser", "text_type"]

@type_check_only
class Converter(Protocol):
    """What Restwell takes as a ``type`` besides a callable: its parser, for an argument that is a JSON object."""

    def convert(self, value: Any, *, text: bool = ..., argument: str = ...) -> Any: ...

_Type = Callable[..., Any] | Converter
_Action = Literal["store", "append"]

class Namespace(dict[str, Any]):
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

def text_type(x: object) -> str: ...

class Argument:
    name: str
    default: Any
    dest: str | None
    required: bool
    ignore: bool
    location: str | Iterable[str]
    type: Any
    choices: Collection[Any]
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
        default: Any = None,
        dest: str | None = None,
        required: bool = False,
        ignore: bool = False,
        type: _Type = ...,
        location: str | Iterable[str] = ("json", "values"),
        choices: Collection[Any] = (),
        action: _Action = "store",
        help: str | None = None,
        operators: Collection[str] = ("=",),
        case_sensitive: bool = True,
        store_missing: bool = True,
        trim: bool = False,
        nullable: bool = True,
    ) -> None: ...
    def source(self, request: Any) -> Any: ...
    def convert(self, value: Any, op: str) -> Any: ...
    def handle_validation_error(self, error: Exception, bundle_errors: bool) -> tuple[Exception, dict[str, str]]: ...
    def parse(self, request: Any, bundle_errors: bool = False) -> tuple[Any, Any]: ...

class RequestParser:
    args: list[Argument]
    argument_class: type[Argument]
    namespace_class: Callable[[], Any]
    trim: bool
    bundle_errors: bool
    def __init__(
        self,
        argument_class: type[Argument] = ...,
        namespace_class: Callable[[], Any] = ...,
        trim: bool = False,
        bundle_errors: bool = False,
    ) -> None: ...
    @overload
    def add_argument(self, argument: Argument, /) -> Self: ...
    @overload
    def add_argument(
        self,
        name: str,
        default: Any = ...,
        dest: str | None = ...,
        required: bool = ...,
        ignore: bool = ...,
        type: _Type = ...,
        location: str | Iterable[str] = ...,
        choices: Collection[Any] = ...,
        action: _Action = ...,
        help: str | None = ...,
        operators: Collection[str] = ...,
        case_sensitive: bool = ...,
        store_missing: bool = ...,
        trim: bool = ...,
        nullable: bool = ...,
    ) -> Self: ...
    def parse_args(self, req: Any = None, strict: bool = False, http_error_code: int = 400) -> Namespace: ...
    def copy(self) -> Self: ...
    def replace_argument(
        self,
        name: str,
        default: Any = ...,
        dest: str | None = ...,
        required: bool = ...,
        ignore: bool = ...,
        type: _Type = ...,
        location: str | Iterable[str] = ...,
        choices: Collection[Any] = ...,
        action: _Action = ...,
        help: str | None = ...,
        operators: Collection[str] = ...,
        case_sensitive: bool = ...,
        store_missing: bool = ...,
        trim: bool = ...,
        nullable: bool = ...,
    ) -> Self: ...
    def remove_argument(self, name: str) -> Self: ...
