"""The twin of ``flask_restful.utils``."""

from collections import OrderedDict

from restwell.upstream.names import complete
from restwell.upstream.utils import http_status_message, unpack

__all__ = [
    "OrderedDict",
    "http_status_message",
    "unpack",
]

complete(globals(), "flask_restful.utils")
