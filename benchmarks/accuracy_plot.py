"""Curves of what `benchmarks.accuracy --json` printed: against labelled lines, and minutes.

``python -m benchmarks.accuracy_plot RESULT.json [RESULT.json ...] --out docs/images/accuracy.png``
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.plots import figure_of, label, save

Row = dict[str, Any]
OURS, LAYOUT = "ours", "4 lines"
COLOURS = {
    OURS: "#2f81f7",
    "random forest": "#2da44e",
    "BasicUNet with depth": "#8a6fe8",
    "BasicUNet": "#b5569b",
    "thin plates, snapped": "#e8743b",
    "linear gridding, snapped": "#c79a1e",
    "auto-tracking": "#d1242f",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("results", type=Path, nargs="+", metavar="RESULT.json")
    arguments.add_argument("--out", type=Path, required=True)
    chosen = arguments.parse_args()
    rows = [row for path in chosen.results for row in json.loads(path.read_text())["rows"]]
    plot(rows, chosen.out)


def plot(rows: Sequence[Row], path: Path) -> None:
    """A panel of mean IoU over labelled lines for each case, then ours over minutes."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    figure, panels = figure_of(len(cases) + 1, 3.8)
    for axes, case in zip(panels, cases, strict=False):
        _over_lines(axes, [row for row in rows if row["case"] == case])
        label(axes, f"Mean IoU, {case}", "labelled lines")
    live = [row for row in rows if (row["method"], row["labels"]) == (OURS, LAYOUT)]
    _over_minutes(panels[-1], live)
    label(panels[-1], f"Mean IoU, ours, {LAYOUT}", "minutes")
    save(figure, path, legend_from=panels[0])


def _over_lines(axes: Any, rows: Sequence[Row]) -> None:
    for method, colour in COLOURS.items():
        final: dict[int, dict[int, float]] = {}
        for row in rows:
            lines, _, what = row["labels"].partition(" ")
            if row["method"] == method and what.startswith("line"):
                final.setdefault(int(lines), {})[row["seed"]] = row["mean_iou"]  # the last counts
        at = sorted(final)
        if at:
            values = [mean(final[lines].values()) for lines in at]
            axes.plot(at, values, "o-", color=colour, label=method, linewidth=2 + (method == OURS))


def _over_minutes(axes: Any, rows: Sequence[Row]) -> None:
    """A curve for each case."""
    for case in dict.fromkeys(row["case"] for row in rows):
        own = sorted((row["minutes"], row["mean_iou"]) for row in rows if row["case"] == case)
        axes.plot(*zip(*own, strict=True), ".-", label=case)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend(frameon=False, fontsize=9, loc="center right")


if __name__ == "__main__":
    main()
