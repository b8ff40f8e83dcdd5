"""Source files: read so that they can be written back byte for byte, and replaced whole or not at all."""

from __future__ import annotations

import ast
import codecs
import io
import os
import platform
import stat
import tempfile
import tokenize
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


class UnreadableError(Exception):
    """A file that is not understood, and so is left as it is; the text says why."""


class UnwritableError(Exception):
    """A file that could not be replaced, and so is as it was; the text says why."""


@dataclass(frozen=True)
class Source:
    """A Python file as it is on disk and as text.

    :param path: where it is.
    :param content: its bytes.
    :param text: its text, line endings untouched, without a byte order mark.
    :param encoding: the encoding by PEP 263.
    :param mark: the byte order mark, often empty.
    """

    path: Path
    content: bytes
    text: str
    encoding: str
    mark: bytes

    def encoded(self, text: str) -> bytes:
        """Return another text as the bytes of this file.

        :param text: what the file is to hold; what is new in it has to be ASCII.
        """
        return self.mark + text.encode(self.encoding)


def read(path: Path) -> Source:
    """Read a Python file.

    :param path: the file.
    :returns: its bytes and its text.
    :raises UnreadableError: when it cannot be opened, or its encoding is unknown or not what its bytes are.

    ::

        source = read(Path("app.py"))
        assert source.encoded(source.text) == source.content
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if mark:
            encoding = "utf-8"  # with "utf-8-sig" each text would be encoded with a mark of its own
        source = Source(path, content, content[len(mark) :].decode(encoding), encoding, mark)
        kept = source.encoded(source.text) == content
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise UnreadableError(str(error)) from error
    if not kept:
        raise UnreadableError(f"its bytes would not stay the same in the encoding {encoding}")
    return source


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a Python text.

    :param text: the text of a file.
    :raises UnreadableError: when the running Python does not take it for Python; the reason names the line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in somebody's string is not this command's business
            return ast.parse(text)
    except SyntaxError as error:
        place = f"line {error.lineno}: " if error.lineno else ""
        raise UnreadableError(f"{place}{error.msg} (as Python {platform.python_version()} reads it)") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(str(error) or "it is nested too deeply") from error


def replace(source: Source, text: str) -> None:
    """Give a file another text in one step: a reader finds the old file or the new one, whatever fails.

    A symbolic link stays a link to the file, which keeps its mode and, where the system lets it, its owner.

    :param source: the file as it was read.
    :param text: what it is to hold.
    :raises UnwritableError: when the file is protected, was changed since it was read, or its folder or disk
        refuses; it is then as it was.
    """
    path = Path(os.path.realpath(source.path))
    temporary = None
    try:
        status = path.stat()
        if not stat.S_IMODE(status.st_mode) & 0o222 or not os.access(path, os.W_OK):
            raise UnwritableError("it is write-protected")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp")
        temporary = Path(name)
        with open(handle, "wb") as file:
            file.write(source.encoded(text))
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            with suppress(OSError):  # only root may give files away
                os.chown(temporary, status.st_uid, status.st_gid)
        temporary.chmod(stat.S_IMODE(status.st_mode))  # after the owner: giving a file away clears bits of its mode
        if path.read_bytes() != source.content:
            raise UnwritableError("it was changed by somebody else meanwhile")
        os.replace(temporary, path)
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
