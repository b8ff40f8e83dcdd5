import pytest
from flask import Flask, request, url_for

from restwell import configuration
from restwell.operations import proxy

FORWARDED = {
    "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "api.example",
    "X-Forwarded-Prefix": "/shop",
}


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        (0, {"client": "127.0.0.1", "url": "http://localhost/"}),
        (1, {"client": "203.0.113.9", "url": "https://api.example/shop/"}),
        (2, {"client": "198.51.100.7", "url": "http://localhost/"}),
    ],
)
def test_only_what_trusted_proxies_say_is_believed(trusted, seen):
    app = Flask(__name__)
    configuration.load(app, proxy.OPTIONS, {"TRUSTED_PROXIES": trusted})
    proxy.init_proxy(app)
    app.add_url_rule("/", "seen", lambda: {"client": request.remote_addr, "url": url_for("seen", _external=True)})
    assert app.test_client().get("/", headers=FORWARDED).json == seen
