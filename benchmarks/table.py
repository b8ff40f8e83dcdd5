"""The figures of one measurement: a row for each contender, a column for each case."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Table:
    """What contenders reached in cases, and how they compare with the one that is the measure.

    :param title: what was measured.
    :param unit: of the figures.
    :param values: by case, then by contender.
    :param baseline: the contender whose ratios are 1.00; ``None`` for figures that are not compared.
    """

    title: str
    unit: str
    values: dict[str, dict[str, float]]
    baseline: str | None = None

    def ratio(self, case: str, contender: str) -> float:
        return self.values[case][contender] / self.values[case][str(self.baseline)]

    def figures(self) -> dict[str, Any]:
        """Everything in the table, ready for JSON."""
        figures: dict[str, Any] = {"title": self.title, "unit": self.unit, "values": self.values}
        if self.baseline is not None:
            figures["baseline"] = self.baseline
            figures["ratios"] = {
                case: {contender: self.ratio(case, contender) for contender in contenders}
                for case, contenders in self.values.items()
            }
        return figures

    def __str__(self) -> str:
        rows = [["", *self.values]]
        for contender in next(iter(self.values.values())):
            rows.append([contender, *(self._cell(case, contender) for case in self.values)])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [f"{self.title}: {self.unit}" + (f" (ratio to {self.baseline})" if self.baseline else "")]
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
            lines.append("  ".join([row[0].ljust(widths[0]), *cells[1:]]))
        return "\n".join(lines)

    def _cell(self, case: str, contender: str) -> str:
        figure = f"{self.values[case][contender]:.1f}"
        return f"{figure} ({self.ratio(case, contender):.2f})" if self.baseline else figure
