"""What Restwell keeps of an application."""

from flask import Blueprint, Flask

from restwell import Api, Resource
from restwell.declared import Description
from restwell.registry import State, api_of, describe_endpoints, description_of_endpoint, resource_of, state_of


class Greeting(Resource):
    def get(self):
        return {"hello": "world"}


def test_all_of_it_is_one_object_in_the_extensions_of_the_application():
    app, other = Flask("shop"), Flask("other")
    state = state_of(app)
    assert isinstance(state, State)
    assert state_of(app) is state is app.extensions["restwell"]
    assert state_of(other) is not state


def test_an_endpoint_belongs_to_the_api_that_it_was_added_to():
    app, blueprint = Flask("shop"), Blueprint("admin", __name__, url_prefix="/admin")
    api, admin = Api(app), Api(blueprint)
    api.add_resource(Greeting, "/greeting")
    admin.add_resource(Greeting, "/greeting")
    app.register_blueprint(blueprint)
    app.add_url_rule("/plain", "plain", lambda: "")
    assert state_of(app).apis == [api, admin]
    assert api_of(app, "greeting") is api
    assert api_of(app, "admin.greeting") is admin
    assert api_of(app, "plain") is None


def test_a_rule_leads_to_a_class_unless_its_view_has_lost_it():
    app = Flask("shop")
    Api(app).add_resource(Greeting, "/greeting")
    app.add_url_rule("/plain", "plain", lambda: "")
    classes = {rule.endpoint: resource_of(app, rule) for rule in app.url_map.iter_rules()}
    assert (classes["greeting"], classes["plain"]) == (Greeting, None)


def test_what_is_said_of_every_operation_does_not_hold_of_exempt_endpoints():
    app = Flask("shop")
    describe_endpoints(app, Description(responses={429: "too many"}), exempt={"health"})
    describe_endpoints(app, Description(responses={413: "too large"}))
    assert description_of_endpoint(app, "greeting").responses.keys() == {413, 429}
    assert description_of_endpoint(app, "health").responses.keys() == {413}
    assert description_of_endpoint(Flask("other"), "greeting") == Description()
