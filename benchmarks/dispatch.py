"""Part 1: what a request costs before any database, in process, for the same five requests.

The 404 of bare Flask is that of ``flask.abort(404)``, an HTML page; every other answer is compared as JSON before the
clock starts.
"""

import importlib

from .calls import Application, Case, caller, check
from .contenders import OURS, PLAIN, switched
from .items import ITEMS, NEW_ITEM, items
from .progress import Progress
from .table import Table
from .timing import medians

BASELINE = "Flask"
PEERS = {
    OURS: "restwell",
    PLAIN: "restwell",
    BASELINE: "bare_flask",
    "Flask-RESTful": "flask_restful",
    "Flask-RESTX": "flask_restx",
    "Flask-smorest": "flask_smorest",
    "APIFlask": "apiflask",
    "Django REST framework": "django_rest_framework",
    "Falcon": "falcon",
}
"""The contenders, and the module in ``peers`` that builds each one's application."""

CASES = {
    "one item": Case("/items/7", 200, ITEMS[7]),
    "20 items": Case("/lists/20", 200, items(20)),
    "1000 items": Case("/lists/1000", 200, items(1000)),
    "POST": Case("/items", 201, NEW_ITEM, [{"name": NEW_ITEM["name"], "price": NEW_ITEM["price"]}]),
    "404": Case("/items/0", 404),
}


def contenders(progress: Progress) -> dict[str, Application]:
    """The applications of all peers that are installed, and answer every case."""
    applications = {}
    for name, module in PEERS.items():
        try:
            with switched(name):
                application = importlib.import_module(f".peers.{module}", __package__).application()
            for case_name, case in CASES.items():
                check(name, case_name, case, caller(application, case))
        except (ModuleNotFoundError, TypeError) as error:  # the latter where a peer fails on a new Flask by itself
            if name in (OURS, PLAIN, BASELINE):
                raise
            progress.note(f"{name} is left out: {error}")
            continue
        applications[name] = application
    return applications


def run(rounds: int, progress: Progress) -> list[Table]:
    """Time every case for every contender.

    :param rounds: how many turns each contender has in each case.
    :param progress: told about every round.
    """
    applications = contenders(progress)
    times = {}
    for name, case in CASES.items():
        calls = {contender: caller(application, case) for contender, application in applications.items()}
        [times[name]] = medians(calls, rounds, lambda message, name=name: progress(f"{name}, {message}"))
    progress.done()
    return [Table("Dispatch, in process", "microseconds per request", times, BASELINE)]
