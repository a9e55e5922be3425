"""Curves of what `benchmarks.accuracy --json` printed: against labelled lines, and minutes.

``python -m benchmarks.accuracy_plot RESULT.json [RESULT.json ...] --out docs/images/accuracy.png``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.accuracy_results import Row, by_seed, read_rows
from benchmarks.plots import figure_of, label, save

OURS, LAYOUT = "ours", "4 lines"
LEARNING = (OURS, "BasicUNet with depth")  # what has a curve over minutes
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
    plot(read_rows(chosen.results), chosen.out)


def plot(rows: Sequence[Row], path: Path) -> None:
    """A panel of mean IoU over labelled lines for each case, then over minutes, for all cases."""
    cases = list(dict.fromkeys(row["case"] for row in rows))
    figure, panels = figure_of(len(cases) + 1, 3.8)
    for axes, case in zip(panels, cases, strict=False):
        _over_lines(axes, [row for row in rows if row["case"] == case])
        label(axes, f"Mean IoU, {case}", "labelled lines")
    _over_minutes(panels[-1], [row for row in rows if row["labels"] == LAYOUT])
    label(panels[-1], f"Mean IoU, {LAYOUT}", "minutes")
    save(figure, path, legend_from=panels[0])


def _over_lines(axes: Any, rows: Sequence[Row]) -> None:
    found = by_seed(rows, "mean_iou")
    for method, colour in COLOURS.items():
        final = {
            int(labels.split()[0]): mean(seeds.values())
            for (of, labels, _), seeds in found.items()
            if of == method and "line" in labels
        }
        if final:
            curve = zip(*sorted(final.items()), strict=True)
            axes.plot(*curve, "o-", color=colour, label=method, linewidth=2 + (method == OURS))


def _over_minutes(axes: Any, rows: Sequence[Row]) -> None:
    """A curve for each case and each method that learns, of the first seed; a style a case."""
    cases = dict.fromkeys(row["case"] for row in rows)
    for method in LEARNING:
        for case, style in zip(cases, ("-", "--", "-.", ":") * len(cases), strict=False):
            own = [row for row in rows if (row["method"], row["case"]) == (method, case)]
            first = [row for row in own if row["seed"] == own[0]["seed"]]
            curve = sorted((row["minutes"], row["mean_iou"]) for row in first)
            if curve:
                name = case if method == OURS else None
                axes.plot(*zip(*curve, strict=True), style, color=COLOURS[method], label=name)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend(frameon=False, fontsize=9, loc="lower right")


if __name__ == "__main__":
    main()
