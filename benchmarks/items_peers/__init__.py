"""The items API on each framework and its usual ORM: ``application(url)`` makes it, with an empty table ``TABLE``."""
