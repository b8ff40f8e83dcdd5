"""The twin of ``flask_restful.representations``."""
