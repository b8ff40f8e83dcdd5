"""RESTFUL_JSON: what the application says about the JSON text."""

from datetime import date
from json import JSONEncoder


class IsoEncoder(JSONEncoder):
    def default(self, value):
        return value.isoformat() if isinstance(value, date) else super().default(value)


def build(framework, app):
    app.config["RESTFUL_JSON"] = {
        "separators": (", ", ": "),
        "indent": 2,
        "sort_keys": True,
        "ensure_ascii": False,
        "cls": IsoEncoder,
    }
    api = framework.Api(app)

    @api.resource("/item")
    class Item(framework.Resource):
        def get(self):
            return {"name": "größe", "on": date(2024, 2, 29), "numbers": [1, 2.5, None], "a": {}}

        def post(self):
            framework.abort(409, message="größe", on=date(2024, 2, 29))

        def put(self):
            return {"unknown": object()}

        def delete(self):
            return None, 204


REQUESTS = {
    "a value": {"path": "/item"},
    "an error": {"method": "POST", "path": "/item"},
    "a value that the encoder refuses": {"method": "PUT", "path": "/item"},
    "nothing": {"method": "DELETE", "path": "/item"},
    "a method it lacks": {"method": "PATCH", "path": "/item"},
}
