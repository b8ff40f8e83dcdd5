"""Raising errors: abort, APIError, JsonError."""

from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

from restwell import Api, APIError, JsonError, Resource, abort, abort_if_missing

PROBLEM = "application/problem+json"


def client_raising(raising, error_format="standard", **options):
    """A client of an application whose one resource calls `raising`."""

    class Failing(Resource):
        def get(self):
            raising()

        post = get

    app = Flask(__name__)
    Api(app, error_format=error_format, **options).add_resource(Failing, "/")
    return app.test_client()


def raiser(error):
    def raising():
        raise error

    return raising


def test_abort_adds_its_keywords_to_the_body():
    response = client_raising(lambda: abort(404, message="Item 7 not found", item_id=7)).get("/")
    assert response.status_code == 404
    assert response.json == {"error": "Not Found", "message": "Item 7 not found", "item_id": 7, "status": 404}


def test_abort_without_a_message_uses_the_description():
    assert "not found on the server" in client_raising(lambda: abort(404)).get("/").json["message"]


def test_keywords_of_abort_win_over_the_formats_keys():
    body = client_raising(lambda: abort(404, error="mine", status="own")).get("/").json
    assert (body["error"], body["status"]) == ("mine", "own")


def test_abort_if_missing_gives_back_what_is_there():
    assert abort_if_missing({}, "unused") == {}
    response = client_raising(lambda: abort_if_missing(None, "Nobody home")).get("/")
    assert (response.status_code, response.json["message"]) == (404, "Nobody home")


def test_api_error_sends_its_payload_as_details():
    response = client_raising(raiser(APIError("No credit", 402, {"balance": 0}))).get("/")
    assert response.status_code == 402
    assert response.json == {
        "error": "Payment Required",
        "message": "No credit",
        "details": {"balance": 0},
        "status": 402,
    }


def test_api_error_defaults_to_400_without_details():
    assert client_raising(raiser(APIError("Bad"))).get("/").json == {
        "error": "Bad Request",
        "message": "Bad",
        "status": 400,
    }


def test_api_error_reaches_the_applications_own_handler():
    app = Flask(__name__)
    app.add_url_rule("/", view_func=raiser(APIError("Bad", 422, [1])))
    app.register_error_handler(APIError, lambda error: ({"own": error.message, "p": error.payload}, error.status_code))
    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (422, {"own": "Bad", "p": [1]})


def test_json_error_is_its_keywords():
    response = client_raising(raiser(JsonError(status_=401, headers_={"X-Mark": "yes"}, text="no"))).get("/")
    assert (response.status_code, response.headers["X-Mark"]) == (401, "yes")
    assert response.json == {"text": "no", "status": 401}


def test_headers_of_the_exception_are_sent():
    response = client_raising(raiser(ServiceUnavailable("later", retry_after=7))).get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "7")
    assert response.headers.getlist("Content-Type") == ["application/json"]
