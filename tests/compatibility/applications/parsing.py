"""Request parsers with every option that Flask-RESTful documents, each sent what it takes and what it refuses."""

from decimal import Decimal

from werkzeug.datastructures import FileStorage


def odd_number(value):
    if int(value) % 2 == 0:
        raise ValueError("Value is not odd")
    return int(value)


def named_odd_number(value, name):
    if int(value) % 2 == 0:
        raise ValueError(f"The parameter '{name}' is not odd. You gave us the value: {value}")
    return int(value)


def comparison(value, name, operator):
    return [name, operator, value]


def task_status(value):
    return ["init", "in-progress", "completed"].index(value)


def broken_type(value):
    raise TypeError(f"{value} broke it")


def parsers(reqparse):
    """All parsers, by the name that they have in the URL."""

    def parser(*arguments, **options):
        made = reqparse.RequestParser(**options)
        for name, settings in arguments:
            made.add_argument(name, **settings)
        return made

    class Reversing(reqparse.Argument):
        def convert(self, value, operator):
            return super().convert(value, operator)[::-1]

    class Upper(reqparse.Namespace):
        def __setitem__(self, name, value):
            super().__setitem__(name.upper(), value)

    base = parser(("foo", {"type": int}), ("bar", {"trim": True}))
    extended = base.copy()
    extended.add_argument("extra", type=int)
    replaced = extended.copy()
    replaced.replace_argument("foo", required=True, location="json")
    removed = replaced.copy()
    removed.remove_argument("foo")

    return {
        "basic": parser(("rate", {"type": int, "help": "Rate cannot be converted"}), ("name", {})),
        "required": parser(("name", {"required": True, "help": "Name cannot be blank!"}), ("rate", {"required": True})),
        "required-somewhere": parser(
            *(
                (location, {"location": location, "required": True})
                for location in ("json", "form", "args", "values", "headers", "cookies", "files", "view_args")
            ),
            ("anywhere", {"location": ("args", "cookies"), "required": True}),
            bundle_errors=True,
        ),
        "append": parser(("name", {"action": "append"}), ("number", {"action": "append", "type": int})),
        "append-default": parser(("name", {"action": "append", "default": ["nobody"], "choices": ("bob", "sue")})),
        "dest": parser(("name", {"dest": "public_name"})),
        "default": parser(("limit", {"type": int, "default": 10}), ("made", {"default": lambda: "by a callable"})),
        "store-missing": parser(("name", {"store_missing": False}), ("rate", {"store_missing": False, "default": 7})),
        "form": parser(("name", {"type": int, "location": "form"})),
        "args": parser(("PageSize", {"type": int, "location": "args"})),
        "values": parser(("name", {"location": "values", "action": "append"})),
        "json": parser(("name", {"location": "json"}), ("tags", {"type": list, "location": "json"})),
        "headers": parser(("User-Agent", {"location": "headers"}), ("x-rate", {"location": "headers", "type": int})),
        "cookies": parser(("session_id", {"location": "cookies"})),
        "files": parser(("picture", {"type": FileStorage, "location": "files", "required": True})),
        "view-args": parser(("name", {"location": "view_args"})),
        "no-such-location": parser(("name", {"location": "nowhere", "default": "none"})),
        "last-wins": parser(("text", {"location": ["args", "form"]}), ("Text", {"location": ["headers", "values"]})),
        "collected": parser(("text", {"location": ["args", "form"], "action": "append"})),
        "choices": parser(("foo", {"choices": ("one", "two"), "help": "Bad choice: {error_msg}"})),
        "choices-of-type": parser(("foo", {"type": int, "choices": range(5), "default": 1})),
        "case-insensitive": parser(("foo", {"choices": ["One", "TWO"], "case_sensitive": False})),
        "ignore": parser(("foo", {"type": int, "ignore": True}), ("bar", {"type": int, "ignore": True, "default": 3})),
        "operators": parser(
            ("foo", {"type": comparison, "operators": ["=", "<=", ">="], "action": "append"}),
            ("bar", {"type": comparison, "operators": [">"]}),
        ),
        "trim": parser(("foo", {}), ("bar", {"trim": False}), trim=True),
        "not-nullable": parser(("foo", {"nullable": False, "type": int}), ("bar", {"type": int})),
        "types": parser(
            ("odd", {"type": odd_number}),
            ("named", {"type": named_odd_number, "help": "Odd, please ({error_msg})"}),
            ("status", {"type": task_status}),
            ("price", {"type": Decimal}),
            ("flag", {"type": bool}),
            ("object", {"type": dict}),
            ("mapping", {"type": {"a": 1}.__getitem__}),
        ),
        "broken-type": parser(("foo", {"type": broken_type})),
        "bundled-broken-type": parser(("foo", {"type": broken_type}), ("bar", {"type": int}), bundle_errors=True),
        "bundled": parser(
            ("foo", {"type": int, "required": True, "help": "foo error message"}),
            ("bar", {"type": odd_number, "required": True}),
            ("baz", {"choices": ("one",)}),
            bundle_errors=True,
        ),
        "not-bundled": parser(("foo", {"type": int, "required": True}), ("bar", {"type": int, "required": True})),
        "base": base,
        "extended": extended,
        "replaced": replaced,
        "removed": removed,
        "own-argument": parser(("foo", {}), argument_class=Reversing),
        "own-namespace": parser(("foo", {}), namespace_class=Upper),
        "given": reqparse.RequestParser()
        .add_argument(reqparse.Argument("foo", type=int))
        .add_argument("bar", default="chained"),
    }


