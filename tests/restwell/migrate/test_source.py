"""Source files: read so that they are written back byte for byte, and replaced whole or not at all."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from unittest import mock

import pytest

from restwell.migrate import migrate


def write(path: Path, content: str | bytes = "import flask_restful\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbfimport flask_json\n", b"\xef\xbb\xbffrom restwell import flask_json\n"),
        (b"# coding: latin-1\nimport flask_json # \xe9", b"# coding: latin-1\nfrom restwell import flask_json # \xe9"),
        (b"#!python\n# -*- coding: cp1252 -*-\nimport flask_json\nx = '\x80'\n", None),
        (b"# coding: gbk\nx = '\xc4\xe3\xba\xc3'; import flask_json\n", None),
        (b"import os, flask_json\r\nx = 1\n", b"import os\r\nfrom restwell import flask_json\r\nx = 1\n"),
        (b"import flask_json\rx = 1\r", b"from restwell import flask_json\rx = 1\r"),
        (b"import flask_json", b"from restwell import flask_json"),
    ],
)
def test_encoding_and_line_endings_are_kept(tmp_path: Path, before: bytes, after: bytes | None) -> None:
    path = write(tmp_path / "app.py", before)
    migration = migrate([path], write=True)
    assert path.read_bytes() == (after or before.replace(b"import flask_json", b"from restwell import flask_json"))
    assert [change.path for change in migration.written] == [path]
    assert migrate([path]).changes == []


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "app.py")
    path.chmod(0o754)
    link = tmp_path / "project" / "app.py"
    link.parent.mkdir()
    link.symlink_to(path)
    assert [change.path for change in migrate([link.parent, path], write=True).written] == [link]
    assert link.is_symlink()
    assert path.read_text() == "from restwell import flask_restful\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert os.listdir(path.parent) == ["app.py"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"print 'flask_restful'\n", "line 1: Missing parentheses"),
        (b"import flask_restful\nx = (\n", "line 2: "),
        (b"# flask_json\n\x00\n", "null bytes"),
        (b"# coding: no-such\nimport flask_json\n", "unknown encoding"),
        (b"# flask_json \xff\n", "invalid or missing encoding declaration"),
        (b"# flask_json\n\n\n# \xff\n", "can't decode byte 0xff"),
        (b"# coding: utf-7\nimport flask_json # +AOk-\n", "would not stay the same"),
        (b"import flask_json\nx = " + b"-" * 100_000 + b"1", ""),
    ],
)
def test_what_cannot_be_read_is_named_and_the_others_are_migrated(tmp_path: Path, content: bytes, reason: str) -> None:
    unreadable = write(tmp_path / "a.py", content)
    readable = write(tmp_path / "b.py")
    migration = migrate([tmp_path], write=True)
    ((path, line, message),) = migration.undone
    assert (path, line) == (unreadable, 0)
    assert re.search(f"could not be read, and is as it was: .*{reason}", message)
    assert unreadable.read_bytes() == content
    assert [change.path for change in migration.written] == [readable]


def test_what_cannot_be_read_and_does_not_name_the_packages_leaves_nothing_undone(tmp_path: Path) -> None:
    write(tmp_path / "script.py", "print 'hello'\n")
    migration = migrate([tmp_path])
    assert (migration.undone, len(migration.findings)) == ([], 1)


def test_a_dangling_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to(tmp_path / "nowhere.py")
    ((path, _, message),) = migrate([tmp_path]).undone
    assert path == tmp_path / "app.py"
    assert "No such file" in message


def test_a_protected_file_is_named_and_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    path.chmod(0o444)
    migration = migrate([path], write=True)
    assert [message for _, _, message in migration.undone] == [
        "could not be written, and is as it was: it is write-protected"
    ]
    assert [change.path for change in migration.changes] == [path]
    assert path.read_text() == "import flask_restful\n"


@pytest.mark.parametrize("failing", ["os.replace", "os.fsync", "tempfile.mkstemp"])
def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, failing: str) -> None:
    path = write(tmp_path / "app.py")
    with mock.patch(f"restwell.migrate.source.{failing}", side_effect=OSError(28, "No space left on device")):
        migration = migrate([path], write=True)
    assert [message for _, _, message in migration.undone] == [
        "could not be written, and is as it was: No space left on device"
    ]
    assert path.read_text() == "import flask_restful\n"
    assert os.listdir(tmp_path) == ["app.py"]


def test_a_file_that_somebody_saves_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    with mock.patch("restwell.migrate.source.os.fsync", side_effect=lambda handle: path.write_text("import this\n")):
        (undone,) = migrate([path], write=True).undone
    assert "changed by somebody else" in undone.message
    assert path.read_text() == "import this\n"
