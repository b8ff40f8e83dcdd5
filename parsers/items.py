"""What a client sends and receives of an item."""

from api import fields, inputs, reqparse

MAXIMUM_PRICE = 9_999_999_999.9999
"""The largest price; with four decimals it still is a number that every JSON client reads back exactly."""

item_parser = reqparse.RequestParser(bundle_errors=True)
item_parser.add_argument(
    "name", type=inputs.string(1, 200), required=True, nullable=False, trim=True, help="name is required"
)
item_parser.add_argument(
    "price",
    type=inputs.number(minimum=0, maximum=MAXIMUM_PRICE, decimals=4),
    required=True,
    nullable=False,
    help="price is required",
)

item_patch_parser = item_parser.copy()
for argument in item_patch_parser.args:
    argument.required = False
    argument.store_missing = False

item_fields = {
    "id": fields.Integer,
    "name": fields.String,
    "price": fields.Float,
    "created_at": fields.DateTime(dt_format="iso8601"),
    "updated_at": fields.DateTime(dt_format="iso8601"),
    "version": fields.Integer,
}
