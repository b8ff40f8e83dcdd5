"""Expectation: what a method says of the request that it takes, and gets from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

import flask

from restwell import current, upstream
from restwell.arguments.body import FORM_MEDIATYPES, json_document
from restwell.arguments.inputs import InvalidElements, ListOf, unstorable_texts
from restwell.arguments.reqparse import RequestParser
from restwell.asynchronous import synchronous
from restwell.declared import declare
from restwell.errors.encodings import refuse_encoded
from restwell.errors.raising import abort
from restwell.schemas import loader

_View = TypeVar("_View", bound=Callable[..., Any])


def expects(parser: Any, *, many: bool | int | None = None, max_items: int | None = None) -> Callable[[_View], _View]:
    """Parse the request before a Resource method runs and hand the arguments over as ``args``.

    :param parser: a :class:`RequestParser`; or a marshmallow ``Schema`` or a pydantic model for the body, whose
        failures are answered with 422.
    :param many: whether several JSON objects may come at once, as a list; ``args`` is then a list as well, and failures
        are keyed by its index, as in ``[3].name``. Only with a :class:`RequestParser`. A number stands for ``True`` and
        ``max_items``.
    :param max_items: how many of them; 1000 where nothing else is said.
    :returns: a decorator, for sync and async methods.
    :raises TypeError: when ``parser`` is none of these, or ``max_items`` no number or without ``many``.
    :raises ValueError: when not even one object may come.

    ::

        class ItemList(Resource):
            @expects(item_parser)
            def post(self, args):
                return items.create(**args), 201
    """
    parse: Callable[[], Any]
    limit = _limit(many, max_items)
    if limit is not None:
        if not isinstance(parser, RequestParser):
            raise TypeError(f"many needs a RequestParser, not {parser!r}")
        parse = partial(_parse_one_or_many, parser, limit)
    elif isinstance(parser, upstream.reqparse.RequestParser):
        parse = parser.parse_args
    else:
        load = loader(parser)
        parse = lambda: load(_storable(_body(current.request())))  # noqa: E731 - the other half of the choice above

    def decorator(view: _View) -> _View:
        method = synchronous(view)

        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return method(*args, args=parse(), **kwargs)

        declare(wrapper, expects=parser, many=limit)
        return cast("_View", wrapper)

    return decorator


_MAX_ITEMS = 1000


def _limit(many: bool | int | None, max_items: int | None) -> int | None:
    """How many objects may come at once; ``None`` where it has to be one."""
    if many is None or many is False:
        if max_items is not None:
            raise TypeError("max_items says how many objects a list may have; add many=True")
        return None
    if many is True:
        many = _MAX_ITEMS if max_items is None else max_items
    elif max_items is not None:
        raise TypeError("many is a number already; write many=True beside max_items")
    if type(many) is not int:
        raise TypeError(f"expected a number of objects, not {many!r}")
    if many < 1:
        raise ValueError(f"a list of at most {many} objects can never be sent")
    return many


def _parse_one_or_many(parser: RequestParser, many: int) -> Any:
    refuse_encoded(current.request())
    objects = json_document(current.request(), None)
    if not isinstance(objects, list):
        return parser.parse_args()
    try:
        return ListOf(parser, 1, many).from_json(objects)  # type: ignore[arg-type]  # it converts as an input does
    except InvalidElements as error:
        abort(400, message=error.errors)
    except ValueError as error:
        abort(400, message=f"The JSON list {error}.")


def _storable(body: Any) -> Any:
    """The body, or the refusal of texts in it that neither files nor databases can hold."""
    unstorable = unstorable_texts(body)
    if unstorable:
        abort(400, message=unstorable)
    return body


def _body(request: flask.Request) -> Any:
    refuse_encoded(request)
    if request.is_json:
        return json_document(request, {})
    if request.mimetype in FORM_MEDIATYPES:
        return request.form.to_dict()
    if request.get_data():
        abort(415, message=f"Content-Type {request.mimetype or 'missing'}: send application/json or a form.")
    return {}
