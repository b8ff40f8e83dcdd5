"""What decorators say of a method, for everything that describes the API."""

from functools import wraps

from restwell import declared
from restwell.declared import Description, declaration_of, declare, describe, description_of, docstring


def view():
    def get(self):
        return {}

    return get


def test_a_method_of_which_nothing_was_said_has_an_empty_declaration():
    assert declaration_of(view()) == declared.Declaration()
    assert description_of(view(), {}) == Description()


def test_what_is_said_later_leaves_what_was_said_before():
    method = view()
    declare(method, expects="a parser")
    declare(method, many=3)
    assert (declaration_of(method).expects, declaration_of(method).many) == ("a parser", 3)


def test_decorators_around_it_keep_it_and_the_method_inside_does_not_learn_of_it():
    method = view()
    declare(method, expects="a parser")

    @wraps(method)
    def outer(self):
        return method(self)

    declare(outer, marshals="fields")
    assert (declaration_of(outer).expects, declaration_of(outer).marshals) == ("a parser", "fields")
    assert declaration_of(method).marshals is None


def test_a_description_may_depend_on_an_option():
    method = view()
    describe(method, Description(responses={428: "without a condition"}), option="API_REQUIRE_IF_MATCH")
    describe(method, Description(responses={412: "when it has changed"}))
    assert description_of(method, {}).responses == {412: "when it has changed"}
    assert description_of(method, {"API_REQUIRE_IF_MATCH": True}).responses.keys() == {412, 428}


def test_descriptions_are_added_and_the_later_one_counts():
    first = Description(
        parameters=({"name": "limit", "in": "query", "description": "first"}, {"name": "sort", "in": "query"}),
        responses={200: "first"},
        headers={200: {"Link": {}}},
    )
    second = Description(
        parameters=({"name": "limit", "in": "query", "description": "second"},),
        responses={200: "second", 404: "gone"},
        headers={200: {"ETag": {}}},
        is_partial=True,
    )
    both = first + second
    assert [(each["name"], each.get("description")) for each in both.parameters] == [
        ("limit", "second"),
        ("sort", None),
    ]
    assert both.responses == {200: "second", 404: "gone"}
    assert both.headers == {200: {"Link": {}, "ETag": {}}}
    assert both.is_partial


def test_docstring_ends_where_sphinx_has_its_fields():
    def documented():
        """Read a book.

        All of it.

        :param book_id: which one.
        """

    assert docstring(documented) == "Read a book.\n\nAll of it."
    assert docstring(view()) == ""
