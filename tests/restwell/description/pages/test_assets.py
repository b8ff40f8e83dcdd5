"""The files that the pages are made of."""

import pytest
from flask import Flask

from restwell import Api


@pytest.mark.parametrize(
    ("name", "mimetype"), [("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
)
def test_each_is_served_in_its_type_and_kept_by_caches(name, mimetype):
    app = Flask("shop")
    Api(app)
    response = app.test_client().get(f"/_restwell/{name}")
    assert (response.status_code, response.mimetype) == (200, mimetype)
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data


@pytest.mark.parametrize("name", ["page.html", "../assets.py", ""])
def test_nothing_else_is_served(name):
    app = Flask("shop")
    Api(app)
    assert app.test_client().get(f"/_restwell/{name}").status_code == 404


def test_they_are_there_once_for_several_apis_and_not_without_pages():
    app, other = Flask("shop"), Flask("other")
    Api(app, prefix="/one")
    Api(app, prefix="/two")
    Api(other, browsable=False)
    assert [rule.rule for rule in app.url_map.iter_rules() if "_restwell" in rule.rule] != []
    assert len([rule for rule in app.url_map.iter_rules() if "_restwell" in rule.rule]) == 1
    assert other.test_client().get("/_restwell/page.css").status_code == 404
