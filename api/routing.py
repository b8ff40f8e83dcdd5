"""Routing: Flask's URL matching, without what most requests have no use for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule, RuleFactory


class _Matcher:
    """Matches paths by a URL map without a host or scheme; matches one without variables by one look.

    :param url_map: the map.
    """

    def __init__(self, url_map: Map) -> None:
        self.url_map = url_map
        self._adapter = url_map.bind("")
        self._static_rules: dict[tuple[str, str], Rule] = {}
        self._add = url_map.add
        url_map.add = self._add_rule  # type: ignore[method-assign]  # a new rule may come before those that were found

    def match(self, path: str, method: str) -> tuple[Rule, Mapping[str, Any]]:
        """The rule of a path, and its variables.

        :raises HTTPException: when there is none; a redirect names no host.
        """
        rule = self._static_rules.get((path, method))
        if rule is not None:
            return rule, {}
        rule, variables = self._adapter.match(path, method, return_rule=True, query_args="", websocket=False)
        if not variables and rule.methods is not None:  # else there were no end of methods to remember
            self._static_rules[path, method] = rule
        return rule, variables

    def _add_rule(self, rulefactory: RuleFactory) -> None:
        self._add(rulefactory)
        self._static_rules.clear()


class LazyMapAdapter(MapAdapter):
    """A URL adapter that is bound to its request only when somebody asks for more than the match.

    Reading host, scheme and script root for the binding takes longer than the match itself, and only redirects, errors
    and URLs with a host need them. What does not simply match or build is done again, bound.

    :param matcher: matches in place of a bound adapter.
    :param request: the request.
    :param bind: makes the bound adapter of a request.
    """

    def __init__(self, matcher: _Matcher, request: Request, bind: Callable[[Request], MapAdapter | None]) -> None:
        self.map = matcher.url_map
        self.default_method = request.environ["REQUEST_METHOD"]
        self._matcher = matcher
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
                rule, variables = self._matcher.match(request.path, request.method)
            except HTTPException:
                pass  # its redirect or error needs the host
            else:
                return (rule if return_rule else rule.endpoint), variables
        return super().match(path_info, method, return_rule, query_args, websocket)

    def build(
        self,
        endpoint: str,
        values: Mapping[str, Any] | None = None,
        method: str | None = None,
        force_external: bool = False,
        append_unknown: bool = True,
        url_scheme: str | None = None,
    ) -> str:
        """Build a URL, as :meth:`werkzeug.routing.MapAdapter.build` does."""
        if not force_external and not self._request.root_path and type(values) is dict:
            if self.map._remap:
                self.map.update()
            given = {name: value for name, value in values.items() if value is not None}
            built = self._partial_build(endpoint, given, method, append_unknown)
            if built is not None:
                subdomain, path, websocket = built
                if subdomain == (self.map.default_subdomain or "") and not websocket:
                    return f"/{path.lstrip('/')}"
        return super().build(endpoint, values, method, force_external, append_unknown, url_scheme)


def _matcher(url_map: Map) -> _Matcher:
    matcher: _Matcher | None = vars(url_map).get("_restwell_matcher")
    if matcher is None:
        matcher = url_map._restwell_matcher = _Matcher(url_map)  # type: ignore[attr-defined]  # made once for each map
    return matcher


def install(app: Flask) -> None:
    """Match the URLs of an application's requests before anything is bound.

    An application that matches hosts or subdomains, or trusts only some hosts, matches as before.

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
        or request.trusted_hosts is not None
    ):
        return bind(request)
    return LazyMapAdapter(_matcher(app.url_map), request, bind)
