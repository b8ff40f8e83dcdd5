"""The page in a real Chromium, on the real server; and pages on other origins that use the API."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests
from flask import Flask, Response, redirect, render_template_string, request, url_for
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from restwell import Api, Resource, expects, inputs
from restwell.arguments.reqparse import RequestParser
from restwell.description.pages.index import Index
from restwell.description.pages.rendering import SHOWN_CHARACTERS
from restwell.registry import Security, state_of

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, str(ROOT / "run.py"), "--port", "0")
MOUNTED = """
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import run_simple
import run
from restwell.data.migrations import upgrade
from models import db
app = run.create_app()
upgrade(app, db)
run_simple("127.0.0.1", 0, DispatcherMiddleware(NotFound(), {"/shop": app}), threaded=True)
"""
PATIENCE = 30
"""Seconds that anything may take before something is wrong."""

CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Browser:
    """A Chromium window.

    :param driver: what drives it.
    """

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The one visible element that a selector matches, as soon as it is there."""
        return self.wait(lambda: [element for element in self.all(selector) if element.is_displayed()])[0]

    def wait(self, condition: Callable[[], Any]) -> Any:
        ignored = [StaleElementReferenceException]  # the page has just replaced it
        return WebDriverWait(self.driver, PATIENCE, 0.02, ignored).until(lambda _: condition())

    def open(self, url: str) -> None:
        self.driver.get(url)

    def form(self, method: str) -> str:
        """The selector of the form of a method, which is unfolded."""
        self.driver.execute_script(
            "document.querySelector(arguments[0]).closest('details').open = true", f"form[data-method={method}]"
        )
        return f"form[data-method={method}]"

    def write(self, method: str, **values: str) -> None:
        """Write into the text controls of a form."""
        for name, value in values.items():
            control = self.one(f"{self.form(method)} > [data-name={name}] :is(input, textarea)")
            control.clear()
            control.send_keys(value)

    def send(self, method: str) -> str:
        """Press the button of a form; gives the status line of the answer."""
        self.driver.execute_script(
            "document.querySelector(arguments[0]).parentElement.querySelector('.answer').replaceChildren()",
            self.form(method),
        )
        self.one(f"{self.form(method)} .send button").click()
        return self.answer(method)

    def answer(self, method: str) -> str:
        """The status line of the answer to a form, once the page has dealt with it."""
        status = self.one(f"details:has({self.form(method)}) .answer .status").text
        self.wait(lambda: not self.all("[aria-busy]"))
        return status

    @property
    def current(self) -> str:
        """What the page shows of its URL: the status and the body."""
        return f"{self.one('#current .status').text} {self.one('#current pre').text}"

    @property
    def complaints(self) -> list[str]:
        """What the browser had to complain about since the last look, but for statuses of responses."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in messages if "the server responded with a status" not in message]

    def emulate(self, width: int, scheme: str) -> None:
        """Be a window of some width in a light or dark colour scheme."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


def skip_outside_ci(reason: str) -> NoReturn:
    pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    binary, driver_binary = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver_binary is None:
        skip_outside_ci("no Chromium or ChromeDriver to test with")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for option in (*CHROMIUM_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(driver_binary))
    driver.set_page_load_timeout(PATIENCE)
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Browser:
    """A browser of a customary width that shows nothing."""
    browser = Browser(chromium)
    browser.open("about:blank")
    browser.emulate(1280, "light")
    assert browser.complaints is not None  # what was logged before is not this test's
    return browser


