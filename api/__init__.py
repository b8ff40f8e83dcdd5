"""The Api of the application: how its errors look, where the status stands, and what is registered on it."""

from flask import Flask
from werkzeug.exceptions import default_exceptions

from resources.items import Item, ItemList
from restwell import Api, Index


def create_api(app: Flask) -> Api:
    """Put the endpoints of the application on it.

    :param app: the application, set up.
    :returns: the Api, whose error representation and status in the body are those of the configuration.
    """
    api = Api(
        app,
        catch_all_404s=True,
        error_format=app.config["API_ERROR_FORMAT"],
        status_in_body=app.config["API_STATUS_IN_BODY"],
    )
    api.add_resource(Index, "/")
    api.add_resource(ItemList, "/api/items")
    api.add_resource(Item, "/api/items/<int:item_id>")
    for error in default_exceptions.values():
        if error.code is not None and error.code < 500:  # also outside of the Api: on the pages of the description
            app.register_error_handler(error, api.handle_error)
    return api
