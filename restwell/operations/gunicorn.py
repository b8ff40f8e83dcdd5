"""The settings with which gunicorn serves an application: ``gunicorn -c python:restwell.operations.gunicorn run:app``.

gunicorn's own PORT and WEB_CONCURRENCY are obeyed, and everything here gives way to its command line.
"""

import os
import re
import socket
import struct
import sys
import time
from datetime import timedelta
from functools import partial
from selectors import EVENT_READ
from threading import Thread
from typing import Any

from gunicorn import glogging
from gunicorn.workers import gthread

from restwell.operations import logs

SILENCE = int(os.environ.get("GUNICORN_CLIENT_TIMEOUT", "10"))
"""Seconds in which a client has to send, or take, the next bytes of a request or a response that it has begun."""

workers = int(os.environ.get("WEB_CONCURRENCY", len(os.sched_getaffinity(0))))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))  # DATABASE_POOL_SIZE leaves each of them a connection

preload_app = True  # a mistake in the configuration ends the start, and a new worker is there at once
keepalive = 75  # longer than load balancers keep idle connections, so that they never send into a closing one
graceful_timeout = 30
timeout = 30  # for a worker that is stuck as a whole; threads may take longer

limit_request_line = 8190  # the application's own MAX_QUERY_LENGTH answers first
forwarded_allow_ips = ""  # TRUSTED_PROXIES alone decides whom to believe
control_socket_disable = True

LOG_FORMAT, loglevel = (option.from_environment() for option in logs.OPTIONS)
accesslog = "-" if loglevel in ("DEBUG", "INFO") else None


class Connection(gthread.TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that is closed without holding up the others of its worker."""

    def close(self, graceful: bool = False) -> None:
        """Close it; a graceful close waits for the client, for up to two seconds, and so gets a thread of its own."""
        if graceful:
            Thread(target=super().close, args=[True], daemon=True).start()
        else:
            super().close()


class Worker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, of which a client occupies none before it sends something."""

    def accept(self, listener: Any) -> None:
        """Take a connection and wait for its first bytes beside all others."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + SILENCE
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))

    def set_accept_enabled(self, enabled: bool) -> None:
        """Listen or do not; at the end, take the connections that wait already, which closing would reset."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                known = -1
                while known < self.nr_conns:
                    known = self.nr_conns
                    self.accept(listener)
                listener.close()


_complaint = re.compile(r"Invalid request from ip=\S*: [^:'\"]*").match
"""What gunicorn says of a request that is no HTTP, up to where it quotes the request."""


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log lines, written as the application writes its own, and without what a client sent.

    A request line has its query, a header line without a colon its secret, and the rest of a body anything.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            logs.adapt(handler, LOG_FORMAT)

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        quoting = _complaint(msg) if isinstance(msg, str) else None
        super().warning(msg if quoting is None else quoting[0], *args, **kwargs)

    def debug(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        super().debug(msg, *[type(arg).__name__ if isinstance(arg, Exception) else arg for arg in args], **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exc_info()[1], BlockingIOError):
            self.info("Closed the connection of a client that was silent for %s seconds", SILENCE)
        else:
            super().exception(msg, *[str(arg).partition("?")[0] for arg in args], **kwargs)

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not self.access_log_enabled:
            return
        request = {
            "request_id": dict(resp.headers).get("X-Request-ID"),
            "client": environ.get("REMOTE_ADDR"),
            "method": req.method,
            "path": req.path,
            "status": int(resp.status.split()[0]),
            "duration": round(request_time / timedelta(milliseconds=1), 3),
            "bytes": resp.sent,
        }
        self.access_log.info("%(method)s %(path)s %(status)s %(duration)s ms %(bytes)s bytes", request, extra=request)


worker_class = Worker
logger_class = Logger


def when_ready(server: Any) -> None:
    """Set the client time-outs, which every connection inherits, and warn once if anybody may write."""
    silence = struct.pack("@ll", SILENCE, 0)
    for listener in server.LISTENERS:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, silence)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, silence)
    if not server.app.wsgi().config["API_TOKENS"]:
        server.log.warning("API_TOKENS is not set: everybody who can reach this server may write.")
