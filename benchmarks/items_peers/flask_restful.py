"""Flask-RESTful with its marshalling on Flask-SQLAlchemy's ORM."""

from flask import Flask
from flask_restful import Api, Resource, fields, marshal_with, reqparse

from .model import Item, configure, db

TABLE = Item.__tablename__
PRICE = "i"
PATH = "/api/items"

ITEM_FIELDS = {
    "id": fields.Integer,
    "name": fields.String,
    "price": fields.Float,
    "created_at": fields.DateTime(dt_format="iso8601"),
    "updated_at": fields.DateTime(dt_format="iso8601"),
    "version": fields.Integer,
}


def application(url):
    app = Flask("flask_restful_items")
    configure(app, url)
    api = Api(app)
    item_parser = reqparse.RequestParser()
    item_parser.add_argument("name", type=str, required=True)
    item_parser.add_argument("price", type=float, required=True)
    page_parser = reqparse.RequestParser()
    page_parser.add_argument("page", type=int, default=1, location="args")
    page_parser.add_argument("per_page", type=int, default=20, location="args")

    @api.resource("/api/items")
    class ItemList(Resource):
        @marshal_with(ITEM_FIELDS)
        def get(self):
            arguments = page_parser.parse_args()
            return db.paginate(db.select(Item).order_by(Item.id), count=False, **arguments).items

        @marshal_with(ITEM_FIELDS)
        def post(self):
            item = Item(**item_parser.parse_args())
            db.session.add(item)
            db.session.commit()
            return item, 201

    @api.resource("/api/items/<int:item_id>")
    class ItemResource(Resource):
        @marshal_with(ITEM_FIELDS)
        def get(self, item_id):
            return db.get_or_404(Item, item_id)

        @marshal_with(ITEM_FIELDS)
        def put(self, item_id):
            item = db.get_or_404(Item, item_id)
            for name, value in item_parser.parse_args().items():
                setattr(item, name, value)
            db.session.commit()
            return item

    return app


def last_page(application, count):
    return f"{PATH}?page={count // 20}&per_page=20"
