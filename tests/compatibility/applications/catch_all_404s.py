"""An Api that answers every unknown URL, even those that no Api owns."""

from flask import abort


def build(framework, app):
    api = framework.Api(app, prefix="/api", catch_all_404s=True)

    @api.resource("/item/<int:number>", "/items/")
    class Item(framework.Resource):
        def get(self, number=0):
            if number == 7:
                framework.abort(404, message="No seven")
            return number

    @app.route("/page")
    def page():
        return "<p>A page</p>"

    @app.route("/page/missing")
    def missing_page():
        abort(404, "A page that misses")

    @app.route("/page/broken")
    def broken_page():
        raise KeyError("page")


REQUESTS = {
    "an item": {"path": "/api/item/1"},
    "an item that aborts": {"path": "/api/item/7"},
    "an unknown item": {"path": "/api/item/seven"},
    "an unknown URL beside the Api": {"path": "/nowhere"},
    "an unknown URL, accepting HTML": {"path": "/nowhere", "headers": {"Accept": "text/html"}},
    "a slash that is missing": {"path": "/api/items"},
    "a slash that is missing, with a query": {"path": "/api/items?limit=3"},
    "a method that an item lacks": {"method": "POST", "path": "/api/item/1"},
    "a page": {"path": "/page"},
    "a page that aborts": {"path": "/page/missing"},
    "a page that fails": {"path": "/page/broken"},
    "a method that a page lacks": {"method": "POST", "path": "/page"},
    "a static file": {"path": "/static/missing.css"},
}
