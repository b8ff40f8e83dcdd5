"""The database of the application."""

from restwell import Database, key_table

db = Database()

idempotency_keys = key_table(db.metadata)
