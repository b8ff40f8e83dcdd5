"""Restwell: the application of Flask-RESTful with another import."""

from flask import Flask

from restwell import Api, Resource, abort, reqparse

from ..items import ITEMS, LISTS, new_item


def application() -> Flask:
    app = Flask("restwell_peer")
    api = Api(app)
    parser = reqparse.RequestParser()
    parser.add_argument("name", type=str, required=True)
    parser.add_argument("price", type=float, required=True)

    @api.resource("/items/<int:item_id>")
    class ItemResource(Resource):
        def get(self, item_id):
            if item_id not in ITEMS:
                abort(404, message=f"Item {item_id} not found")
            return ITEMS[item_id]

    @api.resource("/lists/<int:count>")
    class ListResource(Resource):
        def get(self, count):
            return LISTS[count]

    @api.resource("/items")
    class ItemsResource(Resource):
        def post(self):
            return new_item(**parser.parse_args()), 201

    return app
