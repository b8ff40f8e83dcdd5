"""The page that browsers get: when, what is on it, and that nothing on it is dangerous."""

import json
import re
from html.parser import HTMLParser

import marshmallow
import pydantic
import pytest
from flask import Flask, Response, jsonify, redirect, request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from restwell import Api, JsonError, Resource, abort, expects, inputs
from restwell.arguments.reqparse import RequestParser
from restwell.declared import Description, describe
from restwell.description.pages.index import Index
from restwell.description.pages.rendering import SHOWN_CHARACTERS
from restwell.registry import Security, state_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"}


class Page(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and the text inside of each."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.texts = {}
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open.pop() != tag:
            pass

    def handle_data(self, data):
        for tag in self._open:
            self.texts[tag] = self.texts.get(tag, "") + data

    def find(self, tag, **attributes):
        """The attributes of the elements of a kind that have these among theirs."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    def control(self, name):
        """The tag and the attributes of the control of the field with a name."""
        position = next(i for i, (_, found) in enumerate(self.elements) if found.get("data-name") == name)
        return next(element for element in self.elements[position:] if element[0] in ("input", "select", "textarea"))


def application(resource, *urls, **options):
    app = Flask("shop")
    Api(app, **options).add_resource(resource, *(urls or ("/things",)))
    return app


def page_of(app, url="/things", status=200, **options):
    response = app.test_client().get(url, headers=BROWSER, **options)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    return Page(response.text)


def form_of(parser, method="post"):
    """The page of a resource whose one method expects a parser."""
    return page_of(
        application(type("Thing", (Resource,), {method: expects(parser)(lambda self, args: {})})), status=405
    )


class Thing(Resource):
    """A thing."""

    def get(self, **variables):
        """Read the thing."""
        return {"id": 7, "name": "Widget"}


# -- who gets it


def test_browser_gets_a_page_of_the_resource():
    page = page_of(application(Thing))
    assert page.texts["h1"] == "Thing"
    assert "A thing." in page.texts["main"]
    assert "200 OK" in page.texts["main"]
    assert json.loads(page.texts["pre"]) == {"id": 7, "name": "Widget"}


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "*/*",
        "application/json",
        "application/json, text/plain, */*",
        "application/json, text/html",
        "text/html;q=0.1, */*",
    ],
)
def test_other_clients_get_json(accept):
    response = application(Thing).test_client().get("/things", headers={"Accept": accept} if accept else {})
    assert response.json == {"id": 7, "name": "Widget"}


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_caches_are_told_that_the_response_depends_on_accept(headers):
    client = application(Thing, error_format="problem").test_client()
    assert client.get("/things", headers=headers).vary.as_set() == {"accept"}
    assert client.post("/things", headers=headers).vary.as_set() == {"accept"}


@pytest.mark.parametrize("options", [{"browsable": False}, {"error_format": "restful"}])
def test_page_can_be_turned_off_and_is_off_for_exact_flask_restful(options):
    client = application(Thing, **options).test_client()
    response = client.get("/things", headers=BROWSER)
    assert response.json == {"id": 7, "name": "Widget"}
    assert "Vary" not in response.headers
    assert client.get("/_restwell/page.css").status_code == 404


def test_page_can_be_turned_on_for_exact_flask_restful():
    page_of(application(Thing, error_format="restful", browsable=True))


def test_representation_of_the_application_for_html_is_kept():
    app = Flask("shop")
    api = Api(app)
    api.add_resource(Thing, "/things")
    api.representation("text/html")(lambda data, code, headers=None: Response(f"<p>{data['name']}", code))
    assert app.test_client().get("/things", headers=BROWSER).text == "<p>Widget"


def test_browser_gets_the_page_also_where_it_would_accept_another_representation_before_json():
    app = Flask("shop")
    api = Api(app)
    api.add_resource(Thing, "/things")
    api.representation("application/xml")(lambda data, code, headers=None: Response("<thing/>", code))
    assert json.loads(page_of(app).texts["pre"]) == {"id": 7, "name": "Widget"}
    assert app.test_client().get("/things", headers={"Accept": "application/xml"}).text == "<thing/>"


def test_json_response_that_a_method_builds_itself_is_put_on_the_page():
    page = page_of(application(type("Thing", (Resource,), {"get": lambda self: jsonify(name="Widget")})))
    assert json.loads(page.texts["pre"]) == {"name": "Widget"}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda: Response("a,b", mimetype="text/csv"), 200),
        (lambda: redirect("/elsewhere", 302), 302),
        (lambda: ("", 204), 204),
        (lambda: Response((part for part in ["[", "]"]), mimetype="application/json"), 200),
    ],
    ids=["csv", "redirect", "nothing", "stream"],
)
def test_response_with_nothing_for_the_page_is_left_as_it_is(answer, status):
    app = application(type("Thing", (Resource,), {"get": lambda self: answer()}))
    for_browser, for_others = (app.test_client().get("/things", headers=headers) for headers in (BROWSER, {}))
    assert (for_browser.status_code, for_browser.data) == (status, for_others.data)
    assert for_browser.mimetype == for_others.mimetype


def test_head_announces_the_page():
    response = application(Thing).test_client().head("/things", headers=BROWSER)
    assert (response.mimetype, response.data) == ("text/html", b"")


# -- errors


class Faulty(Resource):
    def get(self, error):
        raise {
            "unknown": lambda: abort(404, message="no such thing"),
            "flask_json": lambda: JsonError(status_=418, message="short and stout"),
            "crash": lambda: RuntimeError("the secret of the exception"),
        }[error]()


@pytest.mark.parametrize(
    ("url", "status", "text"),
    [
        ("/api/faults/unknown", 404, "no such thing"),
        ("/api/faults/flask_json", 418, "short and stout"),
        ("/api/faults/crash", 500, "Internal Server Error"),
        ("/api/nowhere", 404, "Not Found"),
    ],
)
def test_errors_have_the_same_frame(url, status, text):
    app = application(Faulty, "/faults/<error>", prefix="/api")
    page = page_of(app, url, status)
    assert text in page.texts["pre"]
    assert str(status) in page.texts["main"]
    assert "secret" not in page.texts["body"]


def test_url_without_get_shows_the_forms_of_its_other_methods():
    page = page_of(application(type("Login", (Resource,), {"post": lambda self: {}})), status=405)
    assert page.texts["h1"] == "Login"
    assert page.find("form", data_method="POST")


def test_resource_whose_class_a_decorator_hides_has_a_page_without_forms():
    def hide(view):
        return lambda **variables: view(**variables)

    app = application(Thing, decorators=[hide])
    Api(app).add_resource(Index, "/")
    assert not page_of(app).find("form", data_method="GET")
    assert app.test_client().get("/").json == []


def test_error_outside_of_the_api_stays_flasks():
    response = application(Thing, prefix="/api").test_client().get("/nowhere", headers=BROWSER)
    assert response.status_code == 404
    assert "Restwell" not in response.text
    assert "page.css" not in response.text


# -- what is on it


def test_headers_of_the_response_are_shown_but_validate_only_the_json():
    def get(self):
        return {}, 200, {"ETag": '"v7"', "X-Colour": "blue"}

    response = application(type("Thing", (Resource,), {"get": get})).test_client().get("/things", headers=BROWSER)
    assert "&#34;v7&#34;" in response.text
    assert "blue" in response.text
    assert "ETag" not in response.headers
    assert response.headers["X-Colour"] == "blue"


def test_collection_says_how_the_urls_of_its_elements_are_made():
    app = application(Thing, "/shops/<shop>/things", "/shops/<shop>/things/<int:thing_id>")
    (body,) = page_of(app, "/shops/a%20b/things").find("body")
    assert body["data-element-url"] == "/shops/a%20b/things/{}"
    assert body["data-element-variable"] == "thing_id"


def test_element_says_nothing_of_elements():
    app = application(Thing, "/things", "/things/<int:thing_id>")
    assert "data-element-url" not in page_of(app, "/things/7").find("body")[0]


def test_resources_above_are_linked():
    app = Flask("shop")
    api = Api(app, prefix="/api")
    api.add_resource(type("ThingList", (Thing,), {}), "/things/")
    api.add_resource(Thing, "/things/<int:thing_id>")
    api.add_resource(Index, "/")
    page = page_of(app, "/api/things/7", environ_overrides={"SCRIPT_NAME": "/shop"})
    assert [link["href"] for link in page.find("a") if "#" not in link["href"]] == ["/shop/api/", "/shop/api/things/"]


def test_every_url_on_the_page_stands_under_the_script_root():
    app = application(Thing, "/things", "/things/<int:thing_id>")
    page = page_of(app, "/things", environ_overrides={"SCRIPT_NAME": "/mounted"})
    urls = [found[name] for _, found in page.elements for name in ("href", "src", "data-element-url") if name in found]
    assert len(urls) == 6
    assert all(url.startswith("/mounted/") for url in urls if url != "#content")


def test_long_body_is_cut():
    app = application(type("Thing", (Resource,), {"get": lambda self: ["x" * SHOWN_CHARACTERS]}))
    page = page_of(app)
    assert len(page.texts["pre"].strip()) == SHOWN_CHARACTERS
    assert "hidden" not in page.find("p", _class="cut")[0]


def test_token_is_asked_for_where_a_bearer_token_opens_the_api():
    app = application(Thing)
    assert not page_of(app).find("input", id="token")
    state_of(app).security = Security({"token": {"type": "http", "scheme": "Bearer"}}, lambda endpoint, method: True)
    assert page_of(app).find("input", id="token", type="password")


def test_cookies_that_scripts_must_not_read_are_not_shown():
    def get(self):
        return {}, 200, {"Set-Cookie": "session=secret; HttpOnly"}

    response = application(type("Thing", (Resource,), {"get": get})).test_client().get("/things", headers=BROWSER)
    assert "secret" not in response.text
    assert "session=secret" in response.headers["Set-Cookie"]


def test_body_in_another_encoding_does_not_hurt():
    def get(self):
        return Response(b'["caf\xe9"]', mimetype="application/json")

    assert page_of(application(type("Thing", (Resource,), {"get": get}))).texts["pre"].strip() == '["caf\ufffd"]'


# -- the index


def test_page_of_an_index_links_the_resources():
    app = Flask("shop")
    Api(app, prefix="/api").add_resource(Thing, "/things/<int:thing_id>", "/favourite")
    Api(app).add_resource(Index, "/")
    page = page_of(app, "/", environ_overrides={"SCRIPT_NAME": "/shop"})
    assert page.find("a", href="/shop/api/favourite")
    assert "/shop/api/things/{thing_id}" in page.texts["code"]


def test_root_is_the_applications_own_without_an_index():
    app = application(Thing)
    app.add_url_rule("/", "home", lambda: "<h1>The shop</h1>")
    assert app.test_client().get("/", headers=BROWSER).text == "<h1>The shop</h1>"


# -- the forms


@pytest.mark.parametrize(
    ("argument", "tag", "attributes"),
    [
        ({"type": inputs.string(2, 40)}, "input", {"type": "text", "minlength": "2", "maxlength": "40"}),
        ({"type": inputs.string(0, 4000)}, "textarea", {}),
        ({"type": inputs.integer(1, 9)}, "input", {"type": "number", "min": "1", "max": "9", "step": "1"}),
        ({"type": inputs.number(minimum=0)}, "input", {"type": "number", "min": "0", "step": "any"}),
        ({"type": inputs.boolean}, "input", {"type": "checkbox"}),
        ({"type": inputs.boolean, "default": True}, "input", {"type": "checkbox", "checked": None}),
        ({"type": inputs.date}, "input", {"type": "date"}),
        ({"type": inputs.datetime}, "input", {"type": "text", "placeholder": "2026-01-31T12:00:00Z"}),
        ({"type": inputs.email}, "input", {"type": "email"}),
        ({"type": inputs.url}, "input", {"type": "url"}),
        ({"type": dict}, "textarea", {}),
        ({"type": list, "location": "json"}, "textarea", {}),
        ({"choices": ("S", "M")}, "select", {}),
        ({"type": lambda value: value}, "input", {"type": "text"}),
        ({"type": FileStorage, "location": "files"}, "input", {"type": "file"}),
        ({"default": "blue"}, "input", {"type": "text", "value": "blue"}),
        ({"type": int, "default": 3}, "input", {"type": "number", "value": "3"}),
        ({"required": True}, "input", {"required": None}),
    ],
)
def test_control_of_an_argument(argument, tag, attributes):
    found_tag, found = form_of(RequestParser().add_argument("colour", **argument)).control("colour")
    assert found_tag == tag
    assert attributes.items() <= found.items()


def test_choices_and_their_default_are_offered():
    page = form_of(RequestParser().add_argument("size", choices=("S", 'M"'), default="S"))
    options = [(option["value"], "selected" in option) for option in page.find("option")]
    assert options == [("", False), ('"S"', True), ('"M\\""', False)]


def test_label_hint_and_error_belong_to_their_control():
    parser = RequestParser().add_argument("colour", required=True, help="A colour: {error_msg}")
    page = form_of(parser)
    _, control = page.control("colour")
    assert page.find("label", _for=control["id"])
    assert control["aria-describedby"].split() == [
        page.find("p", _class="hint")[0]["id"],
        page.find("p", _class="error")[0]["id"],
    ]
    assert "colour" in page.texts["label"]
    assert "required" in page.texts["label"]
    assert "A colour" in page.texts["form"]


def test_object_and_list_have_controls_for_their_parts():
    address = RequestParser().add_argument("street", required=True, location="json")
    parser = RequestParser().add_argument("address", type=address)
    parser.add_argument("tags", type=inputs.list_of(inputs.string(1, 30)))
    page = form_of(parser)
    assert page.find("fieldset", data_kind="object", data_name="address")
    assert page.control("street")[1]["required"] is None
    assert page.find("fieldset", data_kind="list", data_name="tags")
    assert page.control("tags")[1]["maxlength"] == "30"


def test_arguments_of_get_are_the_query():
    class Search(Resource):
        @expects(RequestParser().add_argument("q", location="args").add_argument("token", location="cookies"))
        def get(self, args):
            return []

    page = page_of(application(Search))
    assert page.find("form", data_method="GET")
    assert [field["data-location"] for field in page.find("div", data_name="q")] == ["query"]
    assert not page.find("div", data_name="token")


@pytest.mark.parametrize(
    ("location", "sent_in", "encoding"),
    [
        (("json", "values"), "json", "json"),
        ("json", "json", "json"),
        ("form", "form", "multipart"),
        ("values", "form", "multipart"),
        ("args", "query", "json"),
        ("headers", "header", "json"),
    ],
)
def test_location_of_an_argument_is_where_the_form_sends_it(location, sent_in, encoding):
    page = form_of(RequestParser().add_argument("colour", location=location))
    assert page.find("div", data_name="colour")[0]["data-location"] == sent_in
    assert page.find("form", data_method="POST")[0]["data-encoding"] == encoding


class Address(pydantic.BaseModel):
    street: str = pydantic.Field(max_length=80, description="Street and number")
    floor: int | None = None
    neighbour: "Address | None" = None


class Person(marshmallow.Schema):
    name = marshmallow.fields.String(required=True)
    born = marshmallow.fields.Date()


def test_form_of_a_pydantic_model():
    page = form_of(Address)
    assert page.control("street")[1].items() >= {"maxlength": "80", "required": None}.items()
    assert page.control("floor")[1]["type"] == "number"
    assert "Street and number" in page.texts["form"]
    assert page.find("fieldset", data_name="neighbour")


def test_form_of_a_marshmallow_schema():
    page = form_of(Person)
    assert "required" in page.control("name")[1]
    assert page.control("born")[1]["type"] == "date"


def test_parser_that_a_method_calls_itself_makes_the_form():
    parser = RequestParser().add_argument("colour")

    def post(self):
        return dict(parser.parse_args())

    page = page_of(application(type("Thing", (Resource,), {"post": post})), status=405)
    assert page.control("colour")[0] == "input"


def test_parser_of_a_method_decorator_makes_the_form():
    decorators = {"post": [expects(RequestParser().add_argument("colour"))]}
    members = {"post": lambda self, args: args, "method_decorators": decorators}
    page = page_of(application(type("Thing", (Resource,), members)), status=405)
    assert page.control("colour")[0] == "input"


def test_method_that_says_nothing_of_its_body_takes_any_json():
    page = page_of(application(type("Thing", (Resource,), {"post": lambda self: request.json})), status=405)
    assert page.find("div", data_name="", data_kind="json")


def test_parameters_that_decorators_describe_are_asked_for():
    def get(self):
        return []

    names = [("limit", "query"), ("X-Colour", "header"), ("If-None-Match", "header")]
    parameters = tuple({"name": name, "in": place, "schema": {"type": "string"}} for name, place in names)
    describe(get, Description(parameters=parameters))
    page = page_of(application(type("Things", (Resource,), {"get": get})))
    assert [found["data-name"] for found in page.find("div") if "data-name" in found] == ["limit", "X-Colour"]


# -- safety


@given(st.text())
def test_stored_text_is_only_text(text):
    page = page_of(application(type("Thing", (Resource,), {"get": lambda self: {"name": text}})))
    assert json.loads(page.texts["pre"]) == {"name": text}
    assert len(page.find("script")) == 1


@pytest.mark.parametrize("url", ["/things/<script>alert(1)</script>", "/things/%22onload=%22alert(1)"])
def test_requested_url_is_only_text(url):
    page = page_of(application(Thing, "/things/<path:name>"), url)
    assert len(page.find("script")) == 1
    assert not any(name.startswith("on") for _, found in page.elements for name in found)


def test_page_may_load_only_its_own_files_and_run_only_its_own_script():
    response = application(Thing).test_client().get("/things", headers=BROWSER)
    policy = dict(directive.split(" ", 1) for directive in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert {policy[name] for name in ("frame-ancestors", "base-uri", "form-action")} == {"'none'"}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|https?://", response.text)


@pytest.mark.parametrize(
    ("name", "mimetype"), [("page.css", "text/css"), ("page.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
)
def test_files_of_the_page_are_cached_under_urls_that_change_with_them(name, mimetype):
    app = application(Thing)
    url = re.search(rf"/_restwell/{re.escape(name)}\?v=\w+", app.test_client().get("/things", headers=BROWSER).text)
    response = app.test_client().get(url[0])
    assert response.mimetype == mimetype
    assert response.cache_control.immutable
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_no_other_file_is_served():
    client = application(Thing).test_client()
    assert client.get("/_restwell/page.html").status_code == 404
    assert client.get("/_restwell/..%2fbrowse.py").status_code == 404
