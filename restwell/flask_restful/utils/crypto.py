"""The twin of ``flask_restful.utils.crypto``, which needs pycryptodome, as that does."""

from restwell.upstream.names import complete

complete(globals(), "flask_restful.utils.crypto")
