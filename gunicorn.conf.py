"""How ``gunicorn run:app`` serves the application, which finds this file by itself: with the settings of Restwell."""

from restwell.operations.gunicorn import *  # noqa: F403
