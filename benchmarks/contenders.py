"""Contenders: who is measured, and Restwell twice: with its shortcuts, and by what its libraries document alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

OURS = "Restwell"
PLAIN = "Restwell, no shortcuts"
SWITCH = {"RESTWELL_SHORTCUTS": "off"}
"""What the environment of the second one says when its application is made."""


@contextmanager
def switched(contender: str) -> Iterator[None]:
    """The environment in which a contender's application is made."""
    if contender != PLAIN:
        yield
        return
    before = dict(os.environ)
    os.environ.update(SWITCH)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
