"""The figures of one part: a row for each contender, a column for each case."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Table:
    """Times of contenders in cases, and how they compare with the one that is the measure.

    :param title: what was measured.
    :param unit: of the times.
    :param baseline: the contender whose times are 1.00.
    :param times: by case, then by contender.
    """

    title: str
    unit: str
    baseline: str
    times: dict[str, dict[str, float]]

    def ratio(self, case: str, contender: str) -> float:
        return self.times[case][contender] / self.times[case][self.baseline]

    def figures(self) -> dict[str, Any]:
        """Everything in the table, ready for JSON."""
        return {
            "title": self.title,
            "unit": self.unit,
            "baseline": self.baseline,
            "times": self.times,
            "ratios": {
                case: {contender: self.ratio(case, contender) for contender in contenders}
                for case, contenders in self.times.items()
            },
        }

    def __str__(self) -> str:
        rows = [["", *self.times]]
        for contender in self.times[next(iter(self.times))]:
            cells = [f"{self.times[case][contender]:.1f} ({self.ratio(case, contender):.2f})" for case in self.times]
            rows.append([contender, *cells])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [f"{self.title}: {self.unit} (ratio to {self.baseline})"]
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
            lines.append("  ".join([row[0].ljust(widths[0]), *cells[1:]]))
        return "\n".join(lines)
