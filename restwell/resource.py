"""Resource: one class per resource, one method per HTTP verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from werkzeug.wrappers import Response as ResponseBase

from restwell import current, upstream
from restwell.output.negotiation import accepted
from restwell.output.result import in_one, unpacked


class Resource(upstream.Resource):
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
        names = {verb.lower() for verb in cls.methods or ()}
        cls._async_methods = frozenset(name for name in names if inspect.iscoroutinefunction(getattr(cls, name, None)))

    @classmethod
    def as_view(cls, name: str, *class_args: Any, **class_kwargs: Any) -> Callable[..., Any]:
        """The view function that makes an instance for each request, as :meth:`flask.views.View.as_view` does.

        :param name: the name of the function, the endpoint.
        :param class_args: arguments of the constructor.
        :param class_kwargs: keywords of the constructor.
        """
        flasks_view = super().as_view(name, *class_args, **class_kwargs)
        if cls.decorators or not cls.init_every_request or inspect.iscoroutinefunction(cls.dispatch_request):
            return flasks_view

        def view(**kwargs: Any) -> Any:
            return cls(*class_args, **class_kwargs).dispatch_request(**kwargs)

        vars(view).update(vars(flasks_view))
        view.__name__, view.__doc__, view.__module__ = name, cls.__doc__, cls.__module__
        return view

    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method for the request's verb, as Flask-RESTful's class does, and await it where it is async.

        :returns: what the method returned, or a response by one of the resource's own ``representations``.
        """
        request = current.request()
        verb = request.method.lower()
        name = "get" if verb == "head" and not hasattr(self, "head") else verb
        method = getattr(self, name, None)
        if method is None:
            raise AssertionError(f"Unimplemented method {request.method!r}")
        if name in self._async_methods:
            method = current.app().ensure_sync(method)
        if self.method_decorators:
            for decorator in self._decorators_of(verb):
                method = decorator(method)

        result = method(*args, **kwargs)
        return represented(self.representations, result) if self.representations else result

    def _decorators_of(self, verb: str) -> Any:
        if isinstance(self.method_decorators, Mapping):
            return self.method_decorators.get(verb, ())
        return self.method_decorators


def represented(representations: Mapping[str, Callable[..., Any]] | None, result: Any) -> Any:
    """The response that a resource makes of what its method returned, by the representation that Accept prefers.

    :param representations: those of the resource, by media type.
    :param result: what the method returned.
    :returns: ``result`` itself where it is a response, or left to the representations of the Api.
    """
    result = in_one(result)
    if not representations or isinstance(result, ResponseBase):
        return result
    mediatype = accepted().best_match(representations)
    if mediatype is None:
        return result
    response = representations[mediatype](*unpacked(result))
    response.headers["Content-Type"] = mediatype
    return response
