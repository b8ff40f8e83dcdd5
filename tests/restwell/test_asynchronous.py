"""The one way in which what may be async is called."""

import asyncio

from flask import Flask

from restwell import Api, Resource
from restwell.asynchronous import synchronous


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


def test_a_plain_function_stays_itself():
    def plain():
        return 1

    assert synchronous(plain) is plain


def test_an_async_function_runs_as_the_application_runs_async_views():
    class Counting(Flask):
        def ensure_sync(self, func):
            ran.append(func)
            return super().ensure_sync(func)

    async def slow(number, *, factor):
        """Multiply."""
        await asyncio.sleep(0)
        return number * factor

    ran = []
    run = synchronous(slow)
    with Counting("shop").app_context():
        assert run(7, factor=6) == 42
    assert ran == [slow]
    assert (run.__name__, run.__doc__) == ("slow", "Multiply.")
