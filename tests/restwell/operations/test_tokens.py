import hmac
import sys

import pytest
from flask import Flask

from restwell import Api, Resource, configuration, setup
from restwell.operations import cors
from restwell.operations import tokens as authentication
from restwell.registry import state_of

TOKENS = ["first-token", "zweites-Tökén"]


class Thing(Resource):
    def get(self):
        return {"read": True}

    def post(self):
        return {"written": True}, 201

    put = patch = delete = post


class Health(Resource):
    def get(self):
        return {"status": "alive"}

    post = get


@pytest.fixture
def make_app():
    def make(**config):
        app = Flask(__name__)
        configuration.load(app, (*authentication.OPTIONS, *cors.OPTIONS), config)
        authentication.init_tokens(app, public=["health"])
        cors.init_cors(app)
        api = Api(app, catch_all_404s=True)
        api.add_resource(Thing, "/thing")
        api.add_resource(Health, "/health")
        return app

    return make


@pytest.fixture
def client(make_app):
    return lambda **config: make_app(API_TOKENS=TOKENS, **config).test_client()


def bearer(token):
    return {"Authorization": f"Bearer {token}".encode().decode("latin-1")}


def test_without_tokens_everybody_writes(make_app):
    app = make_app()
    assert app.test_client().post("/thing").status_code == 201
    assert state_of(app).security is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_write_without_a_token_is_401(client, method):
    response = client().open("/thing", method=method)
    assert response.status_code == 401
    assert response.headers.getlist("WWW-Authenticate") == ['Bearer realm="the API"']
    assert response.json == {
        "error": "Unauthorized",
        "message": "This needs a token: Authorization: Bearer <token>.",
        "status": 401,
    }


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer wrong",
        "Bearer first-token-and-more",
        "Bearer first-toke",
        "Bearer",
        "Bearer ",
        "Bearer \xff\xfe",
        "Bearer first-token,zweites",
        "Basic Zmlyc3QtdG9rZW46",
        "Basic not base64",
        "first-token",
        "Token first-token",
        "Bearer first-token second",
    ],
)
def test_write_with_anything_but_a_token_is_401(client, authorization):
    response = client().post("/thing", headers={"Authorization": authorization})
    assert response.status_code == 401
    challenge = response.headers["WWW-Authenticate"]
    assert challenge == 'Bearer realm="the API", error=invalid_token, error_description="The token is unknown"'


@pytest.mark.parametrize("token", ["first-token"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_write_with_a_token_passes(client, scheme, token):
    assert client().post("/thing", headers={"Authorization": f"{scheme} {token}"}).status_code == 201


def test_every_configured_token_is_compared(client, monkeypatch):
    compared = []

    def compare(given, known):
        compared.append(known)
        return given == known

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert client().post("/thing", headers=bearer("first-token")).status_code == 201
    assert compared == [token.encode() for token in TOKENS]


def test_reads_are_open_unless_they_are_protected(client):
    assert client().get("/thing").status_code == 200
    protected = client(API_PROTECT_READS=True)
    assert protected.get("/thing").status_code == 401
    assert protected.head("/thing").status_code == 401
    assert protected.get("/thing", headers=bearer("first-token")).status_code == 200


def test_public_endpoint_and_unknown_url_need_no_token(client):
    protected = client(API_PROTECT_READS=True)
    assert protected.get("/health").status_code == 200
    assert protected.get("/nowhere").status_code == 404


def test_preflight_needs_no_token(client):
    headers = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    response = client(CORS_ORIGINS="https://page.example").options("/thing", headers=headers)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "https://page.example"


def test_refusal_can_be_read_by_an_allowed_page(client):
    response = client(CORS_ORIGINS="https://page.example").post("/thing", headers={"Origin": "https://page.example"})
    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == "https://page.example"


def test_tokens_come_from_the_environment_with_commas_between_them(make_app, monkeypatch):
    monkeypatch.setenv("API_TOKENS", "one, two")
    client = make_app().test_client()
    assert [client.post("/thing", headers=bearer(token)).status_code for token in ("one", "two", "one, two")] == [
        201,
        201,
        401,
    ]


@pytest.mark.parametrize(
    ("protect", "protected"), [(False, {"POST", "DELETE"}), (True, {"GET", "HEAD", "POST", "DELETE"})]
)
def test_description_is_told_what_is_protected(make_app, protect, protected):
    security = state_of(make_app(API_TOKENS=TOKENS, API_PROTECT_READS=protect)).security
    assert security.schemes == {"token": {"type": "http", "scheme": "bearer"}}
    methods = ("GET", "HEAD", "OPTIONS", "POST", "DELETE")
    assert {method for method in methods if security.protects("thing", method)} == protected
    assert not any(security.protects("health", method) for method in methods)


def test_tokens_without_flask_httpauth_are_refused_at_start(make_app, monkeypatch):
    monkeypatch.setitem(sys.modules, "flask_httpauth", None)
    with pytest.raises(configuration.ConfigurationError, match="API_TOKENS needs Flask-HTTPAuth"):
        make_app(API_TOKENS=TOKENS)


@pytest.mark.parametrize("tokens", [None, "", ",", "[]", " ", " , ,", []])
def test_reads_cannot_be_protected_without_a_token(make_app, monkeypatch, tokens):
    for config in ({"API_TOKENS": tokens}, {}):
        if not config and isinstance(tokens, str):
            monkeypatch.setenv("API_TOKENS", tokens)
        with pytest.raises(
            configuration.ConfigurationError, match=r"^API_(PROTECT_READS needs API_TOKENS|TOKENS must)"
        ):
            make_app(API_PROTECT_READS="true", **config)


@pytest.mark.parametrize(
    "tokens",
    [
        '{"a":"x"}',
        {"a": "x"},
        '"abc"',
        "'abc'",
        "[abc]",
        '["a", {"b": "c"}]',
        ["a b"],
        "one two",
        "a\tb",
        "<token>",
        "${TOKEN}",
        "$(cat token)",
        "a\\nb",
        ",",
        " ",
    ],
)
def test_what_is_no_token_is_refused_without_being_shown(make_app, tokens):
    with pytest.raises(configuration.ConfigurationError) as caught:
        make_app(API_TOKENS=tokens)
    assert str(caught.value) == (
        "API_TOKENS must be tokens with commas between them, or a JSON list of tokens, without blanks, quotes, "
        "backslashes and brackets"
    )


@pytest.mark.parametrize("tokens", ["", "[]", [], None])
def test_no_tokens_are_no_tokens(make_app, tokens):
    assert state_of(make_app(API_TOKENS=tokens)).security is None


def test_tokens_of_the_application_itself_are_asked_for():
    app = Flask(__name__)
    app.config["API_TOKENS"] = ["own"]
    Api(app).add_resource(Thing, "/thing")
    setup(app)
    client = app.test_client()
    assert client.post("/thing").status_code == 401
    assert client.post("/thing", headers=bearer("own")).status_code == 201


@pytest.mark.parametrize(
    "credentials", ["Basic \xff", "Basic /w==", "Basic \xc3\xa9", "Digest \xff=", "\xff", "Bearer \xff"]
)
def test_credentials_that_cannot_be_read_are_401(client, credentials):
    response = client().post("/thing", headers={"Authorization": credentials})
    assert response.status_code == 401
    assert response.json["error"] == "Unauthorized"
