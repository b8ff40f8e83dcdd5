"""More media types than JSON: XML and CSV by the Api and by a resource, and which of them Accept chooses."""
# ruff: noqa: RUF012 - class attributes as Flask-RESTful's documentation writes them

import csv
import io
import json

from flask import Response, make_response


def output_xml(data, code, headers=None):
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in data.items())
    response = make_response(f'<?xml version="1.0" ?><response>{elements}</response>', code)
    response.headers.extend(headers or {})
    return response


def output_csv(data, code, headers=None):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=data, lineterminator="\n")
    writer.writeheader()
    writer.writerow(data)
    return Response(text.getvalue(), code, headers)


def output_indented_json(data, code, headers=None):
    response = make_response(json.dumps(data, indent=1), code)
    response.headers.extend(headers or {})
    return response


def build(framework, app):
    class Hello(framework.Resource):
        def get(self, entry):
            return {"hello": entry}

        def post(self, entry):
            return {"hello": entry, "made": True}, 201, {"X-Made": "yes"}

        def delete(self, entry):
            framework.abort(409, message="In use", by=entry)

    class OwnRepresentations(framework.Resource):
        representations = {"text/csv": output_csv, "application/vnd.hello+json": output_indented_json}

        def get(self, entry):
            return {"hello": entry, "comma": "a,b"}

        def post(self, entry):
            return {"hello": entry}, 202, {"X-Made": "yes"}

        def delete(self, entry):
            framework.abort(410, message="Never there")

    class ManyRepresentations(framework.Api):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.representations = {
                "application/xml": output_xml,
                "text/csv": output_csv,
                "application/json": output_indented_json,
            }

    def add(api):
        class EntriesOwn(OwnRepresentations):
            pass

        api.add_resource(type("Entry", (Hello,), {}), "/<entry>", endpoint=f"{api.prefix[1:]}_entry")
        api.add_resource(EntriesOwn, "/own/<entry>", endpoint=f"{api.prefix[1:]}_own")

    decorated = framework.Api(app, prefix="/decorated")
    decorated.representation("text/csv")(output_csv)

    @decorated.representation("application/xml")
    def decorated_xml(data, code, headers):
        return output_xml(data, code, headers)

    add(decorated)
    add(framework.Api(app, prefix="/json"))
    add(framework.Api(app, prefix="/strict", default_mediatype=None))
    add(framework.Api(app, prefix="/plain", default_mediatype="text/plain"))
    add(framework.Api(app, prefix="/unknown", default_mediatype="image/png"))
    add(ManyRepresentations(app, prefix="/many"))
    xml = framework.Api(app, prefix="/xml", default_mediatype="application/xml")
    xml.representations["application/xml"] = output_xml
    add(xml)
    none = framework.Api(app, prefix="/none", default_mediatype=None)
    none.representations = {}
    add(none)

    class MediaTypes(framework.Resource):
        def get(self):
            return {"requested": decorated.mediatypes(), "served": self.mediatypes()}

    decorated.add_resource(MediaTypes, "/media-types")


ACCEPTS = [
    "*/*",
    "application/json",
    "application/xml",
    "application/*",
    "text/plain",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/xml;q=0.5, text/csv;q=0.8, application/json;q=0.1",
    "application/json;q=0",
    "application/vnd.hello+json",
    "application/json;indent=2",
    "image/png",
]

REQUESTS = (
    {
        f"{prefix}: {entry} accepting {accept}": {"path": f"/{prefix}/{entry}", "headers": {"Accept": accept}}
        for prefix in ("decorated", "json", "strict", "many", "xml")
        for entry in ("me", "own/me")
        for accept in ACCEPTS
    }
    | {
        f"{prefix}: {method} {entry} accepting {accept}": {
            "method": method,
            "path": f"/{prefix}/{entry}",
            "headers": {"Accept": accept},
        }
        for prefix in ("decorated", "strict", "plain", "unknown", "none")
        for entry in ("me", "own/me")
        for method in ("HEAD", "POST", "DELETE", "PUT")
        for accept in ("application/json", "image/png")
    }
    | {
        f"{prefix}: no Accept": {"path": f"/{prefix}/me"}
        for prefix in ("decorated", "json", "strict", "many", "xml", "plain", "unknown", "none")
    }
    | {
        f"media types of {accept}": {"path": "/decorated/media-types", "headers": {"Accept": accept}}
        for accept in ("*/*", "application/json", "text/csv;q=0.1, application/json;q=0.7, text/plain;q=0.7")
    }
)
