"""Part 4: ``marshal`` of 1000 rows of 4 fields, plain and with an object inside of each."""

import flask_restful

import restwell

from .items import items
from .progress import Progress
from .table import Table
from .timing import medians

FRAMEWORKS = {"Restwell": restwell, "Flask-RESTful": flask_restful}


def run(rounds: int, progress: Progress) -> list[Table]:
    """Time it for both.

    :raises ValueError: when the two do not give the same.
    """
    plain, nested = items(1000), [{**item, "maker": {"name": "Acme", "city": "Berne"}} for item in items(1000)]
    cases = {"plain": (plain, {}), "nested": (nested, {"maker"})}
    times = {}
    for case, (rows, further) in cases.items():
        functions = {}
        for name, framework in FRAMEWORKS.items():
            fields = framework.fields
            kinds = {"id": fields.Integer, "name": fields.String, "price": fields.Float, "in_stock": fields.Boolean}
            if further:
                kinds["maker"] = fields.Nested({"name": fields.String, "city": fields.String})
            functions[name] = lambda marshal=framework.marshal, kinds=kinds, rows=rows: marshal(rows, kinds)
        if functions["Restwell"]() != functions["Flask-RESTful"]():
            raise ValueError(f"{case}: the two give different data")
        [times[case]] = medians(functions, rounds, lambda message, case=case: progress(f"{case}, {message}"))
    progress.done()
    return [Table("marshal of 1000 rows", "microseconds", times, "Flask-RESTful")]