@contextmanager
def serving(folder: Path, *command: str, **variables: str) -> Iterator[str]:
    """Run a server with its database in a folder; gives its URL."""
    output = folder / "output.txt"
    foreign = ("API_", "CORS_", "DATABASE_", "FLASK_", "PORT")
    inherited = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    environment = {**inherited, "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/items.db", **variables}
    with output.open("wb") as stream:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (url := re.search(r"Running on (http://127\.0\.0\.1:\d+)", output.read_text())):
            assert process.poll() is None, f"the server did not start:\n{output.read_text()}"
            assert time.monotonic() < deadline, f"the server does not answer:\n{output.read_text()}"
            time.sleep(0.02)
        yield url[1]
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of ``python run.py``."""
    with serving(tmp_path_factory.mktemp("shop"), *RUN) as url:
        yield url


@pytest.fixture
def item(shop: str) -> str:
    """The URL of an item of its own."""
    created = requests.post(f"{shop}/api/items", json={"name": "Lamp", "price": 12.5}, timeout=PATIENCE)
    return f"{shop}/api/items/{created.json()['id']}"


def stored(url: str) -> Any:
    return requests.get(url, timeout=PATIENCE).json()


# -- an item's life through the page -----------------------------------------------------------------------------------


def test_item_is_created_and_its_link_leads_to_it(browser: Browser, shop: str) -> None:
    browser.open(f"{shop}/api/items")
    browser.write("POST", name="Lantern", price="9.99" + Keys.ENTER)
    assert browser.answer("POST").startswith("201")
    assert '"Lantern"' in browser.current
    browser.one(".answer .links a").click()
    assert "200 OK" in browser.current
    created = stored(browser.driver.current_url)
    assert (created["name"], created["price"]) == ("Lantern", 9.99)
    assert f'"id": {created["id"]}' in browser.current
    assert not browser.complaints


def test_id_in_a_list_leads_to_the_item(browser: Browser, shop: str, item: str) -> None:
    browser.open(f"{shop}/api/items")
    browser.one(f'#current a[href$="{item.removeprefix(shop)}"]').click()
    assert '"name": "Lamp"' in browser.current


def test_item_is_replaced(browser: Browser, item: str) -> None:
    browser.open(item)
    assert browser.one("form[data-method=PUT] [data-name=price] input").get_attribute("value") == "12.5"
    browser.write("PUT", name="Lantern")
    assert browser.send("PUT").startswith("200")
    assert (stored(item)["name"], stored(item)["price"]) == ("Lantern", 12.5)
    browser.write("PUT", price="13")  # again: the page has the new entity tag
    assert browser.send("PUT").startswith("200")
    assert '"price": 13' in browser.current


def test_item_is_changed_in_one_field(browser: Browser, item: str) -> None:
    browser.open(item)
    browser.write("PATCH", price="1.25")
    assert browser.send("PATCH").startswith("200")
    assert (stored(item)["name"], stored(item)["price"]) == ("Lamp", 1.25)
    assert '"price": 1.25' in browser.current


def test_item_is_deleted_only_after_a_yes(browser: Browser, item: str) -> None:
    browser.open(item)
    browser.one(f"{browser.form('DELETE')} .send button").click()
    browser.one("dialog button[value=cancel]").click()
    assert stored(item)["name"] == "Lamp"
    browser.one(f"{browser.form('DELETE')} .send button").click()
    assert browser.driver.switch_to.active_element.text == "Cancel"
    browser.one("dialog button[value=confirm]").click()
    assert browser.answer("DELETE").startswith("204")
    browser.wait(lambda: "404" in browser.current)
    assert requests.get(item, timeout=PATIENCE).status_code == 404


def test_change_of_what_somebody_else_has_changed_is_refused(browser: Browser, item: str) -> None:
    browser.open(item)
    requests.patch(item, json={"price": 99}, timeout=PATIENCE)
    browser.write("PUT", name="Lantern")
    assert browser.send("PUT").startswith("412")
    assert (stored(item)["name"], stored(item)["price"]) == ("Lamp", 99)


def test_refusal_stands_beside_its_field(browser: Browser, shop: str) -> None:
    browser.open(f"{shop}/api/items")
    browser.write("POST", name="Lantern", price="-1")
    assert browser.send("POST").startswith("400")
    price = browser.one("form[data-method=POST] [data-name=price] input")
    message = browser.one("form[data-method=POST] [data-name=price] .error")
    assert message.text
    assert price.get_attribute("aria-invalid") == "true"
    assert message.get_attribute("id") in price.get_attribute("aria-describedby")
    assert browser.driver.switch_to.active_element == price
    assert not browser.one("form[data-method=POST] [data-name=name] input").get_attribute("aria-invalid")
    browser.write("POST", price="1")
    assert browser.send("POST").startswith("201")
    assert not message.is_displayed()


@pytest.mark.parametrize(
    "name", ["</pre></script><script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">"]
)
def test_stored_script_is_only_text(browser: Browser, shop: str, name: str) -> None:
    created = requests.post(f"{shop}/api/items", json={"name": name, "price": 1}, timeout=PATIENCE).json()
    for path in ("/api/items", f"/api/items/{created['id']}"):
        browser.open(shop + path)
        assert "document.title='owned'" in browser.current
        assert "owned" not in browser.driver.title
    assert browser.one("form[data-method=PUT] [data-name=name] input").get_attribute("value") == name
    assert browser.send("PUT").startswith("200")
    assert "owned" not in browser.driver.title
    assert not browser.complaints


def test_index_leads_to_the_items(browser: Browser, shop: str) -> None:
    browser.open(shop)
    browser.one(".resources a[href='/api/items']").click()
    assert browser.one("h1").text == "ItemList"
    assert requests.get(shop, timeout=PATIENCE).json()[0]["urls"] == ["/api/items"]


def test_everything_works_under_a_script_root(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, sys.executable, "-c", MOUNTED) as url:
        browser.open(f"{url}/shop/")
        browser.one(".resources a[href='/shop/api/items']").click()
        browser.write("POST", name="Lantern", price="9.99")
        assert browser.send("POST").startswith("201")
        browser.one(".answer pre a").click()
        assert browser.driver.current_url == f"{url}/shop/api/items/3"
        browser.write("PATCH", price="5")
        assert browser.send("PATCH").startswith("200")
        browser.one("nav[aria-label=Breadcrumb] a").click()
        assert '"price": 5' in browser.current
        assert not browser.complaints


def test_token_opens_a_protected_api(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, *RUN, API_TOKENS="open-sesame", API_PROTECT_READS="true") as url:
        browser.open(f"{url}/api/items/1")
        assert "401" in browser.current
        browser.one("#token").send_keys("open-sesame" + Keys.ENTER)
        browser.wait(lambda: '"Widget"' in browser.current)
        browser.write("PUT", name="Lantern")
        assert browser.send("PUT").startswith("200")
        assert '"price": 9.99' in browser.current
        assert not browser.complaints


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, which finds breaches of the accessibility guidelines (WCAG)."""
    npm = shutil.which("npm")
    if npm is None:
        skip_outside_ci("no npm to install axe-core with")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4"]
    subprocess.run(command, check=True, timeout=10 * PATIENCE)
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


