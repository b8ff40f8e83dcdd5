"""What the tests of the shortcuts for Flask and Werkzeug share."""

from importlib.metadata import version

import pytest

from restwell import shortcuts as room

COPIES = ("test_contexts", "test_responses", "test_routing")
"""Of methods of Flask's and Werkzeug's, which another release may have in another form, or not at all."""


@pytest.fixture(autouse=True)
def _has_copies(request: pytest.FixtureRequest) -> None:
    """Skip the tests of a copy where another release is installed, for which it is not taken: see test_versions."""
    installed = {library: version(library) for library in ("Flask", "Werkzeug")}
    unknown = [f"{name} {release}" for name, release in installed.items() if release not in room.VERSIONS[name]]
    if unknown and request.module.__name__.rpartition(".")[2] in COPIES:
        pytest.skip(f"there are no shortcuts for {' and '.join(unknown)}")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shortcuts are taken, whatever the environment says."""
    monkeypatch.delenv("RESTWELL_SHORTCUTS", raising=False)
