"""The endpoints of the application."""

from api import Api

from .items import Item, ItemList


def register(api: Api) -> None:
    """Add every endpoint of the application.

    :param api: the Api to add them to.
    """
    api.add_resource(ItemList, "/items")
    api.add_resource(Item, "/items/<int:item_id>")
