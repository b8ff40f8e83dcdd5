"""Negotiation: which representation a request's Accept prefers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from werkzeug.datastructures import MIMEAccept

from restwell import current

LONGEST_ACCEPT = 2048
"""Characters of an Accept that is read; the longest one of a browser has 200."""


def accepted() -> MIMEAccept:
    """The media types that the current request accepts.

    Nothing else reads its Accept. One that is longer than :data:`LONGEST_ACCEPT` is taken for ``*/*``: a server may
    disregard the header (RFC 9110, section 12.4.1), and what Werkzeug takes to parse one grows with the square of its
    blanks.
    """
    request = current.request()
    if len(request.environ.get("HTTP_ACCEPT", "")) > LONGEST_ACCEPT:
        request.accept_mimetypes = MIMEAccept([("*/*", 1)])  # for whoever asks the request itself, too
    return request.accept_mimetypes


def prefers(mediatype: str) -> bool:
    """Whether the current request's Accept puts a media type before JSON.

    :param mediatype: the media type, in lower case.
    """
    accept = current.request().environ.get("HTTP_ACCEPT", "")
    # The substring spares every other request from having its Accept parsed.
    return (
        len(accept) <= LONGEST_ACCEPT
        and mediatype in accept.lower()
        and accepted().best_match(["application/json", mediatype]) == mediatype
    )
