"""Index: the resources of an application, as a resource of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.routing import Rule

from restwell import current
from restwell.declared import docstring
from restwell.description.views import VERBS, url_template
from restwell.output import fields
from restwell.output.marshalling import marshal_with
from restwell.registry import api_of, resource_of, resource_rules
from restwell.resource import Resource


class Index(Resource):
    """The resources of this application."""

    @marshal_with(
        {
            "name": fields.String,
            "description": fields.String,
            "urls": fields.List(fields.String),
            "methods": fields.List(fields.String),
        }
    )
    def get(self) -> list[dict[str, Any]]:
        """List the resources with their URLs and methods."""
        return [
            {"name": view.__name__, "description": docstring(view), "urls": urls, "methods": methods}
            for view, urls, methods in described_resources()
        ]


def is_index(view_class: Any) -> bool:
    """Whether a class is that of an index."""
    return isinstance(view_class, type) and issubclass(view_class, Index)


def is_resource(rule: Rule) -> bool:
    """Whether a rule leads to a resource whose class is known and which is not the index itself."""
    view_class = resource_of(current.app(), rule)
    is_resource = view_class is not None and not is_index(view_class)
    return is_resource and api_of(current.app(), rule.endpoint) is not None


def methods_of(rule: Rule, view_class: Any) -> list[str]:
    """The methods of a resource at a URL, in capitals."""
    return [verb.upper() for verb in VERBS if verb.upper() in (rule.methods or ()) and hasattr(view_class, verb)]


def described_resources() -> Iterator[tuple[Any, list[str], list[str]]]:
    """Each resource of the application, with its URLs and its methods."""
    found: dict[str, tuple[Any, list[str], list[str]]] = {}
    for rule in filter(is_resource, resource_rules(current.app())):
        view_class = resource_of(current.app(), rule)
        url = current.request().root_path + url_template(rule)
        found.setdefault(rule.endpoint, (view_class, [], methods_of(rule, view_class)))[1].append(url)
    return iter(found.values())
