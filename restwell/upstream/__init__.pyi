from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, ParamSpec, Protocol, TypedDict, TypeVar, overload, type_check_only

from flask import Blueprint, Flask, Response
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from typing_extensions import Unpack

from . import fields as fields
from . import inputs as inputs
from . import reqparse as reqparse
from . import utils as utils

__all__ = [
    "Api",
    "Resource",
    "abort",
    "fields",
    "inputs",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "reqparse",
    "utils",
]

_P = ParamSpec("_P")
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Resource = TypeVar("_Resource", bound=type[AnyResource])
_Representation = Callable[..., Response]
_FieldSet = Mapping[Any, Any]  # of fields, classes of fields and further such mappings, which are inferred as object

@type_check_only
class AnyResource(Protocol):
    """A :class:`Resource`, also one that a checker knows from the files of Flask-RESTful, where it is another class."""

    representations: Any
    method_decorators: Any
    @classmethod
    def as_view(cls, name: str, *class_args: Any, **class_kwargs: Any) -> Callable[..., Any]: ...
    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any: ...

@type_check_only
class ResourceOptions(TypedDict, total=False):
    """How a resource is registered: Flask-RESTful's options, and those of Flask's ``add_url_rule`` and its rules."""

    endpoint: str | None
    resource_class_args: Iterable[Any]
    resource_class_kwargs: Mapping[str, Any]
    provide_automatic_options: bool | None
    defaults: Mapping[str, Any] | None
    subdomain: str | None
    methods: Iterable[str] | None
    build_only: bool
    strict_slashes: bool | None
    merge_slashes: bool | None
    redirect_to: str | Callable[..., str] | None
    alias: bool
    host: str | None
    websocket: bool

def abort(http_status_code: int, **kwargs: Any) -> NoReturn: ...

class Api:
    representations: dict[str, _Representation]
    urls: dict[str, Any]
    prefix: str
    default_mediatype: str | None
    decorators: list[Callable[..., Any]]
    catch_all_404s: bool
    serve_challenge_on_401: bool
    url_part_order: str
    errors: Mapping[str, Mapping[str, Any]]
    blueprint_setup: BlueprintSetupState | None
    endpoints: set[str]
    resources: list[tuple[type[AnyResource], tuple[str, ...], ResourceOptions]]
    app: Flask | Blueprint | None
    blueprint: Blueprint | None
    def __init__(
        self,
        app: Flask | Blueprint | None = None,
        prefix: str = "",
        default_mediatype: str | None = "application/json",
        decorators: list[Callable[..., Any]] | None = None,
        catch_all_404s: bool = False,
        serve_challenge_on_401: bool = False,
        url_part_order: str = "bae",
        errors: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None: ...
    def init_app(self, app: Flask | Blueprint) -> None: ...
    def _complete_url(self, url_part: str, registration_prefix: str | None) -> str: ...
    def _deferred_blueprint_init(self, setup_state: BlueprintSetupState) -> None: ...
    def _init_app(self, app: Flask) -> None: ...
    def owns_endpoint(self, endpoint: str) -> bool: ...
    def _should_use_fr_error_handler(self) -> bool | None: ...
    def _has_fr_route(self) -> bool: ...
    def error_router(self, original_handler: Callable[[Exception], Any], e: Exception) -> Any: ...
    def handle_error(self, e: Exception) -> ResponseReturnValue: ...
    def mediatypes_method(self) -> Callable[[type[AnyResource]], list[str | None]]: ...
    def add_resource(self, resource: type[AnyResource], *urls: str, **kwargs: Unpack[ResourceOptions]) -> None: ...
    def resource(self, *urls: str, **kwargs: Unpack[ResourceOptions]) -> Callable[[_Resource], _Resource]: ...
    def _register_view(
        self, app: Flask, resource: type[AnyResource], *urls: str, **kwargs: Unpack[ResourceOptions]
    ) -> None: ...
    def output(self, resource: Callable[..., Any]) -> Callable[..., Any]: ...
    def url_for(self, resource: type[AnyResource], **values: Any) -> str: ...
    def make_response(self, data: Any, *args: Any, **kwargs: Any) -> Response: ...
    def mediatypes(self) -> list[str]: ...
    def representation(self, mediatype: str) -> Callable[[_Function], _Function]: ...
    def unauthorized(self, response: Response) -> Response: ...

class Resource(MethodView):
    representations: Mapping[str, _Representation] | None
    method_decorators: Iterable[Callable[..., Any]] | Mapping[str, Iterable[Callable[..., Any]]]
    mediatypes: Callable[..., list[str | None]]
    endpoint: str
    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any: ...

@overload
def marshal(data: list[Any] | tuple[Any, ...], fields: _FieldSet, envelope: None = None) -> list[dict[Any, Any]]: ...
@overload
def marshal(data: Any, fields: _FieldSet, envelope: str | None = None) -> Any: ...

class marshal_with:
    fields: _FieldSet
    envelope: str | None
    def __init__(self, fields: _FieldSet, envelope: str | None = None) -> None: ...
    def __call__(self, f: Callable[_P, Any]) -> Callable[_P, Any]: ...

class marshal_with_field:
    field: fields.Raw
    def __init__(self, field: fields.Raw | type[fields.Raw]) -> None: ...
    def __call__(self, f: Callable[_P, Any]) -> Callable[_P, Any]: ...
