"""Registry: what Restwell keeps of an application: its Apis, and what has been said about all of its operations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, Response
from werkzeug.routing import Rule

from restwell import current
from restwell.declared import Description

EXTENSION = "restwell"
"""The key of what Restwell keeps of an application, in its ``extensions``."""

_applications_as_flask_restful = False
"""Whether there is one in this process; where there is none, nobody has to look which one it is."""

RESERVED = "restwell_"
"""What the names of Restwell's own endpoints begin with."""


class RegisteredApi(Protocol):
    """What other rooms ask of an Api."""

    default_mediatype: str | None
    representations: dict[str, Callable[..., Response]]

    @property
    def answers_as_flask_restful(self) -> bool: ...

    @property
    def error_format(self) -> Any: ...

    @property
    def status_in_body(self) -> bool | None: ...

    def follow(self, config: Mapping[str, Any]) -> None: ...

    def owns_endpoint(self, endpoint: str) -> bool: ...

    def requested_rule(self) -> Rule | None: ...

    def make_response(self, data: Any, *args: Any, **kwargs: Any) -> Response: ...


def respond(app: Flask, body: bytes, status: int | None, headers: list[tuple[str, str]]) -> Response:
    """A response of an application.

    :param app: the application.
    :param body: the body.
    :param status: the status; ``None`` is 200.
    :param headers: its headers, the content type among them.
    """
    return app.response_class(body, status, headers)


@dataclass(frozen=True)
class Security:
    """How the operations of an application are protected.

    :param schemes: OpenAPI Security Scheme Objects by name; a request must meet one of them.
    :param protects: whether an endpoint needs that for an HTTP method.
    """

    schemes: Mapping[str, Mapping[str, Any]]
    protects: Callable[[str, str], bool]


@dataclass
class State:
    """What Restwell keeps of an application, in ``app.extensions["restwell"]``.

    :param apis: its Apis, in the order in which they were made.
    :param descriptions: what has been said about every operation, with the endpoints of which it does not hold.
    :param security: how its operations are protected.
    :param respond: makes a response of bytes; as :func:`respond`, or in fewer steps.
    :param database: the connections of its ``Database``.
    :param is_set_up: whether ``restwell.setup`` has been called for it.
    :param json: the JSON provider of its resources, where the application has none of its own; made when it is first
        asked for.
    :param answers_as_flask_restful: whether any of its Apis answers as Flask-RESTful does.
    """

    apis: list[RegisteredApi] = field(default_factory=list)
    descriptions: list[tuple[Description, Collection[str]]] = field(default_factory=list)
    security: Security | None = None
    respond: Callable[[Flask, bytes, int | None, list[tuple[str, str]]], Response] = respond
    database: Any = None
    is_set_up: bool = False
    json: Any = None
    answers_as_flask_restful: bool = False


def state_of(app: Flask) -> State:
    """What is kept of an application; made when it is first asked for."""
    state: State | None = app.extensions.get(EXTENSION)
    if state is None:
        state = app.extensions[EXTENSION] = State()
    return state


def register(app: Flask, api: RegisteredApi) -> None:
    """Add an Api to those of an application.

    :param app: the application.
    :param api: the Api.
    """
    global _applications_as_flask_restful
    state = state_of(app)
    state.apis.append(api)
    if api.answers_as_flask_restful:
        state.answers_as_flask_restful = _applications_as_flask_restful = True


def api_of(app: Flask, endpoint: str) -> RegisteredApi | None:
    """The Api that an endpoint belongs to.

    :param app: the application.
    :param endpoint: the endpoint, with the name of its blueprint.
    :returns: ``None`` for the endpoint of another view.
    """
    for api in state_of(app).apis:
        if api.owns_endpoint(endpoint):
            return api
    return None


def answers_as_flask_restful() -> bool:
    """Whether the current request is one that is answered to the byte as Flask-RESTful answers it.

    That is for the Api to say that the request belongs to; for a view of another kind, where all of the application's
    Apis do.
    """
    if not _applications_as_flask_restful or not current.has_request_context():
        return False
    app = current.app()
    state = state_of(app)
    if not state.answers_as_flask_restful:
        return False
    endpoint = current.request().endpoint
    api = None if endpoint is None else api_of(app, endpoint)
    return all(each.answers_as_flask_restful for each in (state.apis if api is None else [api]))


def resource_of(app: Flask, rule: Rule) -> Any:
    """The class of the resource that a rule leads to; ``None`` where its view has lost it or is none of a class."""
    return getattr(app.view_functions[rule.endpoint], "view_class", None)


def resource_rules(app: Flask) -> list[Rule]:
    """The URL rules that lead to resources: the application's own, then those that Restwell has added."""
    rules = [rule for rule in app.url_map.iter_rules() if resource_of(app, rule) is not None]
    return sorted(rules, key=lambda rule: rule.endpoint.startswith(RESERVED))


def describe_endpoints(app: Flask, description: Description, exempt: Collection[str] = ()) -> None:
    """Add a description to every operation of an application.

    :param app: the application, before or after its resources are added.
    :param description: what to add.
    :param exempt: endpoints of which it does not hold.
    """
    state_of(app).descriptions.append((description, exempt))


def description_of_endpoint(app: Flask, endpoint: str) -> Description:
    """What has been said about every operation of an application, as far as it holds of an endpoint."""
    added = state_of(app).descriptions
    return sum((description for description, exempt in added if endpoint not in exempt), Description())
