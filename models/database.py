"""The database of the application."""

from api.database import Database

db = Database()
