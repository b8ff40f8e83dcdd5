"""A request's way to the method of a resource."""

import flask
from flask import Flask

from restwell import Api, Resource


class Greeting(Resource):
    def get(self, name="world"):
        return {"hello": name}


def client_of(app):
    return app.test_client()


def test_class_arguments_reach_the_constructor():
    class Configured(Resource):
        def __init__(self, greeting, *, target):
            self.words = [greeting, target]

        def get(self):
            return self.words

    app = Flask(__name__)
    Api(app).add_resource(Configured, "/", resource_class_args=("hello",), resource_class_kwargs={"target": "Ada"})
    assert client_of(app).get("/").json == ["hello", "Ada"]


def test_a_response_passes_through_untouched():
    class Page(Resource):
        def get(self):
            return flask.Response("<p>", 203, mimetype="text/html")

    app = Flask(__name__)
    Api(app, status_in_body=True).add_resource(Page, "/")
    response = client_of(app).get("/")
    assert (response.status_code, response.data, response.mimetype) == (203, b"<p>", "text/html")


def test_head_is_answered_by_get_and_options_lists_the_methods():
    app = Flask(__name__)
    Api(app).add_resource(Greeting, "/")
    head = client_of(app).head("/")
    assert (head.status_code, head.data) == (200, b"")
    assert set(client_of(app).options("/").allow) == {"GET", "HEAD", "OPTIONS"}


def test_method_decorators_apply_to_async_methods():
    def doubled(method):
        return lambda *args, **kwargs: method(*args, **kwargs) * 2

    class Slow(Resource):
        method_decorators = {"get": [doubled]}  # noqa: RUF012 - as Flask-RESTful documents it

        async def get(self):
            return [1]

    app = Flask(__name__)
    Api(app).add_resource(Slow, "/")
    assert client_of(app).get("/").json == [1, 1]
