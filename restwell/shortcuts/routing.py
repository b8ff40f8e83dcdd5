"""Routing: Flask's URL matching, without what most requests have no use for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from types import NoneType
from typing import Any

from flask import Flask, Request
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule, ValidationError

from restwell.shortcuts.overrides import is_flasks

_PLAIN_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:[0-9]+)?", re.IGNORECASE | re.ASCII)

_FLASKS_CREATE_URL_ADAPTER = Flask.create_url_adapter

_pattern = cache(re.compile)  # asked for the parts of rules alone, so there is an end to what it remembers


class _Matcher:
    """Matches paths by a URL map without a host or scheme.

    Werkzeug's first choice at each part of a path is followed here; where it is not the right one, Werkzeug searches.

    :param url_map: the map.
    """

    def __init__(self, url_map: Map) -> None:
        self.url_map = url_map
        # Static parts come before variables, and rules in the order they were added: a later rule changes no entry.
        self._static_rules: dict[tuple[str, str], Rule] = {}

    def match(self, path: str, method: str) -> tuple[Rule, Mapping[str, Any]] | None:
        """The rule of a path, and its variables.

        :returns: ``None`` for a redirect, which needs the host.
        :raises HTTPException: when there is no rule.
        """
        if (path, method) in self._static_rules:
            return self._static_rules[path, method], {}
        match = self._first_match(path, method)
        if match is not None:
            return match
        try:
            return self.url_map.bind("").match(path, method, return_rule=True, query_args="", websocket=False)
        except RequestRedirect:
            return None

    def _first_match(self, path: str, method: str) -> tuple[Rule, dict[str, Any]] | None:
        """What :meth:`match` returns where the first choices lead to it, and none of the rules may redirect."""
        rules, values = self._walk(path)
        for rule in rules:
            if rule.methods is None:  # takes any method, and Werkzeug asks the others in capitals
                return None
            if method in rule.methods and not rule.websocket:
                break
        else:
            return None
        if rule.alias or rule.redirect_to is not None:
            return None
        for preferred in self.url_map._rules_by_endpoint[rule.endpoint]:
            if preferred is rule:
                break
            if preferred.defaults:  # where they are the values of this path, Werkzeug redirects to it
                return None

        variables = {}
        try:
            for name, value in zip(rule._converters, values, strict=False):
                variables[name] = rule._converters[name].to_python(value)
        except ValidationError:
            return None
        if rule.defaults:
            variables.update(rule.defaults)
        if not variables:
            self._static_rules[path, method] = rule
        return rule, variables

    def _walk(self, path: str) -> tuple[list[Rule], list[str]]:
        """The rules that the first choices lead to, none where they lead nowhere, and what stands for the variables."""
        if self.url_map._remap:
            self.url_map.update()
        state = self.url_map._matcher._root
        values: list[str] = []
        parts = (self.url_map.default_subdomain or "", *path.split("/"))
        for position, part in enumerate(parts):
            if part in state.static:
                state = state.static[part]
                continue
            for variable, next_state in state.dynamic:
                pattern = _pattern(variable.content)
                if pattern.groups > 1:  # some are variables, others may be a converter's own or an optional slash
                    return [], values
                match = pattern.match("/".join(parts[position:]) if variable.final else part)
                if match is not None:
                    values.append(match[1])
                    if variable.final:
                        return next_state.rules, values
                    state = next_state
                    break
            else:
                return [], values
        return state.rules, values


_BOUND = frozenset(vars(Map().bind("localhost"))) - {"map", "default_method"}
"""The attributes that the binding of an adapter sets."""


class LazyMapAdapter(MapAdapter):
    """A URL adapter that is bound to its request only when somebody asks for more than a match or a path.

    Reading host, scheme and script root for the binding takes longer than the match itself, and only redirects and URLs
    with a host need them. Those are left to Werkzeug, bound.

    :param app: the application.
    :param matcher: matches the paths of the application's map.
    :param request: the request.
    """

    def __init__(self, app: Flask, matcher: _Matcher, request: Request) -> None:
        self.map = matcher.url_map
        self.default_method = request.environ["REQUEST_METHOD"]
        self._environ = request.environ.copy()  # a hook, or an application that a view calls, may change it
        self._app = app
        self._matcher = matcher
        self._request = request

    def _bind(self) -> None:
        """Set what the binding sets; what was set before stays."""
        request = Request(self._environ, populate_request=False)
        vars(self).update({**vars(_FLASKS_CREATE_URL_ADAPTER(self._app, request)), **vars(self)})

    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: Any = False,
        query_args: Mapping[str, Any] | str | None = None,
        websocket: bool | None = None,
    ) -> Any:
        """Match the request's URL, as :meth:`werkzeug.routing.MapAdapter.match` does."""
        path, environ = self._request.path, self._request.environ
        if (
            path_info is None
            and method is None
            and websocket is None
            and "HTTP_UPGRADE" not in environ
            and type(self._request).__init__ is Request.__init__  # which takes the path from the environment
            and environ["wsgi.url_scheme"] in ("http", "https")
            and (path != "/" or environ.get("PATH_INFO"))  # an empty path is not the root
        ):
            match = self._matcher.match(path, self.default_method)
            if match is not None:
                rule, variables = match
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
        is_path = not force_external and not self._request.root_path
        if is_path and type(values) is dict and _BOUND.isdisjoint(vars(self)):
            if self.map._remap:
                self.map.update()
            given = values
            if NoneType in map(type, values.values()):
                given = {name: value for name, value in values.items() if value is not None}
            rules = self.map._rules_by_endpoint.get(endpoint, ())
            if len(rules) == 1 and method is None and type(rules[0]) is Rule and not rules[0].defaults:
                [rule] = rules
                parts = rule.build(given, append_unknown) if rule.arguments.issubset(given) else None
                built = None if parts is None else (*parts, rule.websocket)
            else:
                built = self._partial_build(endpoint, given, method, append_unknown)
            if built is not None:
                subdomain, path, websocket = built
                if subdomain == (self.map.default_subdomain or "") and not websocket:
                    return f"/{path.lstrip('/')}"
        return super().build(endpoint, values, method, force_external, append_unknown, url_scheme)


