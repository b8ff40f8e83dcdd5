"""Api: registers resources on an application and turns what they return or raise into responses."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

import flask
from flask import Blueprint, Flask, Request, Response, after_this_request, got_request_exception, request_started
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound, ServiceUnavailable
from werkzeug.routing import RequestRedirect, Rule, WebsocketMismatch
from werkzeug.wrappers import Response as ResponseBase

from restwell import answers, current, mistakes, shortcuts, upstream
from restwell.asynchronous import synchronous
from restwell.errors.databases import withhold_values
from restwell.errors.encodings import is_of_json, unsupported_encoding
from restwell.errors.formats import PROBLEM_MEDIATYPE, ErrorFormat, error_body, error_data, writable
from restwell.errors.libraries import http_exception
from restwell.errors.raising import JsonError
from restwell.json.provider import provider_of
from restwell.output.negotiation import accepted, prefers
from restwell.output.representations import output_json, output_restful_json
from restwell.output.responses import json_error_response
from restwell.output.result import in_one, unpacked
from restwell.reach import Reach
from restwell.registry import register, state_of
from restwell.response_headers import VARY, typed_as_sent, varying
from restwell.upstream.utils import http_status_message

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from restwell.upstream import AnyResource, ResourceOptions

_Response = TypeVar("_Response", bound=ResponseBase)
_Handler = TypeVar("_Handler", bound=Callable[[Any], Any])

_LOGGED = 300
"""Characters of a database's complaint that are logged."""

_ERROR_FORMATS = ("standard", "problem", "restful")


class Pages(Protocol):
    """What makes the pages for browsers."""

    def install(self, app: Flask) -> None:
        """Serve what the pages are made of."""

    def is_preferred(self) -> bool:
        """Whether the current request asks for a page."""

    def page(self, api: Any, response: ResponseBase) -> ResponseBase:
        """Put a response of an Api on its page."""


class _Original:
    """Flask's own method for an exception, as an ``error_router`` gets it.

    :param handler: the method.
    :param context: what it takes before the exception.
    :param is_last: whether it is the one for exceptions that nobody has handled.
    """

    def __init__(self, handler: Callable[..., Any], context: list[Any], is_last: bool) -> None:
        self.is_last = is_last
        self.was_asked = False
        self._handler = partial(handler, *context)

    def __call__(self, error: Exception) -> Any:
        self.was_asked = True
        return self._handler(error)