@pytest.mark.node
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_page_is_accessible_and_fits(browser: Browser, axe: str, shop: str, item: str, width: int, scheme: str) -> None:
    browser.emulate(width, scheme)
    for url in (shop, f"{shop}/api/items", item, f"{shop}/api/items/999999"):
        browser.open(url)
        browser.driver.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
        if url == f"{shop}/api/items":
            browser.send("POST")  # the page with failures on it
        browser.driver.execute_script(axe)
        violations = browser.driver.execute_async_script("axe.run().then(({violations}) => arguments[0](violations))")
        found = [
            (violation["id"], node["target"], node["failureSummary"])
            for violation in violations
            for node in violation["nodes"]
        ]
        assert found == []
        assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= width


def test_nothing_comes_from_elsewhere(browser: Browser, shop: str) -> None:
    browser.open(f"{shop}/api/items")
    urls = browser.driver.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len(urls) == 3
    assert all(url.startswith(f"{shop}/_restwell/") for url in urls)


# -- Swagger UI ------------------------------------------------------------------------------------------------------


def tried_out(browser: Browser, url: str) -> str:
    """The status that Swagger UI shows after it has sent the POST that it proposes itself."""
    browser.open(f"{url}/docs")
    browser.one(".opblock-post .opblock-summary-control").click()
    browser.one(".opblock-post .try-out__btn").click()
    browser.one(".opblock-post .execute").click()
    return browser.one(".live-responses-table .response > .response-col_status").text


