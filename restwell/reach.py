"""Reach: the URLs that an Api answers for although they lead to none of its resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from restwell import current

_REST = "restwell_rest"
"""The variable for what stands behind a prefix."""


class Reach:
    """What is asked about the URLs of an Api in one application when Werkzeug has found no rule for one.

    Where a URL has the form of a rule, but a value that the rule's converter refuses, Werkzeug tells a wrong method
    from an unknown URL, but not whose rule it is. Where a prefix has variables, no rule says what is under it.

    :param owns_endpoint: whether an endpoint is one of the Api's.
    :param prefix: what the rules of the Api begin with.
    """

    def __init__(self, owns_endpoint: Callable[[str], bool], prefix: str) -> None:
        self._owns_endpoint = owns_endpoint
        self._prefix = prefix.rstrip("/")
        self._under_prefix: Map | None = None
        self._any_value: tuple[int, Map] | None = None

    def holds(self, request: Request) -> bool:
        """Whether a URL is under the prefix; never where there is none, as everything would be."""
        prefix, path = self._prefix, request.path
        if "<" not in prefix:
            return bool(prefix) and (path == prefix or path.startswith(f"{prefix}/"))
        if self._under_prefix is None:
            rules = [Rule(prefix, endpoint=prefix), Rule(f"{prefix}/<path:{_REST}>", endpoint=prefix)]
            self._under_prefix = self._map(rules, current.app().url_map.converters)
        return self._match(self._under_prefix, request, None, path.rstrip("/")) is not None

    def rule_of(self, request: Request, method: str) -> Rule | None:
        """The rule of the Api that a URL has the form of, whatever its converters say of the values.

        :param request: the request.
        :param method: a method that the rule allows.
        :returns: a copy of the rule; ``None`` where the Api has no such rule.
        """
        rules = [*current.app().url_map.iter_rules()]
        if self._any_value is None or self._any_value[0] != len(rules):
            converters = {
                name: type(kind.__name__, (kind,), {"to_python": lambda self, value: value})
                for name, kind in current.app().url_map.converters.items()
            }
            own = [rule.empty() for rule in rules if self._owns_endpoint(rule.endpoint)]
            self._any_value = len(rules), self._map(own, converters)
        return self._match(self._any_value[1], request, method, None)

    def _map(self, rules: Iterable[Rule], converters: Any) -> Map:
        settings = current.app().url_map
        return Map(
            rules,
            converters=converters,
            strict_slashes=settings.strict_slashes,
            merge_slashes=settings.merge_slashes,
            host_matching=settings.host_matching,
        )

    def _match(self, url_map: Map, request: Request, method: str | None, path: str | None) -> Rule | None:
        adapter = current.app().create_url_adapter(request)
        if adapter is None:
            return None
        own = url_map.bind(
            adapter.server_name, adapter.script_name, adapter.subdomain, adapter.url_scheme, path_info=adapter.path_info
        )
        try:
            rule, _ = own.match(path_info=path, method=method, return_rule=True)
        except HTTPException:
            return None
        return rule