class Api(upstream.Api):
    """The resources of an application or a blueprint, with one JSON error representation.

    Takes everything that Flask-RESTful's ``Api`` takes, and:

    :param error_format: ``"standard"`` (Flask-RESTful's body with ``error`` and ``status``), ``"problem"`` (RFC 9457),
        ``"restful"`` (Flask-RESTful's bodies with their spaces, for success as well) or a function
        ``(error, data) -> dict``.
    :param status_in_body: ``True`` adds the status to every dict body, ``False`` to none; ``None`` follows
        ``JSON_ADD_STATUS`` where the application set it and otherwise adds it to errors only. The key is
        ``JSON_STATUS_FIELD_NAME``; one that the body already has wins.
    :param browsable: whether a browser that opens a resource gets a page with the response and its forms instead of
        JSON; clients whose Accept does not prefer ``text/html`` get JSON always. ``None`` is yes, but for
        ``error_format="restful"``, whose browsers got JSON before. An Api with a representation of its own for
        ``text/html`` keeps it.

    The application's JSON provider, error handlers and views are its own: an Api changes none of them.
    :raises ValueError: for an unknown ``error_format``.

    ``API_ERROR_FORMAT`` and ``API_STATUS_IN_BODY`` of the configuration are the defaults of both.

    ::

        app = Flask(__name__)
        api = Api(app, prefix="/api")
        api.add_resource(Greeting, "/greetings/<name>")
    """

    pages: ClassVar[Pages | None] = None
    """What makes the pages for browsers; ``import restwell`` sets it."""

    answers_as_flask_restful: ClassVar[bool] = False
    """Whether parsers and inputs, which do not know whom they serve, behave to the byte as in Flask-RESTful."""

    at_first_request: ClassVar[Callable[[Flask], None] | None] = None
    """What looks an application over when its first request comes; ``import restwell`` sets it."""

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
        *,
        error_format: ErrorFormat | None = None,
        status_in_body: bool | None = None,
        browsable: bool | None = None,
    ) -> None:
        if error_format is not None and not callable(error_format) and error_format not in _ERROR_FORMATS:
            raise ValueError(f"error_format must be a function or one of {', '.join(_ERROR_FORMATS)}: {error_format!r}")
        self._given = (error_format, status_in_body, browsable)
        self._error_handlers: dict[type[Exception] | int, Callable[[Any], Any]] = {}
        self.endpoint_by_resource: dict[type[AnyResource], str] = {}
        self._reaches: WeakKeyDictionary[Flask, Reach] = WeakKeyDictionary()
        super().__init__(
            prefix=prefix,
            default_mediatype=default_mediatype,
            decorators=decorators,
            catch_all_404s=catch_all_404s,
            serve_challenge_on_401=serve_challenge_on_401,
            url_part_order=url_part_order,
            errors=errors,
        )
        self._output_json: Callable[..., Any] = output_json
        self.representations = OrderedDict([("application/json", self._output_json)])
        self.follow({})
        if app is not None:
            self.init_app(app)

    def follow(self, config: Mapping[str, Any]) -> None:
        """Take from a configuration what the constructor was not given.

        :param config: the configuration of the application, or any mapping.
        """
        error_format, status_in_body, browsable = self._given
        self.error_format: ErrorFormat = error_format or config.get("API_ERROR_FORMAT") or "standard"
        self.status_in_body = config.get("API_STATUS_IN_BODY") if status_in_body is None else status_in_body
        self.browsable = self.error_format != "restful" if browsable is None else browsable
        former, self._output_json = self._output_json, self._json_representation()
        if self.representations.get("application/json") is former:  # rather than one of the application's own
            self.representations["application/json"] = self._output_json

    def _json_representation(self) -> Callable[..., Any]:
        """The representation that writes JSON where the application has not put one of its own."""
        return output_restful_json if self.error_format == "restful" else output_json

    # -- registration ------------------------------------------------------------------------------------------------

    def _deferred_blueprint_init(self, setup_state: BlueprintSetupState) -> None:
        if not setup_state.first_registration:
            raise ValueError("The blueprint of an Api can only be registered once.")
        self.blueprint_setup = setup_state
        self._init_app(setup_state.app)  # type: ignore[arg-type]  # a blueprint is registered on a Flask application

    def _init_app(self, app: Flask) -> None:
        if self.blueprint is None:
            self.app = app
        self.follow(app.config)
        state = state_of(app)
        if not state.apis:
            state.respond = shortcuts.for_application(app) or state.respond
        if self.browsable and self.pages is not None:
            self.pages.install(app)
        if not state.apis and Api.at_first_request is not None:
            _call_at_first_request(app, Api.at_first_request)
        register(app, self)
        # Flask's methods are wrapped on the instance, as Flask-RESTful does: there is no other place between the
        # application's own error handlers and Flask's default answer.
        app.handle_exception = partial(  # type: ignore[method-assign]
            self._routed, app.handle_exception, True
        )
        app.handle_user_exception = partial(  # type: ignore[method-assign]
            self._routed, app.handle_user_exception, False
        )
        for resource, urls, options in self.resources:
            self._register_view(app, resource, *urls, **options)

    def add_resource(self, resource: type[AnyResource], *urls: str, **kwargs: Unpack[ResourceOptions]) -> None:
        """Register a resource under one or more URL rules.

        :param resource: the class.
        :param urls: rules as for :meth:`flask.Flask.add_url_rule`.
        :param kwargs: ``endpoint`` (default: the lower-case name of the class), ``resource_class_args`` and
            ``resource_class_kwargs`` for its constructor, and any option of Flask's ``add_url_rule``.
        :raises ValueError: when another class or view already has the endpoint.
        """
        self.resources.append((resource, urls, kwargs))
        app = self.app if self.blueprint_setup is None else self.blueprint_setup.app
        if app is not None:
            self._register_view(app, resource, *urls, **kwargs)  # type: ignore[arg-type]  # a Flask application, see _init_app

    def _register_view(
        self, app: Flask, resource: type[AnyResource], *urls: str, **kwargs: Unpack[ResourceOptions]
    ) -> None:
        options: dict[str, Any] = {**kwargs}
        endpoint = options.pop("endpoint", None) or resource.__name__.lower()
        class_args = options.pop("resource_class_args", ())
        class_kwargs = options.pop("resource_class_kwargs", {})
        full_endpoint = self._endpoint_prefix() + endpoint
        previous = app.view_functions.get(full_endpoint)
        if previous is not None and getattr(previous, "view_class", None) is not resource:
            owner = getattr(previous, "view_class", previous)
            raise ValueError(f"The endpoint {full_endpoint!r} already belongs to {owner.__name__}.")

        self.endpoints.add(endpoint)
        self.endpoint_by_resource[resource] = full_endpoint
        view = previous or self._view(resource, endpoint, class_args, class_kwargs)
        if self.blueprint_setup is not None:
            options.setdefault("subdomain", self.blueprint_setup.subdomain)
            options["defaults"] = {**self.blueprint_setup.url_defaults, **(options.get("defaults") or {})}
        for url in urls:
            rule = self._rule(url)
            prefix = self._rule("")
            if url and prefix and rule == prefix + url and prefix.endswith("/") == url.startswith("/"):
                mistakes.warn(f"{url!r} under the prefix {prefix!r} is {rule!r}: one slash has to be between them.")
            app.add_url_rule(rule, full_endpoint, view, **options)

    def _view(
        self, resource: type[AnyResource], endpoint: str, class_args: Iterable[Any], class_kwargs: Mapping[str, Any]
    ) -> Callable[..., Any]:
        """The view function of a resource, in the decorators of this Api."""
        flask_restfuls = cast("type[upstream.Resource]", resource)
        flask_restfuls.endpoint = endpoint
        flask_restfuls.mediatypes = self.mediatypes_method()
        view = self.output(resource.as_view(endpoint, *class_args, **class_kwargs))
        for decorator in self.decorators:
            view = decorator(view)
        return view

    def _rule(self, url: str) -> str:
        """The whole URL rule of a resource that was added with this part of it."""
        return self._complete_url(url, self.blueprint_setup.url_prefix if self.blueprint_setup else None)

    def _endpoint_prefix(self) -> str:
        setup = self.blueprint_setup
        if setup is not None:
            return f"{setup.name_prefix}.{setup.name}.".lstrip(".")
        return f"{self.blueprint.name}." if self.blueprint is not None else ""

    def owns_endpoint(self, endpoint: str) -> bool:
        """Whether an endpoint, with the name of its blueprint, belongs to this Api."""
        prefix = self._endpoint_prefix()
        return endpoint.startswith(prefix) and endpoint[len(prefix) :] in self.endpoints

    def url_for(self, resource: type[AnyResource], **values: Any) -> str:
        """The URL of a resource of this Api, as :func:`flask.url_for` builds it.

        :param resource: the class.
        :param values: the variables of its URL rule; others become the query string.
        """
        endpoint = self.endpoint_by_resource.get(resource)
        if endpoint is None:
            endpoint = self._endpoint_prefix() + cast("type[upstream.Resource]", resource).endpoint
        return current.app().url_for(endpoint, **values)

    # -- responses ---------------------------------------------------------------------------------------------------

    def output(self, resource: Callable[..., Any]) -> Callable[..., Any]:
        """A view function that makes a response of what a resource's view function returns.

        :param resource: the view function of the resource.
        :returns: the view function for the application.
        """

        reads_as_flask = self.answers_as_flask_restful

        @wraps(resource)
        def view(*args: Any, **kwargs: Any) -> Any:
            app = current.app()
            if not reads_as_flask and (provider := provider_of(app)) is not app.json:
                request = current.request()
                if request.json_module is app.json:  # as Flask sets it: request.get_json() reads by ours
                    request.json_module = provider
            result = in_one(resource(*args, **kwargs))
            if isinstance(result, ResponseBase):
                result = self._varying(result) if self.browsable and result.is_json else result
            else:
                data, code, headers = unpacked(result)
                result = self.make_response(data, code, headers=headers)
            return typed_as_sent(result)

        return view

    def make_response(self, data: Any, *args: Any, **kwargs: Any) -> Response:
        """The response that represents data, in the media type that the request's Accept asks for.

        :param data: what the Resource returned, or the body of an error.
        :param args: the status and the headers, as the representation takes them.
        :param kwargs: ``headers`` as well; ``fallback_mediatype`` for an Accept that nothing can serve.
        :raises NotAcceptable: when nothing can serve the Accept and ``default_mediatype`` is ``None``.
        """
        if "headers" in kwargs:
            args = (*args, kwargs.pop("headers"))
        if isinstance(data, dict):
            data = self._with_status(data, (args and args[0]) or 200, self.status_in_body)
        output = self.representations.get("application/json")
        is_alone = len(self.representations) == 1 and self.default_mediatype == "application/json"
        if is_alone and output is self._output_json:
            if not self.browsable:
                return output(data, *args)
            status, headers, *_ = (*args, None, None)
            return self._paged(output(data, status, varying(headers)))
        if output is not None and self.browsable and self._is_browsed():
            response = output(data, *args)
            response.headers["Content-Type"] = "application/json"
        else:
            response = self._negotiated(data, args, kwargs.pop("fallback_mediatype", None), kwargs)
        return self._varying(response) if self.browsable or not is_alone else response

    def _negotiated(self, data: Any, args: tuple[Any, ...], fallback: str | None, options: dict[str, Any]) -> Response:
        """The response by the representation that Accept prefers; of several that it likes as much, by the default."""
        default = self.default_mediatype
        offered = sorted(self.representations, key=lambda mediatype: mediatype != default)
        mediatype = accepted().best_match(offered, fallback or default or "")
        if mediatype in self.representations:
            response = self.representations[mediatype](data, *args, **options)
            response.headers["Content-Type"] = mediatype
            return response
        return super().make_response(data, *args, fallback_mediatype=fallback, **options)

    def mediatypes(self) -> list[str]:
        """The media types that the request accepts, the preferred ones first."""
        accepted()
        return super().mediatypes()

    def _is_browsed(self) -> bool:
        pages = self.pages
        return pages is not None and pages.is_preferred() and "text/html" not in self.representations

    def _varying(self, response: _Response) -> _Response:
        """Say that a response depends on Accept, as that of a representation or a method of the application's own."""
        if "Accept" not in response.headers.getlist("Vary"):
            response.headers.add(*VARY)
        return self._paged(response) if self.browsable else response

    def _paged(self, response: _Response) -> _Response:
        """Have a response put on a page for a browser when it is finished."""
        if self.pages is not None and self._is_browsed():
            after_this_request(partial(self.pages.page, self))
        return response

    def _with_status(self, data: dict[str, Any], status: int, wanted: bool | None) -> dict[str, Any]:
        config = current.app().config
        if wanted is None:
            wanted = config.get("JSON_ADD_STATUS")
        if not wanted:
            return data
        field = config.get("JSON_STATUS_FIELD_NAME", "status")
        return data if field in data else {**data, field: status}

    # -- errors ------------------------------------------------------------------------------------------------------

    def requested_rule(self) -> Rule | None:
        """The URL rule that the current request is for, also where its method is not allowed.

        :returns: ``None`` when this Api has no such rule.
        """
        request = current.request()
        rule, error = request.url_rule, request.routing_exception
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            adapter = current.app().create_url_adapter(request)
            if adapter is None:
                return None
            method = next(iter(error.valid_methods))
            try:
                rule, _ = adapter.match(method=method, return_rule=True)
            except HTTPException:  # a converter refuses a value
                rule = self._reach().rule_of(request, method)
        return rule if rule is not None and self.owns_endpoint(rule.endpoint) else None

    def _has_fr_route(self) -> bool:
        """Whether this Api answers the errors of the current request."""
        if self.requested_rule() is not None:
            return True
        error = current.request().routing_exception
        if self.catch_all_404s and isinstance(error, NotFound):
            return True
        return isinstance(error, NotFound | WebsocketMismatch) and self._has_prefix_of(current.request())

    def _has_prefix_of(self, request: Request) -> bool:
        return self.url_part_order.endswith("e") and self._reach().holds(request)

    def _reach(self) -> Reach:
        app = current.app()
        reach = self._reaches.get(app)
        if reach is None:
            reach = self._reaches[app] = Reach(self.owns_endpoint, self._rule(""))
        return reach

    def errorhandler(self, kind: type[Exception] | int) -> Callable[[_Handler], _Handler]:
        """Register a function that answers an exception which leaves a resource of this Api, before anybody else.

        :param kind: a class, for it and its subclasses, of which the nearest counts; or a status, for HTTP errors and
            :class:`JsonError` that no class is registered for. What nobody expected is no HTTP error: register
            ``Exception`` for that.
        :returns: a decorator. The function takes the exception and returns what a method may return; without a status
            the answer has that of the error.
        :raises TypeError: when ``kind`` is neither.

        ::

            @api.errorhandler(OutOfStock)
            def out_of_stock(error):
                return {"message": f"{error.item} is out of stock"}, 409
        """

        is_status = type(kind) is int and 400 <= kind <= 599
        if not is_status and not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise TypeError(f"errorhandler takes a class of exceptions or a status from 400 to 599, not {kind!r}")

        def decorator(handler: _Handler) -> _Handler:
            self._error_handlers[kind] = synchronous(handler)
            return handler

        return decorator

    def _routed(self, handler: Callable[..., Any], is_last: bool, *context_and_error: Any) -> Any:
        """What stands in the place of Flask's handlers, which from Flask 3.2 on get the request's context first."""
        *context, error = context_and_error
        original = _Original(handler, context, is_last)
        answer = self.error_router(original, error)
        if not is_last or original.was_asked:
            return answer
        finalize_request: Callable[..., Response] = current.app().finalize_request
        return finalize_request(*context, answer, from_error_handler=True)

    def error_router(self, original_handler: Callable[[Exception], Any], e: Exception) -> Any:
        """Decide who answers an exception.

        The first of: a function of :meth:`errorhandler`; the application's own handler for a class that is neither
        ``Exception`` nor an HTTP error of Werkzeug's; ``errors``; this Api, for HTTP errors, :class:`JsonError` and
        what other libraries' exceptions stand for; the application's handler for ``Exception`` or 500; this Api's 500.

        :param original_handler: Flask's method that would answer it.
        :param e: the exception.
        :returns: the response.
        """
        if isinstance(e, RequestRedirect) or not self._has_fr_route():
            return original_handler(e)
        if getattr(original_handler, "is_last", False):  # nobody has answered it yet
            answer = None if answers.answers_everything() else self._own_answer(e)
        else:
            handler = self._error_handler(e)
            answer = self._represented(handler(e), e) if handler is not None else self._first_answer(e)
        return original_handler(e) if answer is None else answer

    def _first_answer(self, e: Exception) -> Any:
        """The answer of whom an exception is meant for; ``None`` where nobody expected it."""
        handler = answers.own_handler(e)
        if handler is not None:
            return current.app().ensure_sync(handler)(e)
        if (
            self._is_handled_by_a_subclass()
            or isinstance(e, JsonError)
            or type(e).__name__ in self.errors
            or http_exception(e) is not None
        ):
            return self._own_answer(e)
        return None

    def _is_handled_by_a_subclass(self) -> bool:
        """Whether ``handle_error`` is the application's own."""
        return type(self).handle_error is not Api.handle_error

    def _error_handler(self, error: Exception) -> Callable[[Any], Any] | None:
        registered = self._error_handlers
        if not registered or (isinstance(error, HTTPException) and error.code is None):  # a response that is raised
            return None
        for kind in type(error).__mro__:
            if kind in registered:
                return registered[kind]
        status = _status_of(error)
        return None if status is None else registered.get(status)

    def _represented(self, result: Any, error: Exception) -> ResponseReturnValue:
        """The response for what a function of :meth:`errorhandler` has returned."""
        result = in_one(result)
        if isinstance(result, ResponseBase):
            return typed_as_sent(result)
        data, status, headers = unpacked(result)
        if not isinstance(result, tuple):
            status = _status_of(error) or 500
        return typed_as_sent(self.make_response(data, status, headers=headers))

    def _own_answer(self, e: Exception) -> ResponseReturnValue | None:
        """What ``handle_error`` answers; ``None`` where it raises, which leaves the answer to Flask."""
        try:
            return self.handle_error(e)
        except Exception as failure:
            if failure is not e:
                answers.log(failure)
            return None

    def handle_error(self, e: Exception) -> ResponseReturnValue:
        """The response for an exception, in the Api's ``error_format``.

        ``got_request_exception`` is sent once; a status of 500 or more is logged once, with its traceback.

        :param e: the exception.
        :returns: the response.
        :raises Exception: ``e`` itself, when nobody expected it and ``PROPAGATE_EXCEPTIONS`` (by default testing and
            debug mode) asks for it.
        """
        app = current.app()
        custom = self.errors.get(type(e).__name__)
        error = http_exception(e)
        if error is not None and is_of_json(error) and not self.answers_as_flask_restful:
            error = unsupported_encoding(current.request()) or error
        if error is None and custom is None and not isinstance(e, JsonError) and answers.propagates(app):
            raise e  # Flask sends the signal
        got_request_exception.send(app, _async_wrapper=app.ensure_sync, exception=e)
        if isinstance(e, JsonError):
            response = json_error_response(e)
            return self._varying(response) if self.browsable else response
        if error is None:
            description = http_status_message(500) if self.error_format == "restful" else None
            error = InternalServerError(description, original_exception=e)
            if self.error_format == "restful" and isinstance(getattr(e, "data", None), dict):
                error.data = e.data  # type: ignore[attr-defined]  # which Flask-RESTful takes from any exception
        if getattr(error, "response", None) is not None or (custom is None and (error.code or 500) < 400):
            return typed_as_sent(error.get_response())

        status = error.code or 500
        data = error_data(error)
        if custom is not None:
            status = int(str(custom.get("status", 500)).split()[0])  # Flask takes "409" and "409 Conflict" as well
            data = {**data, **custom}
        if status >= 500:
            self._log(e, error)
        headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
        response = self._error_response(error, status, data, headers)
        return self.unauthorized(response) if status == 401 else response

    def _log(self, e: Exception, error: HTTPException | None) -> None:
        """Log an exception with its traceback; that a database is away in one line, as every request ends there."""
        if not isinstance(error, ServiceUnavailable):
            answers.log(e)
            return
        request = current.request()
        withhold_values(e)
        complaint = error_data(error).get("message") if error is e else getattr(e, "orig", None) or e
        reason = " ".join(str(complaint).split())[:_LOGGED]
        current.app().logger.warning("503 for %s %s: %s", request.method, request.path, reason)

    def _error_response(
        self, error: HTTPException, status: int, data: dict[str, Any], headers: list[tuple[str, str]]
    ) -> Response:
        error_format = self.error_format
        if prefers(PROBLEM_MEDIATYPE):
            error_format = "problem"
        body = error_body(error, status, data, error_format)
        if self.status_in_body is None and error_format in ("standard", "problem"):
            body = self._with_status(body, status, current.app().config.get("JSON_ADD_STATUS", True))
        options = {}
        if self.default_mediatype is None:
            # An error reaches the client even where nothing serves its Accept.
            options["fallback_mediatype"] = next(iter(self.representations), "text/plain")
        if error_format != "restful":  # Accept may ask for RFC 9457's media type
            headers = varying(headers)
        try:
            response = self.make_response(body, status, headers=headers, **options)
        except (TypeError, ValueError):
            response = self.make_response(writable(body, status), status, headers=headers, **options)
        if error_format == "problem" and response.mimetype == "application/json":
            response.headers["Content-Type"] = PROBLEM_MEDIATYPE
        return response


