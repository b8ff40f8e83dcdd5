"""The database of the application."""

from api.database import Database
from api.idempotency import key_table

db = Database()

idempotency_keys = key_table(db.metadata)