def test_swagger_ui_sends_what_it_proposes(browser: Browser, shop: str) -> None:
    assert tried_out(browser, shop) == "201"
    assert requests.get(f"{shop}/api/items?sort=-id", timeout=PATIENCE).json()[0]["name"] == "Example name"
    urls = browser.driver.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert all(url.startswith(f"{shop}/") for url in urls if not url.startswith("data:"))
    assert not browser.complaints


def test_swagger_ui_works_under_a_script_root(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, sys.executable, "-c", MOUNTED) as url:
        assert tried_out(browser, f"{url}/shop") == "201"
        assert not browser.complaints


# -- what the sample API has no use for ------------------------------------------------------------------------------


class Order(Resource):
    """An order."""

    street = RequestParser().add_argument("street", type=inputs.string(3), required=True, location="json")
    parser = RequestParser(bundle_errors=True).add_argument("address", type=street, required=True)
    parser.add_argument("tags", type=inputs.list_of(inputs.string(1, 5)))
    parser.add_argument("paid", type=inputs.boolean)
    parser.add_argument("size", choices=("S", "M"), default="M")
    parser.add_argument("number", type=int)
    parser.add_argument("extra", type=dict)
    parser.add_argument("X-Colour", location="headers")

    def get(self) -> Any:
        return {"number": 12345678901234567890, "paid": True, "tags": ["a"], "text": "x" * SHOWN_CHARACTERS}

    @expects(parser)
    def post(self, args: dict[str, Any]) -> Any:
        return args


class Upload(Resource):
    """A file."""

    parser = RequestParser().add_argument("file", type=FileStorage, location="files", required=True)
    parser.add_argument("title", location="form")

    @expects(parser)
    def post(self, args: dict[str, Any]) -> Any:
        return {"title": args["title"], "content": args["file"].read().decode()}


class Login(Resource):
    """A way in."""

    def post(self) -> Any:
        return redirect("/search?q=welcome", 303)


class Search(Resource):
    """A search."""

    @expects(RequestParser().add_argument("q", location="args").add_argument("limit", type=int, location="args"))
    def get(self, args: dict[str, Any]) -> Any:
        return dict(args), 200, {"Link": '</search?q=more>; rel="next"'}


class Secret(Resource):
    """What only the holder of the token may see."""

    def get(self) -> Any:
        return {"authorization": request.headers.get("Authorization")}


class Versioned(Resource):
    """What changes with each request."""

    version = 0

    def get(self) -> Any:
        return {}, 200, {"ETag": f'"v{Versioned.version}"'}

    def put(self) -> Any:
        Versioned.version += 1
        return {"if_match": request.headers.get("If-Match")}


@pytest.fixture(scope="module")
def workshop() -> Iterator[str]:
    """The URL of an application with resources of every kind."""
    app = Flask("workshop")
    state_of(app).security = Security({"token": {"type": "http", "scheme": "bearer"}}, lambda endpoint, method: True)
    api = Api(app)
    for resource in (Order, Upload, Login, Search, Secret, Versioned):
        api.add_resource(resource, f"/{resource.__name__.lower()}")
    api.add_resource(Index, "/")
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        yield url


