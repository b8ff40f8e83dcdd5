"""OpenAPI: the description of the API, made from what its resources declare."""

from __future__ import annotations

import json
from collections.abc import Collection
from itertools import chain, count
from typing import Any

from flask import Flask

from restwell.declared import docstring
from restwell.description.components import Components
from restwell.description.operation import Operation
from restwell.description.options import servers
from restwell.description.views import VERBS, url_template
from restwell.json.provider import provider_of
from restwell.registry import RegisteredApi, resource_of, resource_rules, state_of


def document(app: Flask, apis: Collection[RegisteredApi] | None = None) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an application.

    ``API_TITLE``, ``API_VERSION``, ``API_DESCRIPTION`` and ``API_SERVERS`` of its configuration stand in it.

    :param app: the application.
    :param apis: only these of its Apis.
    :returns: the document, of plain JSON values.
    """
    with app.app_context():
        described = state_of(app).apis if apis is None else apis
        written = provider_of(app).dumps(_document(app, described), sort_keys=False)
    built: dict[str, Any] = json.loads(written)
    return built


def _document(app: Flask, apis: Collection[RegisteredApi]) -> dict[str, Any]:
    security = state_of(app).security
    components = Components(security.schemes if security else {})
    tags: dict[Any, dict[str, str]] = {}
    paths: dict[str, dict[str, Any]] = {}
    operation_ids: set[str] = set()
    for rule in resource_rules(app):
        api = next((api for api in apis if api.owns_endpoint(rule.endpoint)), None)
        resource = resource_of(app, rule)
        if api is None:
            continue
        if resource not in tags:
            name = _unique(resource.__name__, {tag["name"] for tag in tags.values()})
            description = docstring(resource)
            tags[resource] = {"name": name, **({"description": description} if description else {})}
        path = paths.setdefault(url_template(rule), {})
        for verb in VERBS:
            if verb.upper() in (rule.methods or ()) and hasattr(resource, verb) and verb not in path:
                operation = Operation(app, api, rule, resource, verb, components)
                path[verb] = {
                    "operationId": _unique(operation.name, operation_ids),
                    "tags": [tags[resource]["name"]],
                    **operation.build(),
                }
    return {
        "openapi": "3.1.0",
        "info": _information(app),
        "servers": servers(app),
        "tags": list(tags.values()),
        "paths": paths,
        "components": components.build(),
    }


def _unique(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken already; it is taken then."""
    names = chain([name], (f"{name}{number}" for number in count(2)))
    unique = next(name for name in names if name not in taken)
    taken.add(unique)
    return unique


def _information(app: Flask) -> dict[str, str]:
    config = app.config
    information = {"title": config.get("API_TITLE") or app.name, "version": config.get("API_VERSION") or "0"}
    if config.get("API_DESCRIPTION"):
        information["description"] = config["API_DESCRIPTION"]
    return information
