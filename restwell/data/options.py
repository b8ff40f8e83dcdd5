"""Options: what the database and the conditional requests can be told from outside."""

from __future__ import annotations

from restwell.configuration import Option, boolean, integer, text

OPTIONS = (
    Option(
        "DATABASE_URL",
        "sqlite:///app.db",
        text,
        "Where the data is: `sqlite:///name.db` in the instance folder, `sqlite:////absolute/path.db` or "
        "`postgresql://user:password@host:5432/name`",
    ),
    Option(
        "DATABASE_BUSY_TIMEOUT",
        3000,
        integer(1, 3_600_000),
        "Milliseconds to wait for a lock, a connection or a place in the pool before the answer is 503",
    ),
    Option(
        "DATABASE_STATEMENT_TIMEOUT",
        30_000,
        integer(0, 3_600_000),
        "Milliseconds that a statement may take on PostgreSQL before the answer is 503; 0 is no limit",
    ),
    Option("DATABASE_POOL_SIZE", 10, integer(1, 1000), "Connections that a process opens at most"),
    Option(
        "API_REQUIRE_IF_MATCH",
        False,
        boolean,
        "Whether PUT, PATCH and DELETE need `If-Match` where they could overwrite another's change; without it 428",
    ),
)
