"""A mistake is told at the line of the application that made it."""

import warnings

from restwell import mistakes, reqparse


def test_a_warning_stands_at_the_line_outside_of_the_libraries():
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        reqparse.RequestParser().add_argument("v", action="splitt")  # through Flask-RESTful's code and Restwell's
        reqparse.Argument("v", action="splitt")
        mistakes.warn("at once")
    assert [warning.filename for warning in warned] == [__file__] * 3
    assert str(warned[2].message) == "at once"
