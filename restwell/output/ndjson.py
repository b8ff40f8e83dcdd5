"""NDJSON: a list as a stream of JSON documents, one to a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Response, stream_with_context

from restwell import current
from restwell.json.provider import FlaskJSONProvider, provider_of
from restwell.output.negotiation import prefers

MEDIATYPE = "application/x-ndjson"


def is_preferred() -> bool:
    """Whether the current request's Accept puts NDJSON before JSON."""
    return prefers(MEDIATYPE)


def stream(batches: Iterable[Iterable[Any]], on_close: Callable[[], Any]) -> Response:
    """A response that writes values while they are read, a batch at a time, so that memory stays flat.

    :param batches: the values, in batches; read after the view has returned, with its request still at hand.
    :param on_close: called when everything is written, and (again) when the server is done with the response, also
        because the client has gone away.
    :returns: the response.
    """

    def lines() -> Iterator[bytes]:
        for batch in batches:
            yield b"".join([encode(value) + b"\n" for value in batch])
        on_close()

    encode = _encoder()
    response = current.app().response_class(stream_with_context(lines()), content_type=MEDIATYPE)
    response.call_on_close(on_close)
    return response


def _encoder() -> Callable[[Any], bytes]:
    provider = provider_of(current.app())
    if isinstance(provider, FlaskJSONProvider):
        return lambda value: provider.encode(value, sort_keys=False)
    return lambda value: provider.dumps(value, sort_keys=False).encode()
