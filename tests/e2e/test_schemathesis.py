"""The description beside the real server: Schemathesis tries whether the server does what the document says."""

import subprocess
import sys
from pathlib import Path

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")


def assert_no_issues(url, folder, *options):
    (folder / "schemathesis.toml").write_text(f'hooks = "{HOOKS}"')
    command = [str(Path(sys.executable).with_name("st")), "--no-color", "run", f"{url}/openapi.json", *options]
    fixed = ["--checks", "all", "--seed", "1", "--suppress-health-check", "too_slow"]
    run = subprocess.run([*command, *fixed], cwd=folder, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No issues found" in run.stdout


def test_server_does_what_its_description_says(development_server, tmp_path):
    assert_no_issues(development_server, tmp_path, "--max-examples", "100")


def test_protected_server_does_what_its_description_says(serve, tmp_path):
    server = serve(f"sqlite:///{tmp_path}/items.db", API_TOKENS="secret-token", API_PROTECT_READS="true")
    assert_no_issues(server.url, tmp_path, "--max-examples", "20", "--header", "Authorization: Bearer secret-token")
