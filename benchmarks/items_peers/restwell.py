"""Restwell: the sample application as it is shipped, with pages of every origin let in."""

import logging
from io import StringIO

import alembic.command

from run import create_app

TABLE = "items"
PRICE = "i * 10000"  # of a table that keeps prices in their smallest unit
PATH = "/api/items"


def application(url):
    logging.disable(logging.INFO)
    app = create_app({"DATABASE_URL": url, "CORS_ORIGINS": "*", "SECRET_KEY": "benchmark"})
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        config.stdout = StringIO()
        alembic.command.upgrade(config, "head")
    return app


def last_page(application, count):
    """The URL of the last page of 20, found by walking there."""
    client, url = application.test_client(), f"{PATH}?limit=980"
    for _ in range(count // 1000):
        url = client.get(url).headers["Link"].removeprefix("<").partition(">")[0].replace("limit=980", "limit=1000")
    return url.replace("limit=1000", "limit=20")
