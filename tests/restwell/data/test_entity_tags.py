"""Conditional requests: entity tags, If-None-Match and If-Match."""

from typing import Any

import flask
import pytest
from flask import Flask
from flask.testing import FlaskClient

from restwell import Api, Resource, abort_if_missing, conditional, fields, marshal_with
from restwell.data.entity_tags import StaleVersion
from restwell.declared import description_of

page_fields = {"title": fields.String, "version": fields.Integer}


class Page(Resource):
    """A page of a wiki, whose store is the application's configuration."""

    @conditional(version="version")
    @marshal_with(page_fields)
    def get(self, name: str) -> Any:
        return abort_if_missing(flask.current_app.config["PAGES"].get(name), "no such page")

    @conditional(version="version")
    @marshal_with(page_fields)
    def put(self, name: str, versions: frozenset[int] | None) -> Any:
        page = abort_if_missing(flask.current_app.config["PAGES"].get(name), "no such page")
        if versions is not None and page["version"] not in versions:
            raise StaleVersion
        page["version"] += 1
        return page

    @conditional(version="version")
    async def patch(self, name: str, versions: frozenset[int] | None) -> Any:
        return {"versions": versions if versions is None else sorted(versions)}


class PageList(Resource):
    @conditional
    def get(self) -> Any:
        return sorted(flask.current_app.config["PAGES"])


class Variants(Resource):
    @conditional(version="version")
    def get(self, kind: str) -> Any:
        answers: dict[str, Any] = {
            "missing": ({"message": "gone"}, 410),
            "list": [1, 2],
            "tuple": ({"version": 3}, 200, {"X-Kind": "tuple"}),
            "response": flask.Response("text"),
            "stream": flask.Response(iter([b"a", b"b"])),
        }
        return answers[kind]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(TESTING=True, PAGES={"home": {"title": "Home", "version": 1}, "7": {"title": "S", "version": 1}})
    api = Api(app)

    @api.representation("text/csv")
    def output_csv(data: Any, code: int, headers: Any = None) -> flask.Response:
        return flask.Response(f"{data}\n", code, headers, mimetype="text/csv")

    api.add_resource(Page, "/pages/<name>")
    api.add_resource(PageList, "/pages")
    api.add_resource(Variants, "/variants/<kind>")
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def tag(client: FlaskClient, url: str = "/pages/home", **headers: str) -> str:
    return client.get(url, headers=headers).headers["ETag"]


# -- reading ---------------------------------------------------------------------------------------------------------


def test_tag_is_strong_and_changes_with_the_version_alone(app: Flask, client: FlaskClient) -> None:
    first = tag(client)
    assert first == '"home-1"'
    app.config["PAGES"]["home"]["title"] = "Start"
    assert tag(client) == first
    app.config["PAGES"]["home"]["version"] = 2
    assert tag(client) not in (first, tag(client, "/pages/7"))


def test_tag_without_a_version_changes_with_the_bytes(app: Flask, client: FlaskClient) -> None:
    first = tag(client, "/pages")
    assert tag(client, "/pages") == first
    app.config["PAGES"]["new"] = {}
    assert tag(client, "/pages") != first


@pytest.mark.parametrize("url", ["/pages/home", "/pages"])
def test_representations_have_tags_of_their_own(client: FlaskClient, url: str) -> None:
    tags = {
        tag(client, url),
        tag(client, url, Accept="text/csv"),
    }
    assert len(tags) == 2
    if url != "/pages":  # the query may have chosen the fields
        assert tag(client, f"{url}?fields=title") not in tags


@pytest.mark.parametrize("url", ["/pages/home", "/pages"])
def test_page_for_a_browser_is_always_given(client: FlaskClient, url: str) -> None:
    headers = {"Accept": "text/html", "If-None-Match": tag(client, url)}
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("url", ["/pages/home", "/pages"])
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
@pytest.mark.parametrize("condition", ["{}", "W/{}", '"other", {}', 'W/"other",W/{}', "*"])
def test_who_has_the_representation_is_told_so(client: FlaskClient, url: str, accept: str, condition: str) -> None:
    current = tag(client, url, Accept=accept)
    response = client.get(url, headers={"Accept": accept, "If-None-Match": condition.format(current)})
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == current
    assert "Accept" in response.headers["Vary"]
    assert "Content-Type" not in response.headers
    assert client.head(url, headers={"Accept": accept, "If-None-Match": current}).status_code == 304


