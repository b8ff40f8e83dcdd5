"""The same application on each framework, written as its own documentation would: ``application()`` builds it."""
