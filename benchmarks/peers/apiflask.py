"""APIFlask, with a schema for the request; responses are dumped as they are."""

from apiflask import APIFlask, Schema, abort
from apiflask.fields import Float, String

from ..items import ITEMS, LISTS, new_item


class NewItem(Schema):
    name = String(required=True)
    price = Float(required=True)


def application() -> APIFlask:
    app = APIFlask("apiflask_peer")

    @app.get("/items/<int:item_id>")
    def item(item_id):
        if item_id not in ITEMS:
            abort(404, f"Item {item_id} not found")
        return ITEMS[item_id]

    @app.get("/lists/<int:count>")
    def item_list(count):
        return LISTS[count]

    @app.post("/items")
    @app.input(NewItem)
    def create(json_data):
        return new_item(**json_data), 201

    return app