@pytest.mark.parametrize("condition", ['"home-2"', "home", '"1"', '""', "", '"home-1.0"', '"HOME-1"', ",,,"])
def test_who_has_another_representation_is_given_this_one(client: FlaskClient, condition: str) -> None:
    response = client.get("/pages/home", headers={"If-None-Match": condition})
    assert response.status_code == 200
    assert response.json == {"title": "Home", "version": 1}


def test_read_that_expects_another_version_fails(client: FlaskClient) -> None:
    assert client.get("/pages/home", headers={"If-Match": '"home-1"'}).status_code == 200
    assert client.get("/pages/home", headers={"If-Match": "*"}).status_code == 200
    response = client.get("/pages/home", headers={"If-Match": '"home-2"'})
    assert response.status_code == 412
    assert response.json is not None
    assert response.json["error"] == "Precondition Failed"
    assert client.get("/pages", headers={"If-Match": '"x"'}).status_code == 412


@pytest.mark.parametrize("kind", ["missing", "stream"])
def test_error_or_stream_has_no_tag(client: FlaskClient, kind: str) -> None:
    assert "ETag" not in client.get(f"/variants/{kind}", headers={"If-None-Match": "*"}).headers


def test_any_form_of_a_return_value_has_its_tag(client: FlaskClient) -> None:
    assert tag(client, "/variants/tuple") == '"tuple-3"'
    for kind in ("list", "response"):
        assert len(tag(client, f"/variants/{kind}")) > 20


def test_missing_page_is_not_found_whatever_the_condition(client: FlaskClient) -> None:
    for headers in ({"If-Match": '"x"'}, {"If-Match": "*"}, {"If-None-Match": "*"}):
        assert client.get("/pages/nowhere", headers=headers).status_code == 404
        assert client.put("/pages/nowhere", headers=headers).status_code == 404


# -- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "versions"),
    [
        (None, None),
        ("*", None),
        ('"home-1"', [1]),
        ('"home-1", "home-22","other"', [1, 22]),
        ('"home-1.4c96a9e7"', [1]),  # of another representation of the same version
        ('W/"home-1"', []),  # compared strongly (RFC 9110, section 13.1.1)
        ('"7-1"', []),
        ('"1"', []),
        ('""', []),
        ("", []),
        ('"home-' + "9" * 3000 + '"', []),
        ('"home--1"', []),
        ('"home-1x"', []),
    ],
)
def test_method_is_told_the_versions_of_if_match(client: FlaskClient, condition: str | None, versions: Any) -> None:
    response = client.patch("/pages/home", headers={} if condition is None else {"If-Match": condition})
    assert response.json == {"versions": versions}


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize(
    ("condition", "complaint"),
    [
        (", ".join(f'"home-{number}"' for number in range(90_000)), "4096 characters"),
        ('"home-1",' * 100, "100 entity tags"),
        ("," * 4000, "100 entity tags"),
        (" " * 8000, "4096 characters"),
        ('"' + "home-1\t" * 8000, "4096 characters"),
        ("W/" * 8000, "4096 characters"),
    ],
)
def test_condition_is_measured_before_it_is_parsed(
    client: FlaskClient, name: str, condition: str, complaint: str
) -> None:
    for method, path in (("GET", "home"), ("PUT", "home"), ("PATCH", "home"), ("GET", "")):
        response = client.open(f"/pages/{path}".rstrip("/"), method=method, headers={name: condition})
        assert response.status_code == 400
        assert response.json is not None
        assert response.json["message"].startswith(f"{name} must not ")
        assert complaint in response.json["message"]
    assert tag(client) == '"home-1"'
    assert client.patch("/pages/home", headers={"If-Match": '"home-1", ' * 99 + '"x"'}).json == {"versions": [1]}


def test_write_of_what_must_not_be_there_yet_is_refused(client: FlaskClient) -> None:
    for headers in ({"If-None-Match": "*"}, {"If-None-Match": "*", "If-Match": tag(client)}):
        response = client.put("/pages/home", headers=headers)
        assert response.status_code == 412
        assert response.json is not None
        assert "there already" in response.json["message"]
    assert tag(client) == '"home-1"'


