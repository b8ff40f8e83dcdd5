"""Routing: Werkzeug's URL matching, without what most requests have no use for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any

import flask.app
import werkzeug.routing.map
from flask import Flask, Request
from werkzeug.routing import Map, MapAdapter, Rule, ValidationError

from restwell.shortcuts.overrides import is_own

_PLAIN_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:[0-9]+)?", re.IGNORECASE | re.ASCII)
_PORTS = {"http": ":80", "https": ":443"}

_FLASKS = Flask.create_url_adapter

_pattern = cache(re.compile)  # asked for the parts of rules alone, so there is an end to what it remembers


def install(app: Flask) -> None:
    """Bind and match the URLs of an application's requests in fewer steps.

    An application that binds by a method or a map of its own, matches hosts or subdomains, has a ``SERVER_NAME`` or
    trusts only some hosts, binds and matches as before.

    :param app: the application.
    """
    copied = ((Map, "bind"), (Map, "bind_to_environ"), (MapAdapter, "__init__"), (MapAdapter, "match"))
    if is_own(app, "create_url_adapter", flask.app) and all(
        is_own(owner, name, werkzeug.routing.map) for owner, name in copied
    ):
        app.create_url_adapter = partial(_create_url_adapter, app)  # type: ignore[method-assign]


def _create_url_adapter(app: Flask, request: Request | None) -> MapAdapter | None:
    """From Flask 3.1.3, Flask.create_url_adapter, and Werkzeug 3.1.9, Map.bind_to_environ and Map.bind."""
    url_map = app.url_map
    if (
        request is None
        or type(url_map) is not Map
        or url_map.host_matching
        or app.subdomain_matching
        or app.config["TRUSTED_HOSTS"] is not None
        or app.config["SERVER_NAME"] is not None
        or request.trusted_hosts is not None
    ):
        return _FLASKS(app, request)
    environ = request.environ
    scheme, host = environ["wsgi.url_scheme"], _plain_host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""))
    script_name, path, query = environ.get("SCRIPT_NAME"), environ.get("PATH_INFO"), environ.get("QUERY_STRING")
    if host is None or "HTTP_UPGRADE" in environ or not f"{script_name}{path}{query}".isascii():
        return _FLASKS(app, request)
    request.host = host
    return _Adapter(
        url_map,
        host.lower(),
        "/" if script_name is None else script_name,
        url_map.default_subdomain or "",
        scheme,
        "/" if path is None else path,
        environ["REQUEST_METHOD"],
        query,
    )


@lru_cache
def _plain_host(scheme: str, host: str) -> str | None:
    """The host of a request without the port that its scheme has anyway; remembered, as there are few.

    :returns: ``None`` where the scheme is another one, or Werkzeug has to find out whether it refuses the host.
    """
    return host.removesuffix(_PORTS[scheme]) if scheme in _PORTS and _PLAIN_HOST.fullmatch(host) else None


class _Adapter(MapAdapter):
    """Follows Werkzeug's first choice at each part of a path; where it is not the right one, Werkzeug searches."""

    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: Any = False,
        query_args: Mapping[str, Any] | str | None = None,
        websocket: bool | None = None,
    ) -> Any:
        """From Werkzeug 3.1.9, MapAdapter.match and StateMachineMatcher.match."""
        if path_info is None and method is None and not websocket and not self.websocket:
            match = self._first_match()
            if match is not None:
                rule, variables = match
                return (rule if return_rule else rule.endpoint), variables
        return super().match(path_info, method, return_rule, query_args, websocket)

    def _first_match(self) -> tuple[Rule, dict[str, Any]] | None:
        """What :meth:`match` returns where the first choices lead to it, and none of the rules may redirect."""
        rules, values = self._walk()
        for rule in rules:
            if rule.methods is None:  # takes any method, and Werkzeug asks the others in capitals
                return None
            if self.default_method in rule.methods and not rule.websocket:
                break
        else:
            return None
        if rule.alias or rule.redirect_to is not None:
            return None
        for preferred in self.map._rules_by_endpoint[rule.endpoint]:
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
        return rule, variables

    def _walk(self) -> tuple[list[Rule], list[str]]:
        """The rules that the first choices lead to, none where they lead nowhere, and what stands for the variables."""
        if self.map._remap:
            self.map.update()
        state = self.map._matcher._root
        values: list[str] = []
        if not self.path_info or self.subdomain is None:
            return [], values
        parts = [self.subdomain, *f"/{self.path_info.lstrip('/')}".split("/")]
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
