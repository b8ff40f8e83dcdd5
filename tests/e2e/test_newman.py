"""The Postman collection, run by newman against the real servers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "postman" / "restwell.postman_collection.json"
NEWMAN = "newman@6.2.2"

pytestmark = pytest.mark.node


@pytest.fixture(scope="session")
def newman():
    """Runs the collection against the server at a URL, and gives back the finished process."""
    npx = shutil.which("npx")
    if npx is None and os.environ.get("CI") != "true":
        pytest.skip("newman needs Node.js with npm")

    def run(url, *options, collection=COLLECTION):
        command = [npx, "--yes", NEWMAN, "run", str(collection), "--env-var", f"baseUrl={url}", "--color", "off"]
        return subprocess.run([*command, *options], capture_output=True, text=True, timeout=300)

    return run


def assert_green_twice(newman, url, *options, collection=COLLECTION):
    for _ in ("on a fresh database", "on a used one"):
        run = newman(url, *options, collection=collection)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "Delete an item" in run.stdout


def test_collection_is_green_against_the_development_server(newman, development_server):
    assert_green_twice(newman, development_server)


def test_collection_is_green_against_gunicorn(newman, serve, database_url):
    assert_green_twice(newman, serve(database_url).url)


def test_collection_of_a_protected_api_sends_its_token(newman, serve, tmp_path):
    database_url = f"sqlite:///{tmp_path}/items.db"
    collection = tmp_path / "collection.json"
    environment = {**os.environ, "DATABASE_URL": database_url, "API_TOKENS": "secret-token"}
    command = [sys.executable, "-m", "flask", "--app", "run", "postman", "--output", str(collection)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    server = serve(database_url, API_TOKENS="secret-token")
    assert newman(server.url, collection=collection).returncode == 1
    assert_green_twice(newman, server.url, "--env-var", "token=secret-token", collection=collection)


def test_collection_is_red_when_nobody_answers(newman):
    run = newman("http://127.0.0.1:1")
    assert run.returncode == 1
    assert "ECONNREFUSED" in run.stdout
