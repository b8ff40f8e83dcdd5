"""The description beside the real server: Schemathesis tries whether the server does what the document says."""

import subprocess
import sys
from pathlib import Path

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")


def test_server_does_what_its_description_says(development_server, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(f'hooks = "{HOOKS}"')
    command = [str(Path(sys.executable).with_name("st")), "--no-color", "run", f"{development_server}/openapi.json"]
    options = ["--checks", "all", "--max-examples", "100", "--seed", "1", "--suppress-health-check", "too_slow"]
    run = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No issues found" in run.stdout