def plain(arguments):
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in arguments.items()}


def build(framework, app):
    api = framework.Api(app)
    by_name = parsers(framework.reqparse)

    @api.resource("/<name>")
    class Parsed(framework.Resource):
        def get(self, name):
            return plain(by_name[name].parse_args())

        post = get

        def put(self, name):
            return plain(by_name[name].parse_args(strict=True))

        def patch(self, name):
            return plain(by_name[name].parse_args(http_error_code=422))

    root_parser = framework.reqparse.RequestParser()
    root_parser.add_argument("id", type=int)
    root_parser.add_argument("name", type=dict)
    root_parser.add_argument("item", type=dict)
    name_parser = framework.reqparse.RequestParser()
    name_parser.add_argument("first", location=("name",), required=True)
    name_parser.add_argument("middle", location=("name",), action="append")
    item_parser = framework.reqparse.RequestParser()
    item_parser.add_argument("price", type=int, location="item")

    @api.resource("/nested/by/root")
    class Nested(framework.Resource):
        def post(self):
            root = root_parser.parse_args()
            name = name_parser.parse_args(req=root)
            item = item_parser.parse_args(req=root)
            return {"id": root.id, "first": name.first, "middle": name.middle, "price": item["price"]}

    @api.resource("/describe/<name>")
    class Described(framework.Resource):
        def get(self, name):
            return [str(argument) for argument in by_name[name].args if argument.type in (int, str)]


def get(path, **options):
    return {"path": path, **options}


def post(path, json=None, **options):
    return {"method": "POST", "path": path, **({} if json is None else {"json": json}), **options}


def form(path, *pairs, **options):
    body = "&".join(pairs)
    return {
        "method": "POST",
        "path": path,
        "data": body,
        "content_type": "application/x-www-form-urlencoded",
        **options,
    }


