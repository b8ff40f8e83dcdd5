"""The input types that come with Flask-RESTful, in a query string and in JSON."""

from datetime import date, datetime

VALUES = {
    "url": [
        "http://www.example.com/path?a=1",
        "https://user:pw@localhost:8080/",
        "www.example.com",
        "foo",
        "ftp://x.y/z",
    ],
    "regex": ["123", "12a", ""],
    "date": ["2024-02-29", "2023-02-29", "29.2.2024", "2024-02-29T00:00:00"],
    "natural": ["0", "7", "-1", "x", "1.5"],
    "positive": ["1", "0", "-7", "x"],
    "int_range": ["1", "5", "0", "6", "x"],
    "boolean": ["true", "False", "1", "0", "TRUE", "yes", ""],
    "rfc822": ["Thu, 29 Feb 2024 12:30:15 -0000", "Thu, 29 Feb 2024 12:30:15 +0200", "yesterday"],
    "iso8601": ["2024-02-29T12:30:15Z", "2024-02-29T12:30:15.123+02:00", "2024-02-29", "yesterday"],
    "interval": ["2024-02-29", "2024-02-28T10/2024-02-29", "2024-02-29/P1D", "2024-02-29T12:30Z", "x/y", "2024-13"],
}
JSON_VALUES = {
    "natural": [7, -7, 1.5, True, None],
    "positive": [7, 0],
    "int_range": [3, 7],
    "boolean": [True, False, 1, 0, None, 7],
    "url": [7],
    "date": [20240229],
}


def plain(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def build(framework, app):
    inputs = framework.inputs
    types = {
        "url": inputs.url,
        "regex": inputs.regex("^[0-9]+$"),
        "date": inputs.date,
        "natural": inputs.natural,
        "positive": inputs.positive,
        "int_range": inputs.int_range(1, 5),
        "boolean": inputs.boolean,
        "rfc822": inputs.datetime_from_rfc822,
        "iso8601": inputs.datetime_from_iso8601,
        "interval": inputs.iso8601interval,
    }
    api = framework.Api(app)

    @api.resource("/<name>")
    class Parsed(framework.Resource):
        def get(self, name):
            return self.parse(name, "args")

        def post(self, name):
            return self.parse(name, "json")

        def parse(self, name, location):
            parser = framework.reqparse.RequestParser()
            parser.add_argument("value", type=types[name], location=location)
            return plain(parser.parse_args()["value"])


REQUESTS = {
    f"{name} of {value!r}": {"path": f"/{name}", "query_string": {"value": value}}
    for name, values in VALUES.items()
    for value in values
} | {
    f"{name} of the JSON value {value!r}": {"method": "POST", "path": f"/{name}", "json": {"value": value}}
    for name, values in JSON_VALUES.items()
    for value in values
}
