"""Source: what can be told of a view from its code, and what is left open."""

import http
from functools import wraps

import flask
import werkzeug.exceptions
from flask import Response, redirect, request

from restwell import APIError, JsonError, abort, abort_if_missing, marshal_with, reqparse
from restwell.description.source import source_of

parser = reqparse.RequestParser()


def successes(view):
    return source_of(view).successes


def errors(view):
    return source_of(view).errors


def test_returned_data_is_a_200():
    def view():
        return {"a": 1}

    assert successes(view) == {200: set()}


def test_a_view_without_a_return_is_a_200():
    def view():
        request.get_json()

    assert successes(view) == {200: set()}


def test_returned_status_and_headers_are_told():
    def view():
        if request.args:
            return {}, http.HTTPStatus.ACCEPTED
        return {}, 201, {"Location": "/1", "ETag": '"1"'}

    assert successes(view) == {201: {"Location", "ETag"}, 202: set()}


def test_either_of_two_statuses_is_told():
    def view():
        return {}, 201 if request.args else 200

    def other():
        return ({}, 201) if request.args else ""

    assert successes(view) == successes(other) == {200: set(), 201: set()}


def test_a_status_that_the_code_does_not_say_is_open():
    def call():
        return redirect("/")

    def instance():
        return Response("")

    def name():
        status = len(request.args)
        return {}, status

    assert successes(call) == successes(instance) == successes(name) == {None: set()}


def test_a_returned_error_is_an_error():
    def view():
        return {"message": "Not yet"}, 503

    assert successes(view) == {}
    assert errors(view) == {503}


def test_aborts_and_raised_errors_are_told():
    def view():
        abort(409, message="Taken")
        flask.abort(410)
        abort_if_missing(None, "Not found")
        if request.args:
            raise werkzeug.exceptions.Forbidden
        if request.form:
            raise APIError("Too early", 425)
        if request.files:
            raise APIError("Wrong", status_code=422)
        if request.headers:
            raise APIError("Wrong")
        raise JsonError(status_=402)

    assert errors(view) == {400, 402, 403, 404, 409, 410, 422, 425}


def test_what_never_returns_has_no_success():
    def aborting():
        abort(501)

    def raising():
        raise werkzeug.exceptions.NotImplemented

    assert successes(aborting) == successes(raising) == {}


def test_what_inner_functions_do_is_not_what_the_view_does():
    def view():
        def inner():
            abort(410)
            return {}, 202

        return list(map(inner, ()))

    assert successes(view) == {200: set()}
    assert errors(view) == set()


def test_other_functions_of_these_names_are_not_mistaken():
    def abort(status):
        return status

    def view():
        return abort(410)

    assert errors(view) == set()


def test_parsers_are_told():
    def view():
        return parser.parse_args()

    assert source_of(view).parsers == [parser]


def test_decorators_are_looked_through():
    def decorator(function):
        @wraps(function)
        def wrapper():
            return function(), 299

        return wrapper

    @decorator
    @marshal_with({})
    def view():
        return {}, 202

    assert successes(view) == {202: set()}


def test_async_views_are_read():
    async def view():
        return {}, 202

    assert successes(view) == {202: set()}


def test_nothing_is_known_without_code():
    namespace = {}
    exec("def view():\n    return {}, 202", namespace)  # noqa: S102 - the point is code without a file

    assert successes(namespace["view"]) == {}
    assert successes(len) == {}
