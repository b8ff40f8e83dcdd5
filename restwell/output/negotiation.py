"""Negotiation: which representation a request's Accept prefers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from restwell import current


def prefers(mediatype: str) -> bool:
    """Whether the current request's Accept puts a media type before JSON.

    :param mediatype: the media type, in lower case.
    """
    request = current.request()
    # The substring spares every other request from having its Accept parsed.
    return mediatype in request.environ.get("HTTP_ACCEPT", "").lower() and (
        request.accept_mimetypes.best_match(["application/json", mediatype]) == mediatype
    )
