"""json_response, as_json and as_json_p, where the reference texts leave off."""

import json
from http import HTTPStatus

import pytest
from flask import Flask, Response, redirect
from hypothesis import given
from hypothesis import strategies as st

from restwell.json.provider import FlaskJSONProvider
from restwell.output.responses import as_json, as_json_p, json_response


@pytest.fixture(name="app")
def make_app():
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    with app.app_context():
        yield app


def get(app, view, url="/"):
    app.add_url_rule("/", view_func=view)
    return app.test_client().get(url)


# json_response


def test_status_is_added_without_the_extension_as_well(app):
    response = json_response(202, name="x")
    assert response.status_code == 202
    assert response.json == {"name": "x", "status": 202}


def test_caller_s_dict_is_never_changed(app):
    data = {"name": "x"}
    assert json_response(data_=data, price=1).json == {"name": "x", "price": 1, "status": 200}
    assert data == {"name": "x"}


def test_status_key_in_data_is_kept(app):
    assert json_response(data_={"status": "sold"}).json == {"status": "sold"}


def test_keywords_beside_a_list_are_refused(app):
    with pytest.raises(AssertionError, match="keywords"):
        json_response(data_=[1], name="x")


@pytest.mark.parametrize("data", [[], 0, False, ""])
def test_content_that_is_false_is_content(app, data):
    assert json_response(data_=data).json == data


def test_headers_replace_those_of_the_same_name_and_may_repeat(app):
    headers = iter([("Content-Type", "application/hal+json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    response = json_response(headers_=headers)
    assert response.headers.getlist("Content-Type") == ["application/hal+json"]
    assert response.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_status_may_come_from_the_standard_library(app):
    response = json_response(HTTPStatus.IM_A_TEAPOT)
    assert response.status_code == 418
    assert response.json == {"status": 418}


# as_json


def test_view_keeps_its_name_and_documentation():
    @as_json
    def view():
        """What it does."""

    assert (view.__name__, view.__doc__) == ("view", "What it does.")


@pytest.mark.parametrize(
    ("value", "status", "header"),
    [
        (({"a": 1},), 200, None),
        (({"a": 1}, 202), 202, None),
        (({"a": 1}, {"X-A": "b"}), 200, "b"),
        (({"a": 1}, [("X-A", "b")]), 200, "b"),
        (({"a": 1}, 202, {"X-A": "b"}), 202, "b"),
        (({"a": 1}, {"X-A": "b"}, 202), 202, "b"),
        (({"a": 1}, 202, None), 202, None),
        (({"a": 1}, None, 202), 202, None),
    ],
)
def test_every_form_of_return_value(app, value, status, header):
    response = get(app, as_json(lambda: value))
    assert response.status_code == status
    assert response.json == {"a": 1, "status": status}
    assert response.headers.get("X-A") == header


@pytest.mark.parametrize("value", [(), ({}, "201"), ({}, 201, "x"), ({}, 200, {}, {}), ({}, 200, 201), ({}, 1.5)])
def test_other_forms_of_return_value_are_refused(app, value):
    with pytest.raises((TypeError, ValueError), match=r"."):
        as_json(lambda: value)()


@pytest.mark.parametrize("value", [object(), [object()]])
def test_what_json_cannot_write_is_refused(app, value):
    with pytest.raises(TypeError, match="is not JSON serializable"):
        as_json(lambda: value)()


def test_keys_of_the_content_are_never_taken_for_arguments(app):
    content = {"status_": 1, "data_": 2, "headers_": 3}
    assert get(app, as_json(lambda: content)).json == {**content, "status": 200}


def test_response_that_is_not_json_is_refused(app):
    with pytest.raises(AssertionError, match="text/html"):
        as_json(lambda: redirect("/"))()


@pytest.mark.parametrize("mimetype", ["application/json", "application/problem+json", "text/x-own"])
def test_json_response_is_passed_on(app, mimetype):
    app.json.mimetype = "text/x-own"
    response = Response("{}", mimetype=mimetype)
    assert as_json(lambda: response)() is response


def test_view_may_be_asynchronous(app):
    @as_json
    async def view():
        return [1, 2]

    assert get(app, view).json == [1, 2]


# as_json_p


@pytest.mark.parametrize("callback", ["alert", "app.show", "$", "_a1", "jQuery1.cb_2", "angular.callbacks._0"])
def test_callback_that_is_an_identifier_path_is_called(app, callback):
    response = get(app, as_json_p(lambda: {"a": 1}), f"/?callback={callback}")
    assert response.text == f'{callback}({{"a":1}});'
    assert response.content_type == "application/javascript"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "callback",
    [
        "",
        "alert(1)//",
        "a-b",
        "1a",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a;b",
        "a[0]",
        "<script>",
        "a\n",
        "é",
        "a%00",
        "a'",
        'a"',
    ],
)
def test_callback_that_is_no_identifier_path_is_refused_before_the_view_runs(app, callback):
    def view():
        raise AssertionError("the view ran")

    app.add_url_rule("/", view_func=as_json_p(view))
    response = app.test_client().get("/", query_string={"callback": callback})
    assert response.status_code == 400
    assert "not a JavaScript identifier" in response.text


@given(st.text())
def test_any_string_is_escaped_as_json_in_a_script(text):
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    app.json.ensure_ascii = False
    script = get(app, as_json_p(lambda: text), "/?callback=f").text
    assert json.loads(script.removeprefix("f(").removesuffix(");")) == text
    assert script.isascii()
    assert script.isprintable()
    assert not set(script) & set("<>&")


def test_content_is_escaped_like_a_string(app):
    app.json.ensure_ascii = False
    content = ['</script><!-- & "\\\n\u2028\u2029é']
    script = get(app, as_json_p(lambda: content), "/?callback=f").text
    assert script == r'f(["\u003c/script\u003e\u003c!-- \u0026 \"\\\n\u2028\u2029\u00e9"]);'


def test_view_in_jsonp_may_be_asynchronous(app):
    @as_json_p(optional=False)
    async def view():
        return "a"

    assert get(app, view, "/?jsonp=f").text == 'f("a");'
