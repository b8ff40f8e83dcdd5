"""The one way in which what may be async is called."""

import asyncio

from flask import Flask

from restwell import Api, Resource


def client_of(app):
    return app.test_client()


def test_async_methods_are_awaited():
    class Slow(Resource):
        async def get(self):
            await asyncio.sleep(0)
            return {"async": True}

    app = Flask(__name__)
    Api(app).add_resource(Slow, "/")
    assert client_of(app).get("/").json == {"async": True}
