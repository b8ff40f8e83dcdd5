"""The Api that answers as Flask-RESTful 0.3.10 does wherever that answers neither 5xx nor 415."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import flask
from flask import Blueprint, Flask, Request, Response, got_request_exception
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, InternalServerError, NotAcceptable

from restwell import answers, api, current
from restwell.errors.formats import error_data, writable
from restwell.errors.libraries import http_exception
from restwell.errors.raising import JsonError
from restwell.flask_restful.representations.json import output_json
from restwell.output.negotiation import accepted
from restwell.output.responses import json_error_response
from restwell.response_headers import typed_as_sent
from restwell.upstream.utils import http_status_message

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from restwell.upstream import AnyResource, ResourceOptions

_JSON = "application/json"


class Api(api.Api):
    """The resources of an application or a blueprint, answered as Flask-RESTful 0.3.10 does.

    It takes what Flask-RESTful's ``Api`` takes, and has :meth:`~restwell.Api.errorhandler` besides. There are no pages
    for browsers, no ``Vary`` and no keys in a body that the application has not put there. Where Flask-RESTful answers
    with a 5xx or a 415, this class answers as :class:`restwell.Api` does.

    ::

        api = Api(app)
        api.add_resource(Todo, "/todos/<todo_id>")
    """

    answers_as_flask_restful: ClassVar[bool] = True

    def __init__(
        self,
        app: Flask | Blueprint | None = None,
        prefix: str = "",
        default_mediatype: str | None = _JSON,
        decorators: list[Callable[..., Any]] | None = None,
        catch_all_404s: bool = False,
        serve_challenge_on_401: bool = False,
        url_part_order: str = "bae",
        errors: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._leaves_prefix_out = app is None
        self._early_views: dict[tuple[type[AnyResource], str], Callable[..., Any]] = {}
        super().__init__(
            app,
            prefix,
            default_mediatype,
            decorators,
            catch_all_404s,
            serve_challenge_on_401,
            url_part_order,
            errors,
            error_format="restful",
            status_in_body=False,
            browsable=False,
        )

    def _json_representation(self) -> Callable[..., Any]:
        return output_json

    # -- registration ------------------------------------------------------------------------------------------------

    def _deferred_blueprint_init(self, setup_state: BlueprintSetupState) -> None:
        super()._deferred_blueprint_init(setup_state)
        self._leaves_prefix_out = True

    def add_resource(self, resource: type[AnyResource], *urls: str, **kwargs: Unpack[ResourceOptions]) -> None:
        """Register a resource under one or more URL rules.

        With ``Api(blueprint)`` it gets its view at once, so that later additions to ``decorators`` do not concern it;
        with ``init_app`` when the blueprint is registered.

        :param resource: the class.
        :param urls: rules as for :meth:`flask.Flask.add_url_rule`.
        :param kwargs: as for :meth:`restwell.Api.add_resource`.
        :raises ValueError: when another class or view already has the endpoint.
        """
        if self.blueprint is not None and self.blueprint_setup is None and not self._leaves_prefix_out:
            endpoint = kwargs.get("endpoint") or resource.__name__.lower()
            arguments = kwargs.get("resource_class_args", ()), kwargs.get("resource_class_kwargs", {})
            self._early_views[resource, endpoint] = self._view(resource, endpoint, *arguments)
        super().add_resource(resource, *urls, **kwargs)

    def _view(
        self, resource: type[AnyResource], endpoint: str, class_args: Iterable[Any], class_kwargs: Mapping[str, Any]
    ) -> Callable[..., Any]:
        early = self._early_views.pop((resource, endpoint), None)
        return early or super()._view(resource, endpoint, class_args, class_kwargs)

    def _rule(self, url: str) -> str:
        """The whole URL rule of a resource; the prefix of an Api counts on a blueprint only for what is added between
        ``Api(blueprint)`` and the registration of the blueprint."""
        if self.blueprint_setup is not None and self._leaves_prefix_out:
            return (self.blueprint_setup.url_prefix or "") + url
        return super()._rule(url)

    def _endpoint_prefix(self) -> str:
        """The name of the blueprint itself: Flask-RESTful leaves out those that it is nested in."""
        return f"{self.blueprint.name}." if self.blueprint is not None else ""

    def _has_prefix_of(self, request: Request) -> bool:
        return False  # an unknown URL is the application's, but for catch_all_404s

    # -- responses ---------------------------------------------------------------------------------------------------

    def make_response(self, data: Any, *args: Any, **kwargs: Any) -> Response:
        """The response that represents data, in the media type that the request's Accept asks for.

        :param data: what the Resource returned, or the body of an error.
        :param args: the status and the headers, as the representation takes them.
        :param kwargs: further arguments of the representation; ``fallback_mediatype`` for an Accept that nothing can
            serve.
        :raises NotAcceptable: when nothing can serve the Accept and ``default_mediatype`` is ``None``.
        """
        fallback = kwargs.pop("fallback_mediatype", None) or self.default_mediatype
        mediatype = _JSON
        if len(self.representations) > 1 or fallback != _JSON or _JSON not in self.representations:
            mediatype = accepted().best_match(self.representations) or fallback or ""
            if not mediatype:
                raise NotAcceptable
        if mediatype in self.representations:
            response = self.representations[mediatype](data, *args, **kwargs)
        elif mediatype == "text/plain":
            response = flask.make_response(str(data), *args, *kwargs.values())
        else:
            raise InternalServerError
        response.headers["Content-Type"] = mediatype
        return response

    # -- errors ------------------------------------------------------------------------------------------------------

    def _first_answer(self, e: Exception) -> Any:
        """The answer of whom an exception is meant for; ``None`` where nobody expected it.

        As in Flask-RESTful ``handle_error`` comes before the application's handlers, but for exceptions that are no
        HTTP errors: for those in debug mode and in tests, and where it would answer with a 500.
        """
        if isinstance(e, HTTPException) or self._is_handled_by_a_subclass():
            return self._own_answer(e)
        if answers.propagates(current.app()) and answers.has_handler(e):
            return None  # as it is raised, to whom Flask then asks
        if type(e).__name__ in self.errors:
            return self._own_answer(e)
        return super()._first_answer(e)

    def _is_handled_by_a_subclass(self) -> bool:
        return type(self).handle_error is not Api.handle_error

    def handle_error(self, e: Exception) -> ResponseReturnValue:
        """The response for an exception, as Flask-RESTful writes it.

        :param e: the exception.
        :returns: the response.
        :raises Exception: whatever leaves the answer to Flask: ``e`` itself where the application has a handler for
            it, or where nobody expected it and ``PROPAGATE_EXCEPTIONS`` (by default testing and debug mode) asks for
            it; the error of an Accept that nothing can serve.
        """
        app = current.app()
        custom = self.errors.get(type(e).__name__)
        error = http_exception(e)
        if not isinstance(e, HTTPException) and custom is None:
            if self._is_handled_by_a_subclass() and answers.own_handler(e) is not None:
                raise e
            if error is None and not isinstance(e, JsonError) and answers.propagates(app):
                raise e  # Flask sends the signal
        got_request_exception.send(app, _async_wrapper=app.ensure_sync, exception=e)
        if isinstance(e, JsonError) and custom is None:
            return json_error_response(e)

        code: Any = 500
        headers = Headers()
        data: Any = getattr(e, "data", {"message": http_status_message(code)})
        if error is not None:
            if getattr(error, "response", None) is not None:
                return typed_as_sent(error.get_response())
            code, headers = error.code, _headers_of(error)
            data = getattr(error, "data", {"message": error.description})
        if code and code >= 500:
            self._log(e, error)
        if custom is not None:
            code = custom.get("status", 500)
            data = {**(data if isinstance(data, dict) else {"message": data}), **custom}

        options = {}
        if code == 406 and self.default_mediatype is None:
            options["fallback_mediatype"] = next(iter(self.representations), "text/plain")
        try:
            response = self.make_response(data, code, headers, **options)
        except NotAcceptable:
            raise e from None
        except (TypeError, ValueError):  # what JSON cannot write, as the data of webargs' errors
            if error is not None and answers.has_handler(error):
                raise e from None
            data = writable(data if error is None else error_data(error), code or 200)
            response = self.make_response(data, code, headers, **options)
        return self.unauthorized(response) if code == 401 else typed_as_sent(response)


def _headers_of(error: HTTPException) -> Headers:
    """The headers of an error, also of one whose class has not called the constructor of its base."""
    try:
        headers = error.get_response().headers
    except AttributeError:
        headers = Headers(error.get_headers())
    headers.pop("Content-Length", None)
    return headers
