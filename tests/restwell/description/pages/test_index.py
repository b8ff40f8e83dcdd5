"""The resources of an application, as a resource of their own."""

from flask import Flask

from restwell import Api, Index, Resource


class Thing(Resource):
    """A thing."""

    def get(self, **variables):
        """Read the thing."""
        return {"id": 7, "name": "Widget"}


def test_index_lists_the_resources_of_every_api():
    app = Flask("shop")
    api = Api(app, prefix="/api")
    api.add_resource(Thing, "/things/<int:thing_id>", "/favourite")
    Api(app).add_resource(Index, "/")
    assert app.test_client().get("/").json == [
        {
            "name": "Thing",
            "description": "A thing.",
            "urls": ["/api/things/{thing_id}", "/api/favourite"],
            "methods": ["GET"],
        }
    ]


def test_urls_stand_under_the_script_root_and_plain_views_are_left_out():
    app = Flask("shop")
    app.add_url_rule("/plain", "plain", lambda: "")
    api = Api(app)
    api.add_resource(Thing, "/things")
    api.add_resource(Index, "/")
    [listed] = app.test_client().get("/", environ_overrides={"SCRIPT_NAME": "/shop"}).json
    assert listed["urls"] == ["/shop/things"]