JSON_BODIES = {
    "basic": [{"rate": 7, "name": "bob"}, {"rate": "7"}, {"rate": "foo"}, {"rate": None}, {"name": ["a", "b"]}, {}],
    "required": [{"name": "bob", "rate": "7"}, {"name": "bob"}, {"rate": "7"}, {"name": None, "rate": "1"}, {}],
    "required-somewhere": [{}, {"json": "here"}],
    "append": [{"name": ["bob", "sue"]}, {"name": "bob"}, {"number": [1, "2"]}, {"number": [1, "two"]}, {"name": []}],
    "append-default": [{}, {"name": ["bob"]}, {"name": ["bob", "joe"]}, {"name": []}],
    "dest": [{"name": "bob"}, {"public_name": "bob"}],
    "default": [{}, {"limit": 3, "made": "by hand"}, {"limit": None}],
    "store-missing": [{}, {"name": "bob"}],
    "json": [{"name": "bob", "tags": ["a", "b"]}, {"tags": "ab"}, {"tags": 7}],
    "choices": [{"foo": "one"}, {"foo": "three"}, {"foo": "One"}, {}],
    "choices-of-type": [{"foo": "4"}, {"foo": 5}, {"foo": -1}, {}],
    "case-insensitive": [{"foo": "ONE"}, {"foo": "two"}, {"foo": "three"}],
    "ignore": [{"foo": "x", "bar": "y"}, {"foo": 1, "bar": 2}],
    "operators": [{"foo": "1"}, {"foo<": "1"}, {"foo<=": "1"}, {"bar>": "2"}, {"bar": "2", "bar>": "3"}],
    "trim": [{"foo": " a ", "bar": " b "}, {"foo": 7}],
    "not-nullable": [{"foo": None}, {"bar": None}, {"foo": 1, "bar": 2}, {}],
    "types": [
        {"odd": 3, "named": 5, "status": "completed", "price": "9.99", "flag": "false", "object": {"a": 1}},
        {"odd": 2},
        {"named": 2},
        {"status": "lost"},
        {"price": 9.99},
        {"price": "expensive"},
        {"object": "a"},
        {"object": 7},
        {"mapping": "a"},
        {"mapping": "b"},
    ],
    "broken-type": [{"foo": "x"}],
    "bundled-broken-type": [{"foo": "x", "bar": "y"}, {"foo": "x"}],
    "bundled": [{}, {"foo": "x", "bar": 2, "baz": "two"}, {"foo": 1, "bar": 3, "baz": "one"}, {"foo": 1}],
    "not-bundled": [{}, {"foo": "x", "bar": "y"}, {"foo": 1, "bar": "y"}],
    "extended": [{"foo": 1, "bar": " b ", "extra": 2}, {"extra": "x"}],
    "replaced": [{"foo": "text"}, {"extra": 1}],
    "removed": [{"foo": "text", "bar": "b"}],
    "own-argument": [{"foo": "abc"}],
    "own-namespace": [{"foo": "abc"}],
    "given": [{"foo": "7"}, {"foo": "x"}],
}

