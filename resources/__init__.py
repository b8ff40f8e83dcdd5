"""The endpoints of the application."""
