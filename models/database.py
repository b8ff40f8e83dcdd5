"""The database of the application."""

from restwell.data.database import Database
from restwell.data.idempotency import key_table

db = Database()

idempotency_keys = key_table(db.metadata)
