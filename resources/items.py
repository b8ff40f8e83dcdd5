"""The items for sale, over HTTP."""

from typing import Any

from api import Resource, abort_if_missing, expects, marshal_with, url_for
from models import items
from parsers.items import item_fields, item_parser, item_patch_parser


class ItemList(Resource):
    """The items for sale."""

    @marshal_with(item_fields)
    def get(self) -> Any:
        """List the items."""
        return items.listing()

    @expects(item_parser)
    @marshal_with(item_fields)
    def post(self, args: dict[str, Any]) -> Any:
        """Create an item."""
        item = items.create(**args)
        return item, 201, {"Location": url_for(Item, item_id=item["id"])}


class Item(Resource):
    """One item."""

    @marshal_with(item_fields)
    def get(self, item_id: int) -> Any:
        """Read an item."""
        return abort_if_missing(items.get(item_id), _missing(item_id))

    @expects(item_parser)
    @marshal_with(item_fields)
    def put(self, item_id: int, args: dict[str, Any]) -> Any:
        """Replace an item."""
        return abort_if_missing(items.update(item_id, **args), _missing(item_id))

    @expects(item_patch_parser)
    @marshal_with(item_fields)
    def patch(self, item_id: int, args: dict[str, Any]) -> Any:
        """Change an item by JSON merge patch (RFC 7396)."""
        return abort_if_missing(items.update(item_id, **args), _missing(item_id))

    def delete(self, item_id: int) -> Any:
        """Delete an item."""
        abort_if_missing(items.delete(item_id) or None, _missing(item_id))
        return "", 204


def _missing(item_id: int) -> str:
    return f"Item {item_id} not found"
