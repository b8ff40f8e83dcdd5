"""Add the installed releases to those that shortcuts are taken for, if the tests pass with them: ``make releases``.

The arguments are those of the Python that runs the tests. Where a test fails, the table is as it was.
"""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

TABLE = Path(__file__).parents[1] / "restwell" / "shortcuts" / "__init__.py"


def with_installed(source: str) -> str:
    """The module of the table with the installed release of each library in its row."""

    def row(match: re.Match[str]) -> str:
        library, releases = match[1], {*re.findall(r'"([^"]+)"', match[2]), version(match[1])}
        ordered = sorted(releases, key=lambda release: [int(number) for number in re.findall(r"\d+", release)])
        written = ", ".join(f'"{release}"' for release in ordered)
        return f'"{library}": frozenset({{{written}}})'

    return re.sub(r'"(\w+)": frozenset\(\{([^}]*)\}\)', row, source)


def main() -> int:
    before = TABLE.read_text()
    TABLE.write_text(with_installed(before))
    failed = subprocess.run([sys.executable, *sys.argv[1:]], check=False).returncode
    if failed:
        TABLE.write_text(before)
    return failed


if __name__ == "__main__":
    sys.exit(main())