def _status_of(error: Exception) -> int | None:
    """The status of an exception that stands for an HTTP error; ``None`` for what nobody expected."""
    if isinstance(error, JsonError):
        return error.status
    standard = http_exception(error)
    return None if standard is None else standard.code or 500


def _call_at_first_request(app: Flask, function: Callable[[Flask], None]) -> None:
    def once(sender: Flask, **_: Any) -> None:
        request_started.disconnect(once)
        function(sender)

    request_started.connect(once, app, weak=False)  # it must not know the application, which could not go otherwise


def url_for(endpoint: str | type[AnyResource], **values: Any) -> str:
    """The URL of a Resource class or of an endpoint.

    :param endpoint: a class that was added to an Api of the application, or whatever :func:`flask.url_for` takes.
    :param values: the variables of the URL rule, and the options of :func:`flask.url_for`.
    :raises LookupError: when no Api of the application has the class.

    ::

        url_for(Item, item_id=7)
    """
    if isinstance(endpoint, str):
        return flask.url_for(endpoint, **values)
    apis: list[Any] = [*state_of(current.app()).apis]
    if len(apis) > 1:
        apis = [api for api in apis if endpoint in api.endpoint_by_resource]
    if not apis or endpoint not in apis[0].endpoint_by_resource:
        raise LookupError(f"{endpoint.__name__} was not added to an Api of this application.")
    api, *others = apis
    rule = current.request().url_rule if others and current.has_request_context() else None
    if rule is not None:
        api = next((each for each in apis if each.owns_endpoint(rule.endpoint)), api)
    return str(api.url_for(endpoint, **values))
