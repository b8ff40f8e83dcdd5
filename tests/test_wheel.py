"""What ``pip install restwell`` brings, and what it leaves alone: the wheel in environments of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.index  # dependencies come from a package index


@dataclass
class Environment:
    """A virtual environment with nothing but what a test installs, and a project that is worked on in it."""

    home: Path
    project: Path
    variables: dict[str, str]

    @property
    def python(self) -> Path:
        return self.home / ("Scripts" if os.name == "nt" else "bin") / "python"

    def install(self, *requirements: str) -> None:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", self.python]
        try:
            subprocess.run([*pip, "install", *requirements], check=True, env=self.variables, timeout=600)
        except subprocess.CalledProcessError:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"pip cannot install {' '.join(requirements)}")

    def run(self, program: str) -> str:
        """What a program prints that is run in the folder of the project."""
        command = [self.python, "-c", textwrap.dedent(program)]
        ran = subprocess.run(command, cwd=self.project, env=self.variables, capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()


def environment_in(directory: Path, variables: dict[str, str]) -> Environment:
    home, project = directory / "environment", directory / "project"
    venv.create(home, symlinks=os.name != "nt")
    for folder in ("api", "models", "resources", "parsers"):
        (project / folder).mkdir(parents=True)
        (project / folder / "books.py").write_text(f'OWNER = "the project, {folder}"\n')
    (project / "parsers" / "__init__.py").touch()  # the others are namespace packages, as many projects have them
    (project / "run.py").write_text('OWNER = "the project, run"\n')
    return Environment(home, project, variables)


@pytest.fixture(scope="session")
def bare(wheel: Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Where the wheel was installed, with what it needs and no extra."""
    environment = environment_in(tmp_path_factory.mktemp("bare"), variables)
    environment.install(str(wheel))
    return environment


@pytest.fixture(scope="session")
def older(wheel: Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Where SQLAlchemy 1.4 was in use before the wheel was installed with the extra for tokens."""
    environment = environment_in(tmp_path_factory.mktemp("older"), variables)
    environment.install("sqlalchemy<2")
    before = environment.run("import sqlalchemy; print(sqlalchemy.__version__)")
    environment.install(f"restwell[auth] @ {wheel.as_uri()}", "sqlalchemy")
    (environment.project / "before.txt").write_text(before)
    return environment


def test_the_wheel_holds_the_framework_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {re.sub(r"-[\d.]+\.", ".", top) for top in tops} == {"restwell", "restwell.dist-info"}
    assert not [name for name in names if "test" in Path(name).name]


def test_the_wheel_holds_every_file_of_the_framework(wheel: Path) -> None:
    files = subprocess.run(["git", "ls-files", "restwell"], cwd=ROOT, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(wheel) as archive:
        assert {*files.stdout.split()} <= {*archive.namelist()}


def test_folders_of_the_project_are_its_own(bare: Environment) -> None:
    owners = bare.run(
        """
        from restwell import Api
        import api.books, models.books, parsers.books, resources.books, run
        for module in (api.books, models.books, parsers.books, resources.books, run):
            print(module.OWNER)
        """
    )
    names = ("api", "models", "parsers", "resources", "run")
    assert owners.splitlines() == [f"the project, {name}" for name in names]


def test_there_is_no_database_and_none_is_needed(bare: Environment) -> None:
    answers = bare.run(
        """
        import importlib.util
        from flask import Flask
        import restwell

        class Greeting(restwell.Resource):
            def get(self):
                return {"hello": "world"}

        app = Flask("shop")
        restwell.setup(app)
        restwell.Api(app).add_resource(Greeting, "/")
        client = app.test_client()
        for url in ("/", "/health", "/ready", "/openapi.json", "/docs"):
            print(url, client.get(url).status_code)
        print(client.get("/").headers["X-Request-ID"] != "")
        print(*(name for name in ("sqlalchemy", "flask_sqlalchemy", "alembic") if importlib.util.find_spec(name)))
        """
    )
    urls = ("/", "/health", "/ready", "/openapi.json", "/docs")
    assert answers.splitlines() == [*(f"{url} 200" for url in urls), "True"]


WHAT_IS_SAID = """
import restwell

for name in sorted(restwell._NEED_DATABASE):
    try:
        getattr(restwell, name)
    except ImportError as error:
        print(error)
    else:
        print(name, "is there")
"""


def test_a_name_that_needs_an_extra_says_which(bare: Environment) -> None:
    said = bare.run(WHAT_IS_SAID).splitlines()
    assert "restwell.Database needs flask_sqlalchemy: pip install 'restwell[data]'" in said
    assert all(line.endswith(": pip install 'restwell[data]'") for line in said)


def test_a_name_that_needs_a_later_sqlalchemy_says_so(older: Environment) -> None:
    said = older.run(WHAT_IS_SAID).splitlines()
    assert "restwell.Statement needs another release of sqlalchemy: pip install 'restwell[data]'" in said
    assert all(line.endswith((": pip install 'restwell[data]'", " is there")) for line in said)


def test_import_of_everything_leaves_out_what_needs_an_extra(bare: Environment, older: Environment) -> None:
    for environment in (bare, older):
        names = environment.run("from restwell import *; print(*sorted(dir()))").split()
        assert {"Api", "Resource", "abort", "setup", "OpenAPI", "StaleVersion"} <= {*names}
        assert not {"Database", "UTCDateTime", "paginate"} & {*names}


def test_the_complete_endpoint_of_the_readme_runs(bare: Environment) -> None:
    sections = re.split(r"^## ", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    blocks = next(
        found for section in sections if (found := re.findall(r"^```python\n(.*?)^```$", section, re.M | re.S))
    )
    assert "Api(app)" in blocks[0]
    bare.run("\n".join(blocks))


TEN_LINES = """
from flask import Flask
from restwell import Api, Resource, setup

class Secret(Resource):
    def post(self):
        return {"secret": 7}

app = Flask("shop")
setup(app, {"API_TOKENS": ["open-sesame"]})
Api(app).add_resource(Secret, "/secret")
"""


def test_tokens_without_their_library_end_the_start_in_words(bare: Environment) -> None:
    with pytest.raises(AssertionError, match=r"API_TOKENS needs Flask-HTTPAuth: pip install 'restwell\[auth\]'"):
        bare.run(TEN_LINES)


def test_an_application_of_ten_lines_asks_for_its_token(older: Environment) -> None:
    answers = older.run(
        TEN_LINES
        + """
client = app.test_client()
print(client.post("/secret").status_code, client.post("/secret").json["error"])
print(client.post("/secret", headers={"Authorization": "Bearer wrong"}).status_code)
print(client.post("/secret", headers={"Authorization": "Bearer open-sesame"}).json)
"""
    )
    assert answers.splitlines() == ["401 Unauthorized", "401", "{'secret': 7}"]


def test_sqlalchemy_keeps_its_version(older: Environment) -> None:
    before = (older.project / "before.txt").read_text()
    assert before.startswith("1.4.")
    assert older.run("import restwell, sqlalchemy; print(sqlalchemy.__version__)") == before
