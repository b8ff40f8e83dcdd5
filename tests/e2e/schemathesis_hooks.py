"""What Schemathesis cannot make from the description alone, since it depends on what the server has answered before."""

import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Give a valid request what a server hands out, or what it must not have seen yet, in place of made-up text."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        (case.query or {}).pop("cursor", None)  # of one order, with a value for each of its columns
        for name, value in (("If-Match", "*"), ("Idempotency-Key", str(uuid.uuid4()))):
            if name in (case.headers or {}):
                case.headers[name] = value
