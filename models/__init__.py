"""The tables of the application and the functions that read and write them."""

from . import items
from .database import db

__all__ = ["db", "items"]