class _BoundAttribute:
    """An attribute that is there from the binding on: the first look at it binds."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, adapter: LazyMapAdapter, _: object) -> Any:
        adapter._bind()
        return vars(adapter)[self.name]


for _name in _BOUND:
    setattr(LazyMapAdapter, _name, _BoundAttribute(_name))


def install(app: Flask) -> None:
    """Match the URLs of an application's requests before anything is bound.

    An application that binds by a method or a map of its own, matches hosts or subdomains, or trusts only some hosts,
    matches as before.

    :param app: the application.
    """
    if is_flasks(app, "create_url_adapter") and type(app.url_map) is Map:
        matcher = _Matcher(app.url_map)
        app.create_url_adapter = partial(_create_url_adapter, app, matcher)  # type: ignore[method-assign]


def _create_url_adapter(app: Flask, matcher: _Matcher, request: Request | None) -> MapAdapter | None:
    if (
        request is None
        or app.url_map is not matcher.url_map
        or app.url_map.host_matching
        or app.subdomain_matching
        or app.config["TRUSTED_HOSTS"] is not None
        or request.trusted_hosts is not None
        or not _is_plain_host(request.environ.get("HTTP_HOST", ""))
    ):
        return _FLASKS_CREATE_URL_ADAPTER(app, request)
    return LazyMapAdapter(app, matcher, request)


@lru_cache
def _is_plain_host(host: str) -> bool:
    """Whether the binding would not refuse a host; remembered, as there are few."""
    return _PLAIN_HOST.fullmatch(host) is not None
