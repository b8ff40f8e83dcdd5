"""The command line: what it prints, where, and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import restwell
from restwell.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.py").write_text("from flask_restful import Api\n")
    (tmp_path / "models.py").write_text("x = 1\n")
    (tmp_path / "requirements.txt").write_text("flask-restful\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_changes_are_shown_as_a_diff_on_the_standard_output(project: Path) -> None:
    result = run("migrate", ".")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n"
        "-from flask_restful import Api\n+from restwell.flask_restful import Api\n"
    )
    assert "  requirements.txt:1: Flask-RESTful is required here: write restwell" in result.stderr
    assert "1 file to change, 1 file right as they are." in result.stderr
    assert (project / "app.py").read_text() == "from flask_restful import Api\n"


def test_changes_are_carried_out_once(project: Path) -> None:
    result = run("migrate", "--write", project)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "app.py\n1 file changed, 1 file right as they are." in result.stderr
    assert (project / "app.py").read_text() == "from restwell.flask_restful import Api\n"
    assert run("migrate", project).exit_code == 0
    assert run("migrate", "--write", project, project / "app.py").exit_code == 0


def test_what_is_left_undone_is_the_exit_status(project: Path) -> None:
    (project / "old.py").write_text("print 'flask_restful'\n")
    result = run("migrate", "--write", ".")
    assert result.exit_code == 1
    assert "Not done:\n  old.py: could not be read, and is as it was: line 1:" in result.stderr
    assert (project / "app.py").read_text() == "from restwell.flask_restful import Api\n"


def test_a_path_that_does_not_exist(project: Path) -> None:
    result = run("migrate", "--write", "app.py", "nowhere")
    assert result.exit_code == 2
    assert "'nowhere' does not exist" in result.stderr
    assert (project / "app.py").read_text() == "from flask_restful import Api\n"
    assert run("migrate").exit_code == 2


def test_the_help_says_what_the_exit_status_means() -> None:
    assert "migrate" in run("--help").stdout
    assert "Exit status: 0 when nothing is left to change;" in " ".join(run("migrate", "-h").stdout.split())


def test_python_runs_it_as_a_module(project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(restwell.__file__).parents[1])}
    command = [sys.executable, "-m", "restwell", "migrate", "app.py"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout.startswith("--- a/app.py\n")


def test_an_application_does_not_import_it() -> None:
    code = "import sys, restwell; assert not {'restwell.cli', 'restwell.migrate'}.intersection(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(restwell.__file__).parents[1])
