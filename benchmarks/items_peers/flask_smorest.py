"""Flask-smorest with marshmallow on Flask-SQLAlchemy's ORM."""

import marshmallow
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint, Page

from .model import Item, configure, db

TABLE = Item.__tablename__
PRICE = "i"
PATH = "/api/items"


class ItemSchema(marshmallow.Schema):
    id = marshmallow.fields.Integer(dump_only=True)
    name = marshmallow.fields.String(required=True)
    price = marshmallow.fields.Float(required=True)
    created_at = marshmallow.fields.DateTime(dump_only=True)
    updated_at = marshmallow.fields.DateTime(dump_only=True)
    version = marshmallow.fields.Integer(dump_only=True)


class CursorPage(Page):
    @property
    def item_count(self):
        return self.collection.count()


def application(url):
    app = Flask("flask_smorest_items")
    configure(app, url)
    app.config |= {"API_TITLE": "Items", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    api = Api(app)
    blueprint = Blueprint("items", __name__, url_prefix="/api/items")

    @blueprint.route("")
    class ItemList(MethodView):
        @blueprint.response(200, ItemSchema(many=True))
        @blueprint.paginate(CursorPage, page_size=20)
        def get(self):
            return db.session.query(Item).order_by(Item.id)

        @blueprint.arguments(ItemSchema)
        @blueprint.response(201, ItemSchema)
        def post(self, arguments):
            item = Item(**arguments)
            db.session.add(item)
            db.session.commit()
            return item

    @blueprint.route("/<int:item_id>")
    class ItemView(MethodView):
        @blueprint.response(200, ItemSchema)
        def get(self, item_id):
            return db.get_or_404(Item, item_id)

        @blueprint.arguments(ItemSchema)
        @blueprint.response(200, ItemSchema)
        def put(self, arguments, item_id):
            item = db.get_or_404(Item, item_id)
            for name, value in arguments.items():
                setattr(item, name, value)
            db.session.commit()
            return item

    api.register_blueprint(blueprint)
    return app


def last_page(application, count):
    return f"{PATH}?page={count // 20}&page_size=20"
