"""Flask-smorest, with a marshmallow schema for the request; responses are dumped as they are."""

import marshmallow
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint, abort

from ..items import ITEMS, LISTS, new_item


class NewItem(marshmallow.Schema):
    name = marshmallow.fields.String(required=True)
    price = marshmallow.fields.Float(required=True)


def application() -> Flask:
    app = Flask("flask_smorest_peer")
    app.config |= {"API_TITLE": "Items", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    api = Api(app)
    blueprint = Blueprint("items", __name__)

    @blueprint.route("/items/<int:item_id>")
    class ItemView(MethodView):
        @blueprint.response(200)
        def get(self, item_id):
            if item_id not in ITEMS:
                abort(404, message=f"Item {item_id} not found")
            return ITEMS[item_id]

    @blueprint.route("/lists/<int:count>")
    class ListView(MethodView):
        @blueprint.response(200)
        def get(self, count):
            return LISTS[count]

    @blueprint.route("/items")
    class ItemsView(MethodView):
        @blueprint.arguments(NewItem)
        @blueprint.response(201)
        def post(self, arguments):
            return new_item(**arguments)

    api.register_blueprint(blueprint)
    return app
