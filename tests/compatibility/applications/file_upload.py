"""Uploaded files, beside form fields and on their own."""

import hashlib
from io import BytesIO

from werkzeug.datastructures import FileStorage


def describe(file):
    content = file.read()
    return {
        "name": file.filename,
        "type": file.mimetype,
        "size": len(content),
        "digest": hashlib.sha256(content).hexdigest(),
    }


def image(file):
    """A type of its own: what a parser may do with a file beside taking it as it is."""
    if not file.mimetype.startswith("image/"):
        raise ValueError(f"{file.filename} is no image")
    return describe(file)


def build(framework, app):
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    api = framework.Api(app)
    reqparse = framework.reqparse

    upload_parser = reqparse.RequestParser()
    upload_parser.add_argument("picture", type=FileStorage, location="files", required=True, help="A picture, please")
    upload_parser.add_argument("title", location="form", default="untitled")

    album_parser = reqparse.RequestParser()
    album_parser.add_argument("pictures", type=FileStorage, location="files", action="append", dest="files", default=[])
    album_parser.add_argument("cover", type=image, location="files")
    album_parser.add_argument("X-Album", location="headers")

    either_parser = reqparse.RequestParser()
    either_parser.add_argument("attachment", type=lambda value: type(value).__name__, location=["form", "files"])

    class Picture(framework.Resource):
        def post(self):
            arguments = upload_parser.parse_args()
            return {"title": arguments["title"], **describe(arguments["picture"])}, 201

    class Album(framework.Resource):
        def post(self):
            arguments = album_parser.parse_args()
            return {
                "album": arguments["X-Album"],
                "pictures": [describe(file) for file in arguments["files"]],
                "cover": arguments["cover"],
            }

    class Attachment(framework.Resource):
        def post(self):
            return either_parser.parse_args()

    api.add_resource(Picture, "/picture")
    api.add_resource(Album, "/album")
    api.add_resource(Attachment, "/attachment")


REQUESTS = {
    "a picture": {
        "method": "POST",
        "path": "/picture",
        "data": {"picture": (BytesIO(b"\x89PNG\0\xff"), "größe.png", "image/png"), "title": "A logo"},
    },
    "a picture alone": {"method": "POST", "path": "/picture", "data": {"picture": (BytesIO(b""), "empty.txt")}},
    "no picture": {"method": "POST", "path": "/picture", "data": {"title": "A logo"}},
    "a picture as text": {"method": "POST", "path": "/picture", "data": {"picture": "text"}},
    "a picture in JSON": {"method": "POST", "path": "/picture", "json": {"picture": "text"}},
    "a picture past the limit": {
        "method": "POST",
        "path": "/picture",
        "data": {"picture": (BytesIO(b"x" * 10_001), "large.bin")},
    },
    "an album": {
        "method": "POST",
        "path": "/album",
        "headers": {"X-Album": "summer"},
        "data": {
            "pictures": [(BytesIO(b"one"), "1.txt"), (BytesIO(b"two"), "2.txt")],
            "cover": (BytesIO(b"GIF89a"), "cover.gif"),
        },
    },
    "an album without pictures": {"method": "POST", "path": "/album"},
    "a cover that is no image": {
        "method": "POST",
        "path": "/album",
        "data": {"cover": (BytesIO(b"text"), "cover.txt")},
    },
    "an attachment as a file": {"method": "POST", "path": "/attachment", "data": {"attachment": (BytesIO(b"1"), "1")}},
    "an attachment as text": {"method": "POST", "path": "/attachment", "data": {"attachment": "text"}},
    "no attachment": {"method": "POST", "path": "/attachment"},
}