def test_write_of_a_version_that_is_not_to_be_written_is_refused(client: FlaskClient) -> None:
    response = client.put("/pages/home", headers={"If-None-Match": tag(client)})
    assert response.status_code == 412
    assert tag(client) == '"home-1"'


def test_of_two_writes_with_one_tag_the_second_fails(client: FlaskClient) -> None:
    read = tag(client)
    assert client.put("/pages/home", headers={"If-Match": read}).status_code == 200
    response = client.put("/pages/home", headers={"If-Match": read})
    assert response.status_code == 412
    assert response.json is not None
    assert "changed since" in response.json["message"]
    assert client.put("/pages/home", headers={"If-Match": tag(client)}).status_code == 200


def test_tag_of_any_representation_is_good_for_a_write(client: FlaskClient) -> None:
    assert client.put("/pages/home", headers={"If-Match": tag(client, Accept="text/csv")}).status_code == 200


def test_name_with_any_character_has_a_tag(app: Flask, client: FlaskClient) -> None:
    name = 'a-"b" %é, 1'
    app.config["PAGES"][name] = {"title": "x", "version": 1}
    url = "/pages/a-%22b%22%20%25%C3%A9,%201"
    assert client.get(url, headers={"If-None-Match": tag(client, url)}).status_code == 304
    assert client.put(url, headers={"If-Match": tag(client, url)}).status_code == 200


def test_unconditional_write_is_refused_only_where_it_is_configured(app: Flask, client: FlaskClient) -> None:
    assert client.put("/pages/home").status_code == 200
    app.config["API_REQUIRE_IF_MATCH"] = True
    response = client.put("/pages/home")
    assert response.status_code == 428
    assert response.json is not None
    assert "If-Match" in response.json["message"]
    assert client.put("/pages/home", headers={"If-Match": "*"}).status_code == 200
    assert client.get("/pages/home").status_code == 200


def test_method_that_writes_needs_a_version() -> None:
    def put() -> None: ...

    with pytest.raises(TypeError, match=r"version.*put"):
        conditional(put)


def test_output_without_the_version_is_the_programs_mistake(app: Flask) -> None:
    class Draft(Resource):
        @conditional(version="version")
        @marshal_with({"title": fields.String})
        def get(self) -> Any:
            return {"title": "Draft", "version": 1}

    Api(app).add_resource(Draft, "/draft")
    with pytest.raises(LookupError, match=r"version.*title"):
        app.test_client().get("/draft")


def test_conditions_describe_themselves() -> None:
    reading, writing = description_of(Page.get, {}), description_of(Page.put, {})
    assert [parameter["name"] for parameter in (*reading.parameters, *writing.parameters)] == [
        "If-None-Match",
        "If-Match",
    ]
    assert set(reading.responses) == {304}
    assert set(writing.responses) == {412}
    assert {status: list(headers) for status, headers in reading.headers.items()} == {200: ["ETag"], 304: ["ETag"]}


def test_required_conditions_are_described_where_they_are_required() -> None:
    writing = description_of(Page.put, {"API_REQUIRE_IF_MATCH": True})
    assert [(parameter["name"], parameter["required"]) for parameter in writing.parameters] == [("If-Match", True)]
    assert set(writing.responses) == {412, 428}


@pytest.mark.parametrize("name", ["ETag", "etag"])
def test_tag_of_the_version_replaces_one_that_the_method_has_set(app: Flask, name: str) -> None:
    class Tagged(Resource):
        @conditional(version="version")
        def get(self) -> Any:
            return {"version": 7}, 200, {name: '"another"'}

    Api(app).add_resource(Tagged, "/tagged")
    assert app.test_client().get("/tagged").headers.getlist("ETag") == ['"7"']


def test_version_that_is_no_number_cannot_begin_another_header(app: Flask) -> None:
    class Injected(Resource):
        @conditional(version="version")
        def get(self) -> Any:
            return {"version": "1\r\nSet-Cookie: a=b"}

    Api(app).add_resource(Injected, "/injected")
    app.testing = False
    assert app.test_client().get("/injected").status_code == 500


# -- RFC 9110 to the letter


