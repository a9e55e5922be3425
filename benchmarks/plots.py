"""Figures to be read on a white page and on a black one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

GREY = "#7d8590"


def figure_of(columns: int, height: float) -> tuple[Any, Any]:
    """Make a figure with so many panels beside each other."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 11, "text.color": GREY, "axes.labelcolor": GREY})
    figure, axes = pyplot.subplots(1, columns, figsize=(4.2 * columns, height), squeeze=False)
    return figure, axes[0]


def label(axes: Any, title: str, x: str) -> None:
    """Give a panel its title, the name of its axis, and a grid."""
    axes.set_title(title, fontsize=12)
    axes.set_xlabel(x)
    axes.tick_params(colors=GREY, which="both")
    axes.grid(color=GREY, alpha=0.25, linewidth=0.8)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(GREY)


def save(figure: Any, path: Path, legend_from: Any = None) -> None:
    """Write the figure, with one legend for all panels, if any."""
    if legend_from is not None:
        lines, names = legend_from.get_legend_handles_labels()
        figure.legend(lines, names, loc="lower center", ncols=len(names), frameon=False)
    figure.tight_layout(rect=(0, 0.08 if legend_from is not None else 0, 1, 1))
    figure.savefig(path, dpi=144, transparent=True)