@contextmanager
def running(server: Any) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_body_is_made_of_typed_fields(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/order")
    form = browser.form("POST")
    browser.one(f"{form} [data-name=street] input").send_keys("Long Lane")
    for tag in ("new", "sale"):
        browser.one(f"{form} [data-action=add]").click()
        browser.driver.switch_to.active_element.send_keys(tag)
    browser.all(f"{form} [data-action=remove]")[0].click()
    browser.one(f"{form} [data-name=paid] input").click()
    browser.write("POST", number="12345678901234567890", extra='{"a": [1.50]}')
    browser.one(f"{form} [data-name=X-Colour] input").send_keys("blue")
    assert browser.send("POST").startswith("200")
    sent = browser.one(".answer pre").text
    assert re.sub(r"\s", "", sent) == (
        '{"address":{"street":"LongLane"},"tags":["sale"],"paid":true,"size":"M","number":12345678901234567890,'
        '"extra":{"a":[1.5]},"X-Colour":"blue"}'
    )


def test_refusals_stand_beside_nested_fields(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/order")
    form = browser.form("POST")
    browser.one(f"{form} [data-name=street] input").send_keys("x")
    browser.one(f"{form} [data-action=add]").click()
    assert browser.send("POST").startswith("400")
    messages = [error.text for error in browser.all(f"{form} .error") if error.is_displayed()]
    assert len(messages) == 2
    assert browser.one(f"{form} [data-name=street] .error").text == messages[0]
    assert browser.one(f"{form} .element .error").text == messages[1]
    assert browser.driver.switch_to.active_element == browser.one(f"{form} [data-name=street] input")


def test_what_is_no_json_is_not_sent(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/order")
    browser.write("POST", extra="{a")
    browser.one(f"{browser.form('POST')} .send button").click()
    assert "not JSON" in browser.one(f"{browser.form('POST')} [data-name=extra] .error").text
    assert not browser.all(".answer .status")


def test_file_is_sent_as_form_data(browser: Browser, workshop: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    browser.open(f"{workshop}/upload")
    browser.one("input[type=file]").send_keys(str(tmp_path / "letter.txt"))
    browser.write("POST", title="A letter")
    assert browser.send("POST").startswith("200")
    assert '"content": "Dear reader"' in browser.one(".answer pre").text
    assert '"title": "A letter"' in browser.one(".answer pre").text


def test_redirect_is_followed(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/login")
    browser.one(f"{browser.form('POST')} .send button").click()
    browser.wait(lambda: browser.driver.current_url == f"{workshop}/search?q=welcome")
    assert '"q": "welcome"' in browser.current


def test_query_form_makes_a_url_and_pages_are_linked(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/search?q=lamp")
    assert browser.one("form[data-method=GET] [data-name=q] input").get_attribute("value") == "lamp"
    browser.write("GET", limit="5" + Keys.ENTER)
    browser.wait(lambda: browser.driver.current_url == f"{workshop}/search?q=lamp&limit=5")
    browser.one(".links a").click()
    assert '"q": "more"' in browser.current


def test_token_is_sent_and_forgotten(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/secret")
    assert '"authorization": null' in browser.current
    browser.one("#token").send_keys("open sesame" + Keys.ENTER)
    browser.wait(lambda: '"authorization": "Bearer open sesame"' in browser.current)
    stores = browser.driver.execute_script("return [localStorage.length, sessionStorage.length, document.cookie]")
    assert stores == [0, 0, ""]
    browser.open(f"{workshop}/secret")
    assert '"authorization": null' in browser.current


def test_write_is_for_the_version_that_the_page_shows(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/versioned")
    for version in range(2):
        assert browser.send("PUT").startswith("200")
        assert rf'"if_match": "\"v{version}\""' in browser.one(".answer pre").text


def test_large_body_is_shown_in_part_and_linked_as_a_whole(browser: Browser, workshop: str) -> None:
    browser.open(f"{workshop}/order")
    assert "12345678901234567890" in browser.current  # not rounded
    assert browser.one("#current .cut").is_displayed()
    before = browser.driver.current_window_handle
    browser.one("#current [data-action=raw]").click()
    browser.wait(lambda: len(browser.driver.window_handles) == 2)
    browser.driver.switch_to.window(next(each for each in browser.driver.window_handles if each != before))
    assert "x" * SHOWN_CHARACTERS in browser.driver.page_source
    browser.driver.close()
    browser.driver.switch_to.window(before)


def test_page_says_when_no_answer_comes(browser: Browser) -> None:
    app = Flask("short-lived")
    Api(app).add_resource(Upload, "/upload")
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        browser.open(f"{url}/upload")
    browser.one(f"{browser.form('POST')} .send button").click()
    browser.wait(lambda: "No answer" in browser.one("[role=status]").text)


# -- pages of an application that fetch from its API: Flask's "JavaScript, fetch, and JSON" ----------------------------

PAGE = """<!doctype html>
<title>Rooms</title>
<script>
  const SCRIPT_ROOT = {{ request.script_root|tojson }};
  const room_url = {{ url_for("room")|tojson }};
  const chart_data = {{ chart|tojson }};
</script>
<div id="chart" data-chart='{{ chart|tojson }}'></div>
<div id="geology-fact">Old</div>
"""
CHART = {"title": "</script><script>document.title = 'owned'</script> \"it's\" \u2028", "points": [1, 2.5, None]}


class Room(Resource):
    """A room, and what was sent to it."""

    parser = RequestParser().add_argument("name", required=True).add_argument("description")

    def get(self) -> Any:
        return {"name": "Flask Room"}

    @expects(parser)
    def post(self, args: dict[str, Any]) -> Any:
        return {**args, "type": request.mimetype}


class User(Resource):
    """A user."""

    def get(self, user_id: int) -> Any:
        return {"id": user_id}


class Fragment(Resource):
    """A piece of a page."""

    def get(self) -> Any:
        return Response("<em>Granite</em>", mimetype="text/html")


@pytest.fixture(scope="module")
def rooms() -> Iterator[str]:
    """The URL of an application with a page of its own beside an API, under a script root."""
    app = Flask("rooms")
    app.add_url_rule("/", "page", lambda: render_template_string(PAGE, chart=CHART))
    app.add_url_rule("/home", "home", lambda: "<title>Home</title>")
    api = Api(app)
    api.add_resource(Room, "/room")
    api.add_resource(User, "/user/<int:user_id>")
    api.add_resource(Fragment, "/fragment")
    api.add_resource(type("Entry", (Resource,), {"post": lambda self: redirect(url_for("home"))}), "/login")
    mounted = DispatcherMiddleware(NotFound(), {"/mounted": app})
    with running(make_server("127.0.0.1", 0, mounted, threaded=True)) as url:
        yield f"{url}/mounted"


def fetched(browser: Browser, url: str, script: str) -> Any:
    """What a script on the page makes of what it fetches."""
    browser.open(f"{url}/")
    script = f"(() => {{ {script} }})().then(arguments[0], error => arguments[0](String(error)))"
    return browser.driver.execute_async_script(script)


def test_tojson_renders_data_into_a_script_and_an_attribute(browser: Browser, rooms: str) -> None:
    browser.open(f"{rooms}/")
    attribute = "JSON.parse(document.querySelector('#chart').dataset.chart)"
    assert browser.driver.execute_script(f"return [chart_data, {attribute}]") == [CHART, CHART]
    assert browser.driver.title == "Rooms"


def test_fetch_gets_json(browser: Browser, rooms: str) -> None:
    assert fetched(browser, rooms, "return fetch(room_url).then(response => response.json())") == {"name": "Flask Room"}


def test_fetch_builds_urls_from_the_script_root(browser: Browser, rooms: str) -> None:
    script = "let user_id = 7; return fetch(`${SCRIPT_ROOT}/user/${user_id}`).then(response => response.json())"
    assert fetched(browser, rooms, script) == {"id": 7}


def test_fetch_sends_form_data(browser: Browser, rooms: str) -> None:
    script = """
        let data = new FormData()
        data.append("name", "Flask Room")
        data.append("description", "Talk about Flask here.")
        return fetch(room_url, {"method": "POST", "body": data}).then(response => response.json())"""
    assert fetched(browser, rooms, script) == {
        "name": "Flask Room",
        "description": "Talk about Flask here.",
        "type": "multipart/form-data",
    }


def test_fetch_sends_json(browser: Browser, rooms: str) -> None:
    script = """
        return fetch(room_url, {
            "method": "POST",
            "headers": {"Content-Type": "application/json"},
            "body": JSON.stringify({"name": "Flask Room", "description": "Talk about Flask here."}),
        }).then(response => response.json())"""
    assert fetched(browser, rooms, script) == {
        "name": "Flask Room",
        "description": "Talk about Flask here.",
        "type": "application/json",
    }


def test_fetch_of_json_without_its_content_type_is_refused(browser: Browser, rooms: str) -> None:
    script = (
        'fetch(room_url, {"method": "POST", "body": JSON.stringify({"name": "x"})}).then(response => response.status)'
    )
    assert fetched(browser, rooms, f"return {script}") == 415


def test_fetch_follows_redirects_and_the_script_applies_them(browser: Browser, rooms: str) -> None:
    browser.open(f"{rooms}/")
    browser.driver.execute_script("""
        fetch(`${SCRIPT_ROOT}/login`, {"method": "POST"}).then(response => {
            if (response.redirected) window.location = response.url
        })""")
    browser.wait(lambda: browser.driver.title == "Home")
    assert browser.driver.current_url == f"{rooms}/home"


def test_fetch_replaces_content(browser: Browser, rooms: str) -> None:
    script = """
        const geology_div = document.getElementById("geology-fact")
        return fetch(`${SCRIPT_ROOT}/fragment`)
            .then(response => response.text())
            .then(text => geology_div.innerHTML = text)"""
    assert fetched(browser, rooms, script) == "<em>Granite</em>"
    assert browser.one("#geology-fact em").text == "Granite"


# -- pages on other origins --------------------------------------------------------------------------------------------


class BlankPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another origin</title>")

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def other_origin(browser: Browser) -> Iterator[str]:
    """The origin of a page that the browser shows."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), BlankPage)) as url:
        browser.open(url)
        yield url


USE_API = """
const [url, done] = arguments;
async function use() {
  const list = await fetch(url);
  const created = await fetch(url, {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({name: "Lantern", price: 9.99}),
  });
  const location = created.headers.get("Location");
  const changed = await fetch(new URL(location, url), {
    method: "PATCH",
    headers: {"Content-Type": "application/json", "If-Match": created.headers.get("ETag") ?? "*"},
    body: JSON.stringify({price: 5}),
  });
  const deleted = await fetch(new URL(location, url), {method: "DELETE"});
  return {
    statuses: [list.status, created.status, changed.status, deleted.status],
    location,
    requestId: created.headers.get("X-Request-ID"),
    date: created.headers.get("Date"),
    items: await list.json(),
    changed: await changed.json(),
  };
}
use().then(done, (error) => done({error: String(error)}));
"""


def test_page_on_an_allowed_origin_reads_and_writes(browser: Browser, other_origin: str, tmp_path: Path) -> None:
    with serving(tmp_path, *RUN, CORS_ORIGINS=other_origin) as url:
        seen = browser.driver.execute_async_script(USE_API, f"{url}/api/items")
    assert seen["statuses"] == [200, 201, 200, 204]
    assert seen["location"] == "/api/items/3"
    assert seen["requestId"]
    assert seen["date"] is None  # what is not exposed stays hidden
    assert [item["name"] for item in seen["items"]] == ["Widget", "Gadget"]
    assert seen["changed"]["price"] == 5


def test_page_on_another_origin_is_refused(browser: Browser, other_origin: str, tmp_path: Path) -> None:
    with serving(tmp_path, *RUN, CORS_ORIGINS="https://app.example") as url:
        seen = browser.driver.execute_async_script(USE_API, f"{url}/api/items")
        assert seen == {"error": "TypeError: Failed to fetch"}
        write = (
            "fetch(arguments[0], {method: 'DELETE'}).then(() => arguments[1]('done'), () => arguments[1]('refused'))"
        )
        assert browser.driver.execute_async_script(write, f"{url}/api/items/1") == "refused"
        assert [item["name"] for item in stored(f"{url}/api/items")] == ["Widget", "Gadget"]
    assert any("CORS policy" in message for message in browser.complaints)
