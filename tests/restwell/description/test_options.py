"""What the description of an API can be told from outside."""

from flask import Flask

from restwell import Api, OpenAPI, Resource
from restwell.description.openapi import document


class Thing(Resource):
    def get(self):
        return {}


def library(**config):
    app = Flask("library")
    app.config.update(config)
    Api(app).add_resource(Thing, "/thing")
    return app


def test_information_comes_from_configuration():
    written = document(
        library(
            API_TITLE="Books",
            API_VERSION="2.1",
            API_DESCRIPTION="For *readers*.",
            API_SERVERS=["https://books.example/", "https://test.example/"],
        )
    )
    assert written["info"] == {"title": "Books", "version": "2.1", "description": "For *readers*."}
    assert written["servers"] == [{"url": "https://books.example/"}, {"url": "https://test.example/"}]


def test_document_is_served_under_its_script_root():
    app = library()
    OpenAPI(app)
    client = app.test_client()
    assert client.get("/openapi.json").json["servers"] == [{"url": "/"}]
    response = client.get("/openapi.json", base_url="http://localhost/shop")
    assert response.json["servers"] == [{"url": "/shop"}]
    assert response.json["paths"].keys() == {"/thing"}