@pytest.mark.parametrize("condition", ['"zzz"', "zzz", 'W/"zzz"', '"home-9"', '"other-1"', '"a", "b"', '"home-1x"', ""])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_if_none_match_does_not_have_is_written(client: FlaskClient, condition: str, method: str) -> None:
    response = client.open("/pages/home", method=method, headers={"If-None-Match": condition})
    assert response.status_code in (200, 204)


@pytest.mark.parametrize("condition", ["{}", "W/{}", '"zzz", {}', "{}, W/{}"])
def test_what_if_none_match_has_is_not(client: FlaskClient, condition: str) -> None:
    current = tag(client)
    response = client.put("/pages/home", headers={"If-None-Match": condition.replace("{}", current)})
    assert response.status_code == 412
    assert "ETag" not in response.headers
    assert tag(client) == current
    assert client.put("/pages/home").status_code == 200
    assert client.put("/pages/home", headers={"If-None-Match": current}).status_code == 200  # it has changed since


def test_the_version_that_is_there_is_what_may_be_written(client: FlaskClient) -> None:
    headers = {"If-None-Match": '"home-9", "home-8"'}
    assert client.patch("/pages/home", headers=headers).json == {"versions": [1]}
    assert client.put("/pages/nowhere", headers={"If-None-Match": '"nowhere-1"'}).status_code == 404


def test_both_conditions_have_to_hold(client: FlaskClient) -> None:
    current = tag(client)
    for headers, status in (
        ({"If-Match": current, "If-None-Match": '"zzz"'}, 200),
        ({"If-Match": '"zzz"', "If-None-Match": '"zzz"'}, 412),
        ({"If-Match": '"home-2"', "If-None-Match": '"home-2"'}, 412),
        ({"If-Match": "*", "If-None-Match": '"home-2"'}, 412),
    ):
        assert client.put("/pages/home", headers=headers).status_code == status, headers


def test_if_none_match_is_no_way_around_if_match(app: Flask, client: FlaskClient) -> None:
    app.config["API_REQUIRE_IF_MATCH"] = True
    assert client.put("/pages/home", headers={"If-None-Match": '"zzz"'}).status_code == 428
    assert client.put("/pages/home", headers={"If-None-Match": "*"}).status_code == 412
    assert client.put("/pages/home", headers={"If-None-Match": '"zzz"', "If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("url", ["/pages/home", "/pages"])
@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/csv"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_false_if_match_is_412_whatever_shows_it(client: FlaskClient, url: str, accept: str, method: str) -> None:
    for headers, status in (({"If-Match": '"zzz"'}, 412), ({"If-Match": "*"}, 200), ({}, 200)):
        response = client.open(url, method=method, headers={"Accept": accept, **headers})
        assert response.status_code == status
    current = client.get(url, headers={"Accept": "application/json"}).headers["ETag"]
    if accept != "text/csv":
        assert client.open(url, method=method, headers={"Accept": accept, "If-Match": current}).status_code == 200


@pytest.mark.parametrize("url", ["/pages/home", "/pages", "/pages/nowhere", "/variants/tuple", "/variants/response"])
@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/csv"])
def test_head_tells_the_length_that_get_has(client: FlaskClient, url: str, accept: str) -> None:
    headers = {"Accept": accept}
    got, told = client.get(url, headers=headers), client.head(url, headers=headers)
    assert told.status_code == got.status_code
    assert dict(told.headers) == dict(got.headers)
    assert int(told.headers["Content-Length"]) == len(got.data)


class Counted(Resource):
    """Whose page stays the same while the total changes."""

    total = 1

    @conditional
    def get(self, kind: str) -> Any:
        headers = {"X-Total-Count": str(self.total), "Link": f"<?after={self.total}>; rel=next"}
        if kind == "response":
            return flask.Response("[]", 200, headers, mimetype="application/json")
        return [], (200, headers)[kind == "headers"], *([headers] if kind == "tuple" else [])


@pytest.mark.parametrize("kind", ["tuple", "headers", "response"])
def test_the_tag_covers_what_the_headers_say(app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    app.extensions["restwell"].apis[0].add_resource(Counted, "/counted/<kind>")
    client = app.test_client()
    first = client.get(f"/counted/{kind}")
    again = client.get(f"/counted/{kind}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    monkeypatch.setattr(Counted, "total", 2)
    changed = client.get(f"/counted/{kind}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["X-Total-Count"] == "2"
    assert changed.data == first.data
