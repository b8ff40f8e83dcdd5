"""Where the description is served."""

import re

import pytest
from flask import Flask

from restwell import Api, OpenAPI, Resource


class Thing(Resource):
    def get(self):
        return {}


def client(config=None, **options):
    app = Flask("things")
    app.config.update(config or {})
    OpenAPI(app, **options)
    Api(app).add_resource(Thing, "/thing")
    return app.test_client()


def test_document_and_page_are_served():
    things = client()
    assert things.get("/openapi.json").json["paths"].keys() == {"/thing"}
    assert things.get("/docs").mimetype == "text/html"


def test_init_app_comes_later():
    app = Flask("things")
    description = OpenAPI()
    description.init_app(app)
    assert app.test_client().get("/openapi.json").json["info"]["title"] == "things"


def test_urls_are_chosen():
    things = client(url="/v1/description", docs_url="/v1/try")
    assert 'data-url="/v1/description"' in things.get("/v1/try").text
    assert things.get("/openapi.json").status_code == things.get("/docs").status_code == 404


def test_there_need_be_no_page():
    assert client(docs_url=None).get("/docs").status_code == 404


@pytest.mark.parametrize("root", ["", "/shop"])
def test_page_loads_its_files_from_here_under_any_script_root(root):
    things = client()
    page = things.get("/docs", base_url=f"http://localhost{root}").text
    urls = re.findall(r'(?:src|href|data-url)="([^"]+)"', page)
    assert len(urls) == 5
    for url in urls:
        assert url.startswith(f"{root}/")
        response = things.get(url.removeprefix(root))
        assert response.status_code == 200
        assert response.mimetype in ("text/css", "text/javascript", "image/png", "application/json")


def test_page_allows_no_script_in_it():
    response = client().get("/docs")
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.findall(r"<script[^>]*>[^<]|<style|\bon\w+=|style=", response.text)


def test_page_may_call_the_servers_of_the_description():
    policy = client({"API_SERVERS": ["https://books.example/v1", "/"]}).get("/docs").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://books.example/;" in policy


def test_title_of_the_page_is_that_of_the_api():
    page = client({"API_TITLE": "<b>Things</b>"}).get("/docs").text
    assert "<title>&lt;b&gt;Things&lt;/b&gt;</title>" in page


def test_nothing_else_of_the_package_is_served():
    assert client().get("/docs/../docs/oauth2-redirect.html").status_code == 404


def test_document_is_json_in_the_order_that_it_is_written_in():
    assert list(client().get("/openapi.json").json)[:3] == ["openapi", "info", "servers"]
