"""What a client sends and receives of an item."""

from restwell import fields, inputs, reqparse

MAXIMUM_PRICE = 9_999_999_999.9999
"""The largest price; with four decimals it still is a number that every JSON client reads back exactly."""

_name = inputs.string(1, 200)
_price = inputs.number(minimum=0, maximum=MAXIMUM_PRICE, decimals=4)

item_parser = reqparse.RequestParser(bundle_errors=True)
item_parser.add_argument("name", type=_name, required=True, nullable=False, trim=True, help="name is required")
item_parser.add_argument("price", type=_price, required=True, nullable=False, help="price is required")

item_patch_parser = item_parser.copy()
for argument in item_patch_parser.args:
    argument.required = False
    argument.store_missing = False

item_filter_parser = reqparse.RequestParser(bundle_errors=True)
item_filter_parser.add_argument("name", type=_name, location="args", help="The exact name: {error_msg}")
item_filter_parser.add_argument("q", type=_name, location="args", help="A part of the name, in any case: {error_msg}")
item_filter_parser.add_argument("min_price", type=_price, location="args", help="The lowest price: {error_msg}")
item_filter_parser.add_argument("max_price", type=_price, location="args", help="The highest price: {error_msg}")

item_fields = {
    "id": fields.Integer,
    "name": fields.String,
    "price": fields.Float,
    "created_at": fields.DateTime(dt_format="iso8601"),
    "updated_at": fields.DateTime(dt_format="iso8601"),
    "version": fields.Integer,
}
