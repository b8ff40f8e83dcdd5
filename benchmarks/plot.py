"""Draws results: ``python -m benchmarks --plot FILE``."""

from pathlib import Path
from typing import Any

from .contenders import OURS, PLAIN

CHARTED = ("dispatch", "sqlite", "postgresql")
COLORS = {OURS: "#c2410c", PLAIN: "#fb923c"}


def plot(results: dict[str, Any], path: Path) -> None:
    """Draw the ratios of parts 1 and 2 as bars, those of the first table of each.

    :param results: what ``--output`` writes.
    :param path: the image to write; its ending names the format.
    :raises ModuleNotFoundError: where matplotlib is not installed.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    tables = [table for part in CHARTED for table in results["parts"].get(part, ())[:1]]
    if not tables:
        raise ValueError(f"only the parts {', '.join(CHARTED)} are drawn")
    figure, charts = pyplot.subplots(len(tables), 1, figsize=(10, 3.6 * len(tables)), squeeze=False)
    for chart, table in zip(charts[:, 0], tables, strict=True):
        ratios = table["ratios"]
        contenders = [name for name in next(iter(ratios.values())) if name != table["baseline"]]
        width = 0.8 / len(contenders)
        for position, name in enumerate(contenders):
            places = [number + position * width for number in range(len(ratios))]
            color = COLORS.get(name) or pyplot.cm.Blues(0.27 + 0.08 * position)
            chart.bar(places, [case[name] for case in ratios.values()], width, label=name, color=color)
        chart.axhline(1, color="black", linewidth=0.8)
        chart.set_xticks([number + 0.4 - width / 2 for number in range(len(ratios))], list(ratios))
        chart.set_title(table["title"], loc="left")
        chart.set_ylabel(f"time, {table['baseline']} = 1")
        chart.spines[["top", "right"]].set_visible(False)
        chart.legend(
            frameon=False, fontsize=8, ncols=(len(contenders) + 1) // 2, loc="lower right", bbox_to_anchor=(1, 1)
        )
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
