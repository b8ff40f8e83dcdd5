"""Routing: Flask's URL matching, without the binding to the request that most requests have no use for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter


class LazyMapAdapter(MapAdapter):
    """A URL adapter that is bound to its request only when somebody asks for more than the match.

    Reading host, scheme and script root for the binding takes longer than the match itself, and only redirects, errors
    and ``url_for`` need them. What does not simply match is matched again, bound.

    :param unbound: an adapter of the map that matches in place of a bound one.
    :param request: the request.
    :param bind: makes the bound adapter of a request.
    """

    def __init__(self, unbound: MapAdapter, request: Request, bind: Callable[[Request], MapAdapter | None]) -> None:
        self.map = unbound.map
        self._unbound = unbound
        self._request = request
        self._bind = bind

    def __getattr__(self, name: str) -> Any:
        """Bind, at the first look at an attribute that the binding sets."""
        if "server_name" in vars(self):
            raise AttributeError(name)
        vars(self).update(vars(self._bind(self._request)))
        return getattr(self, name)

    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: Any = False,
        query_args: Mapping[str, Any] | str | None = None,
        websocket: bool | None = None,
    ) -> Any:
        """Match the request's URL, as :meth:`werkzeug.routing.MapAdapter.match` does."""
        request = self._request
        if (
            path_info is None
            and method is None
            and "HTTP_UPGRADE" not in request.environ
            and request.environ["PATH_INFO"]
        ):
            try:
                return self._unbound.match(request.path, request.method, return_rule, "", False)
            except HTTPException:
                pass  # its redirect or error needs the host
        return super().match(path_info, method, return_rule, query_args, websocket)


def _unbound(url_map: Map) -> MapAdapter:
    adapter: MapAdapter | None = vars(url_map).get("_restwell_adapter")
    if adapter is None:
        adapter = url_map._restwell_adapter = url_map.bind("")  # type: ignore[attr-defined]  # made once for each map
    return adapter


def install(app: Flask) -> None:
    """Match the URLs of an application's requests before anything is bound.

    An application that matches hosts or subdomains, or trusts only some hosts, is left as it is.

    :param app: the application.
    """
    if not isinstance(app.create_url_adapter, partial):
        app.create_url_adapter = partial(_create_url_adapter, app, app.create_url_adapter)  # type: ignore[method-assign]


def _create_url_adapter(
    app: Flask, bind: Callable[[Request | None], MapAdapter | None], request: Request | None
) -> MapAdapter | None:
    if (
        request is None
        or app.url_map.host_matching
        or app.subdomain_matching
        or app.config["TRUSTED_HOSTS"] is not None
    ):
        return bind(request)
    return LazyMapAdapter(_unbound(app.url_map), request, bind)
