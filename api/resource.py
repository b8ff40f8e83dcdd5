"""Resource: one class per resource, one method per HTTP verb."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

import flask_restful
from flask import current_app, request
from flask_restful.utils import unpack
from werkzeug.wrappers import Response as ResponseBase


class Resource(flask_restful.Resource):
    """A resource of the API; subclass it and define ``get``, ``post``, ``put``, ``patch`` or ``delete``.

    A method receives the variables of the URL rule as keywords and returns data, ``(data, status)``,
    ``(data, status, headers)`` or a response. It may be ``async``. HEAD is answered by ``get``, OPTIONS by Flask,
    any other verb without a method is a 405.

    ``method_decorators`` is a list of decorators for every method or a dict of lists by lower-case verb;
    ``representations`` maps media types to output functions for this resource alone. Both as in Flask-RESTful.

    ::

        class Greeting(Resource):
            def get(self, name):
                return {"hello": name}

        api.add_resource(Greeting, "/greetings/<name>")
    """

    _async_methods: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._async_methods = frozenset(
            verb.lower() for verb in cls.methods or () if inspect.iscoroutinefunction(getattr(cls, verb.lower(), None))
        )

    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method for the request's verb, as Flask-RESTful's class does, and await it where it is async.

        :returns: what the method returned, or a response by one of the resource's own ``representations``.
        """
        verb = request.method.lower()
        name = "get" if verb == "head" and not hasattr(self, "head") else verb
        method = getattr(self, name, None)
        if method is None:
            raise AssertionError(f"Unimplemented method {request.method!r}")
        if name in self._async_methods:
            method = current_app.ensure_sync(method)

        decorators = self.method_decorators
        if isinstance(decorators, Mapping):
            decorators = decorators.get(verb, ())
        for decorator in decorators:
            method = decorator(method)

        result = method(*args, **kwargs)
        if not self.representations or isinstance(result, ResponseBase):
            return result
        mediatype = request.accept_mimetypes.best_match(self.representations)
        if mediatype is None:
            return result
        response = self.representations[mediatype](*unpack(result))
        response.headers["Content-Type"] = mediatype
        return response
