"""The release of Flask-RESTful whose answers these are."""

__version__ = "0.3.10"
