"""Figures of the network benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.net_cases import MODES, OURS
from benchmarks.plots import GREY, figure_of, label, save

Row = dict[str, Any]
COLOURS = dict(
    zip(
        MODES,
        ("#2f81f7", "#2da44e", "#8a6fe8", "#3fc1d0", "#d1242f", "#e8743b", "#c79a1e", "#b5569b",
         "#8c8c5a"),
        strict=True,
    )
)  # fmt: skip


def plot_memory(rows: Sequence[Row], path: Path) -> None:
    """Peak and seconds over depth and over size."""
    flat = [row for row in rows if row["case"] == "one level" and "skipped" not in row]
    if not flat:
        return
    depth, size = min(row["layers"] for row in flat), _usual_size(flat)
    by_depth = [row for row in flat if row["size"] == size]
    by_size = [row for row in flat if row["layers"] == depth]
    figure, axes = figure_of(4, 4.4)
    at = f"{size}³ voxels, {flat[0]['channels']} channels"
    _lines(axes[0], by_depth, "layers", lambda row: row["peak_states"])
    label(axes[0], f"Peak memory, in states\n{at}", "layers")
    _lines(axes[1], by_size, "size", lambda row: row["peak_bytes"] / 1e9)
    label(axes[1], f"Peak memory, in GB\n{depth} layers", "voxels along each axis")
    _lines(axes[2], by_depth, "layers", lambda row: row["seconds_per_step"])
    label(axes[2], f"Seconds of a training step\n{at}", "layers")
    _lines(axes[3], by_size, "size", lambda row: row["seconds_per_step"])
    label(axes[3], f"Seconds of a training step\n{depth} layers", "voxels along each axis")
    save(figure, path, legend_from=axes[0])


def plot_speed(rows: Sequence[Row], path: Path) -> None:
    """A bar for each mode, a panel for each case."""
    measured = [row for row in rows if "skipped" not in row]
    names = list(dict.fromkeys(row["case"] for row in measured))
    if not names:
        return
    figure, panels = figure_of(len(names), 3.6)
    for axes, name in zip(panels, names, strict=True):
        own = [row for row in reversed(measured) if row["case"] == name]
        seconds = [row["seconds_per_step"] for row in own]
        modes = [row["mode"] for row in own]
        bars = axes.barh(modes, seconds, color=[COLOURS[mode] for mode in modes])
        axes.barlabel(bars, fmt="%.3g", color=GREY, padding=3)
        axes.margins(x=0.18)
        label(axes, f"{name}\n{own[0]['layers']} layers, {own[0]['size']}³", "seconds a step")
        axes.grid(visible=False, axis="y")
    save(figure, path)


def _lines(axes: Any, rows: Sequence[Row], x: str, y: Callable[[Row], float]) -> None:
    """A line for each mode, on logarithmic axes; dashed where it is not ours."""
    from matplotlib.ticker import LogLocator

    for mode in MODES:
        own = sorted((row for row in rows if row["mode"] == mode), key=lambda row: row[x])
        style = {"marker": "o", "markersize": 5, "linewidth": 2.2}
        style["linestyle"] = "-" if mode in OURS else "--"
        if own:
            ticks, values = [row[x] for row in own], [y(row) for row in own]
            axes.plot(ticks, values, color=COLOURS[mode], label=mode, **style)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    ticks = sorted({row[x] for row in rows})
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("")


def _usual_size(rows: Sequence[Row]) -> int:
    sizes = [row["size"] for row in rows]
    return max(set(sizes), key=sizes.count)
