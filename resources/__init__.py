"""The endpoints of the application."""

from restwell import Api, Index

from .health import Health, Readiness
from .items import Item, ItemList


def register(api: Api) -> None:
    """Add every endpoint of the application.

    :param api: the Api to add them to.
    """
    api.add_resource(Index, "/")
    api.add_resource(ItemList, "/api/items")
    api.add_resource(Item, "/api/items/<int:item_id>")
    api.add_resource(Health, "/health")
    api.add_resource(Readiness, "/ready")
