"""The lowest releases that setup.cfg allows of what Restwell builds on, as constraints for pip: one to a line.

What only its tests and benchmarks use is left out: of those the newest will do.
"""

import re
from configparser import ConfigParser
from pathlib import Path

TOOLS = ("benchmark", "dev", "test")
"""The extras that nobody installs to run an application."""


def main() -> None:
    setup = ConfigParser()
    setup.read(Path(__file__).parents[1] / "setup.cfg")
    extras = setup["options.extras_require"]
    required = [setup["options"]["install_requires"], *(extras[name] for name in extras if name not in TOOLS)]
    for line in "\n".join(required).split("\n"):
        allowed = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\w.]+).*", line.strip())
        if allowed is not None:
            print(f"{allowed[1]}=={allowed[2]}")


if __name__ == "__main__":
    main()