REQUESTS = (
    {f"{name}: JSON {body}": post(f"/{name}", body) for name, bodies in JSON_BODIES.items() for body in bodies}
    | {f"{name}: GET with a JSON body": get(f"/{name}", json={"foo": "1"}) for name in ("basic", "base", "trim")}
    | {
        f"{name}: strict with {body}": post(f"/{name}", body, method="PUT")
        for name in ("basic", "base", "removed", "given")
        for body in ({"foo": 1, "bar": "2"}, {"rate": 1}, {"foo": 1, "surprise": 2, "more": 3}, {})
    }
    | {
        f"{name}: 422 for {body}": post(f"/{name}", body, method="PATCH")
        for name in ("bundled", "not-bundled")
        for body in ({"foo": 1, "bar": 3}, {"foo": "x"})
    }
    | {
        "form: form": form("/form", "name=7"),
        "form: form refused": form("/form", "name=x"),
        "form: JSON": post("/form", {"name": 7}),
        "form: query": post("/form?name=7"),
        "args: query": get("/args?PageSize=7"),
        "args: query refused": get("/args?PageSize=all"),
        "args: repeated": get("/args?PageSize=1&PageSize=2"),
        "args: another case": get("/args?pagesize=7"),
        "args: JSON": post("/args", {"PageSize": 7}),
        "values: query and form": form("/values?name=query", "name=form", "name=again"),
        "values: nothing": get("/values"),
        "json: nothing at all": post("/json"),
        "json: a form": form("/json", "name=bob"),
        "headers: given": get("/headers", headers={"User-Agent": "curl", "X-RATE": "7"}),
        "headers: refused": get("/headers", headers={"X-Rate": "x"}),
        "cookies: given": get("/cookies", headers={"Cookie": "session_id=7; other=8"}),
        "cookies: missing": get("/cookies"),
        "files: missing": post("/files"),
        "view-args: given": get("/view-args"),
        "no-such-location: nothing": get("/no-such-location"),
        "last-wins: form only": form("/last-wins", "text=form"),
        "last-wins: query only": get("/last-wins?text=query"),
        "last-wins: both": form("/last-wins?text=query", "text=form"),
        "last-wins: header": get("/last-wins", headers={"Text": "header"}),
        "last-wins: header and query": get("/last-wins?Text=query", headers={"Text": "header"}),
        "collected: both": form("/collected?text=query", "text=form"),
        "basic: form": form("/basic", "rate=7", "name=bob"),
        "basic: form refused": form("/basic", "rate=x"),
        "basic: query": get("/basic?rate=7&name=b%C3%B6b"),
        "basic: query of a POST without a body": post("/basic?rate=7"),
        "basic: nothing": get("/basic"),
        "basic: text body": post("/basic?rate=7", data="text", content_type="text/plain"),
        "basic: no content type": post("/basic?rate=7", data=b"bytes"),
        "basic: query beside JSON": post("/basic?name=query", {"rate": 7}),
        "basic: both": post("/basic?name=query", {"name": "json"}),
        "basic: vendor JSON": post("/basic", data='{"rate": 7}', content_type="application/vnd.api+json"),
        "basic: cut JSON": post("/basic", data='{"rate": 7', content_type="application/json"),
        "basic: no JSON": post("/basic", data=b"", content_type="application/json"),
        "basic: a JSON list": post("/basic", [1, 2]),
        "basic: a JSON null": post("/basic", data="null", content_type="application/json"),
        "required: form": form("/required", "name=bob", "rate=7"),
        "required: nothing": post("/required"),
        "required: empty text": form("/required", "name=", "rate="),
        "append: form": form("/append", "name=bob", "name=sue", "name=joe", "number=1", "number=2"),
        "append: query refused": get("/append?number=1&number=two"),
        "choices: query": get("/choices?foo=one"),
        "choices: query refused": get("/choices?foo=three"),
        "case-insensitive: query": get("/case-insensitive?foo=oNe"),
        "operators: query": get("/operators?foo<=1&foo>=2&foo=3&bar>4"),
        "operators: query, escaped": get("/operators?foo%3C=1&bar%3E=4"),
        "ignore: query": get("/ignore?foo=x&bar=y"),
        "store-missing: nothing": get("/store-missing"),
        "default: nothing": get("/default"),
        "trim: form": form("/trim", "foo=+a+", "bar=+b+"),
        "bundled: nothing": get("/bundled"),
        "replaced: query": get("/replaced?foo=1"),
        "strict query": {"method": "PUT", "path": "/base?foo=1&bar=2"},
        "strict query refused": {"method": "PUT", "path": "/base?foo=1&surprise=2"},
        "nested": post(
            "/nested/by/root", {"id": 1, "name": {"first": "bob", "middle": ["a", "b"]}, "item": {"price": "9"}}
        ),
        "nested, missing": post("/nested/by/root", {"id": 1, "name": {"last": "x"}, "item": {}}),
        "nested, refused": post("/nested/by/root", {"name": {"first": "bob"}, "item": {"price": "x"}}),
        "nested, no object": post("/nested/by/root", {"id": 1}),
        "an argument described": get("/describe/base"),
        "choices described": get("/describe/choices-of-type"),
    }
)
