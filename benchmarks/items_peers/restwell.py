"""Restwell: the sample application as it is shipped, with pages on every origin let in."""

import logging

from run import create_app

TABLE = "items"
PRICE = "i * 10000"  # of a table that keeps prices in their smallest unit
PATH = "/api/items"


def application(url):
    logging.disable(logging.INFO)
    app = create_app({"DATABASE_URL": url, "CORS_ORIGINS": "*", "SECRET_KEY": "benchmark"})
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
    return app


def last_page(application, count):
    """The path of the last page of 20, found by walking there, and the application as it is asked."""
    client = application.test_client()
    path = f"{PATH}?limit=980"
    for _ in range(count // 1000):
        path = client.get(path).headers["Link"].split(">")[0].removeprefix("<").split("//")[-1]
        path = path[path.index("/") :] if not path.startswith("/") else path
        path = path.replace("limit=980", "limit=1000")
    return path.replace("limit=1000", "limit=20")
