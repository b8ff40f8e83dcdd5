"""The application in debug mode: JSON for people to read."""


def build(framework, app):
    app.debug = True
    api = framework.Api(app)

    @api.resource("/item")
    class Item(framework.Resource):
        def get(self):
            return {"name": "größe", "a": {"list": [1, 2], "empty": {}, "none": []}}

        def post(self):
            framework.abort(409, message="In use", by="bob")

        def delete(self):
            return "", 204


REQUESTS = {
    "a value": {"path": "/item"},
    "an error": {"method": "POST", "path": "/item"},
    "no content": {"method": "DELETE", "path": "/item"},
    "a method it lacks": {"method": "PATCH", "path": "/item"},
    "an unknown URL": {"path": "/nowhere"},
}
