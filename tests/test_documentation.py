"""Every Python block of the README and of docs/ runs, in the order of its page."""

import json
import re
from pathlib import Path

import pytest

import run
from restwell.operations.options import OPTIONS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text()
    namespace = {"__name__": page.stem}
    for block in BLOCK.finditer(text):
        # Leading newlines make the line numbers of a traceback those of the page.
        source = "\n" * text.count("\n", 0, block.start(1)) + block[1]
        exec(compile(source, page, "exec"), namespace)  # noqa: S102  # running them is the test


def test_pages_have_code_blocks():
    assert BLOCK.search((ROOT / "README.md").read_text())


def options_table():
    rows = ["| option | default | meaning | values |", "|---|---|---|---|"]
    table = {option.name: option for option in (*OPTIONS, *run.OPTIONS)}
    for option in table.values():
        default = "" if option.default in (None, []) else f"`{json.dumps(option.default).strip(chr(34))}`"
        rows.append(f"| `{option.name}` | {default} | {option.description} | {option.kind.expected} |")
    return "\n".join(rows)


def test_the_readme_lists_every_option():
    table = options_table()
    assert table in (ROOT / "README.md").read_text(), f"Put this table into README.md under Options:\n{table}"
