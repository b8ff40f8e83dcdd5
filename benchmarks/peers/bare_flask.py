"""Flask without any extension: views that use ``jsonify``."""

from flask import Flask, abort, jsonify, request

from ..items import ITEMS, LISTS, new_item


def application() -> Flask:
    app = Flask("bare_flask_peer")

    @app.get("/items/<int:item_id>")
    def item(item_id):
        if item_id not in ITEMS:
            abort(404)
        return jsonify(ITEMS[item_id])

    @app.get("/lists/<int:count>")
    def item_list(count):
        return jsonify(LISTS[count])

    @app.post("/items")
    def create():
        body = request.get_json()
        try:
            arguments = {"name": str(body["name"]), "price": float(body["price"])}
        except (KeyError, TypeError, ValueError):
            abort(400)
        return jsonify(new_item(**arguments)), 201

    return app
