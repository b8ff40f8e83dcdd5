"""The items for sale, over HTTP."""

from typing import Any

from models import items
from parsers.items import item_fields, item_filter_parser, item_parser, item_patch_parser
from restwell import Resource, abort_if_missing, conditional, expects, idempotent, marshal_with, paginate, url_for

MAXIMUM_AT_ONCE = 1000
"""How many items one request may create."""


class ItemList(Resource):
    """The items for sale."""

    @conditional
    @expects(item_filter_parser)
    @paginate(item_fields, sort=["name", "price"])
    def get(self, args: dict[str, Any]) -> Any:
        """List the items."""
        return items.matching(**args)

    @idempotent
    @expects(item_parser, many=True, max_items=MAXIMUM_AT_ONCE)
    @marshal_with(item_fields)
    def post(self, args: Any) -> Any:
        """Create an item, or all items of a list."""
        if isinstance(args, list):
            return items.create_many(args), 201
        item = items.create(**args)
        return item, 201, {"Location": url_for(Item, item_id=item["id"])}


class Item(Resource):
    """One item."""

    @conditional(version="version")
    @marshal_with(item_fields)
    def get(self, item_id: int) -> dict[str, Any]:
        """Read an item."""
        return abort_if_missing(items.get(item_id), _missing(item_id))

    @expects(item_parser)
    @conditional(version="version")
    @marshal_with(item_fields)
    def put(self, item_id: int, args: dict[str, Any], versions: frozenset[int] | None) -> dict[str, Any]:
        """Replace an item."""
        return abort_if_missing(items.update(item_id, versions=versions, **args), _missing(item_id))

    @expects(item_patch_parser)
    @conditional(version="version")
    @marshal_with(item_fields)
    def patch(self, item_id: int, args: dict[str, Any], versions: frozenset[int] | None) -> dict[str, Any]:
        """Change an item by JSON merge patch (RFC 7396)."""
        return abort_if_missing(items.update(item_id, versions=versions, **args), _missing(item_id))

    @conditional(version="version")
    def delete(self, item_id: int, versions: frozenset[int] | None) -> tuple[str, int]:
        """Delete an item."""
        abort_if_missing(items.delete(item_id, versions=versions) or None, _missing(item_id))
        return "", 204


def _missing(item_id: int) -> str:
    return f"Item {item_id} not found"
