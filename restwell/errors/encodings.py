"""Encodings: what a request's Content-Encoding says of a body that is read as it was sent."""

from __future__ import annotations

from typing import Any

from werkzeug import Request
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

_SHOWN = 20
"""Characters of an encoding that a message repeats."""


class UnsupportedEncoding(UnsupportedMediaType):
    """A body that is compressed, or encoded otherwise; the answer says in ``Accept-Encoding`` what can be read
    (RFC 9110, section 15.5.16).
    """

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """The headers of Werkzeug's error, and ours."""
        return [*super().get_headers(*args, **kwargs), ("Accept-Encoding", "identity")]


def unsupported_encoding(request: Request) -> UnsupportedEncoding | None:
    """The error that stands for a request whose body is encoded; ``None`` where it is not."""
    encoding = request.environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if encoding in ("", "identity"):
        return None
    return UnsupportedEncoding(
        f"Content-Encoding {encoding[:_SHOWN]} cannot be read here; send the body as it is (identity)."
    )


def refuse_encoded(request: Request) -> None:
    """Refuse a body that is encoded, before it is read as what it is not.

    :raises UnsupportedEncoding: with what can be read.
    """
    error = unsupported_encoding(request)
    if error is not None:
        raise error


def is_of_json(error: HTTPException) -> bool:
    """Whether an error says that a body could not be read as JSON.

    Outside of debug mode Flask raises another error from the one that tells the complaint of the JSON parser.
    """
    told = error.__cause__ if isinstance(error.__cause__, BadRequest) else error
    return type(error) is BadRequest and isinstance(told.__context__, ValueError)
