"""Flask-RESTX, with its parser."""

from flask import Flask
from flask_restx import Api, Resource, reqparse

from ..items import ITEMS, LISTS, new_item


def application() -> Flask:
    app = Flask("flask_restx_peer")
    api = Api(app)
    parser = reqparse.RequestParser()
    parser.add_argument("name", type=str, required=True, location="json")
    parser.add_argument("price", type=float, required=True, location="json")

    @api.route("/items/<int:item_id>")
    class ItemResource(Resource):
        def get(self, item_id):
            if item_id not in ITEMS:
                api.abort(404, f"Item {item_id} not found")
            return ITEMS[item_id]

    @api.route("/lists/<int:count>")
    class ListResource(Resource):
        def get(self, count):
            return LISTS[count]

    @api.route("/items")
    class ItemsResource(Resource):
        def post(self):
            return new_item(**parser.parse_args()), 201

    return app
