"""Falcon, for reference: what a request costs without Flask."""

import falcon

from ..items import ITEMS, LISTS, new_item


class ItemResource:
    def on_get(self, request, response, item_id):
        if item_id not in ITEMS:
            raise falcon.HTTPNotFound(description=f"Item {item_id} not found")
        response.media = ITEMS[item_id]


class ListResource:
    def on_get(self, request, response, count):
        response.media = LISTS[count]


class ItemsResource:
    def on_post(self, request, response):
        body = request.get_media()
        try:
            arguments = {"name": str(body["name"]), "price": float(body["price"])}
        except (KeyError, TypeError, ValueError) as error:
            raise falcon.HTTPBadRequest(description="name and price are required") from error
        response.status = falcon.HTTP_201
        response.media = new_item(**arguments)


def application() -> falcon.App:
    app = falcon.App()
    app.add_route("/items/{item_id:int}", ItemResource())
    app.add_route("/lists/{count:int}", ListResource())
    app.add_route("/items", ItemsResource())
    return app
