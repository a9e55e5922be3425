"""The pictures of a report, as files in memory: PNG for sections and maps, SVG for curves.

Draws with matplotlib's objects, without its global state, and writes no word of a user's into a
picture.  Import it only where pictures are drawn: matplotlib takes a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from napari_hyperseg.jobs.events import ReliabilityScores
from napari_hyperseg.project.training_record import TrainingRecord

# Okabe and Ito's colours, as in the window.
_LOSS, _HELD_OUT, _IOU = "#e69f00", "#cc79a7", "#009e73"
_NOTHING = "#dddddd"
_OPACITY = 0.55
_MOST = 900  # samples of a section along a side
_DPI = 110
_STYLE: Any = {
    "font.size": 8,
    "axes.titlesize": 9,
    "svg.hashsalt": "hyperseg",
    "svg.fonttype": "none",
}
Extent = tuple[float, float, float, float]


def section_picture(
    amplitude: NDArray[np.floating],
    overlays: Mapping[str, NDArray[np.uint8] | None],
    colors: Mapping[int, str],
    clip: float,
    extent: Extent,
    axes: tuple[str, str],
) -> bytes:
    """Draw a section of the seismic as often as there are overlays.

    Parameters
    ----------
    amplitude : ndarray, shape (down, across)
    overlays : mapping of str to ndarray of uint8 or None
        Codes to draw over it by title; 0 is not drawn, None: only the seismic.
    colors : mapping of int to str
        Of the codes.
    clip : float
        Amplitude that is black or white.
    extent : tuple of float
        Left, right, bottom and top edge in the units of the axes.
    axes : (str, str)
        What is across and down.

    Returns
    -------
    bytes
        A PNG file.
    """
    down, across = (max(1, -(-n // _MOST)) for n in amplitude.shape)
    thin = np.s_[::down, ::across]
    with rc_context(_STYLE):
        figure = Figure(figsize=(9.2, 3.1), layout="constrained")
        for axis, (title, codes) in zip(
            figure.subplots(1, len(overlays), squeeze=False)[0], overlays.items(), strict=True
        ):
            look: dict[str, Any] = {"extent": extent, "aspect": "auto"}
            axis.imshow(amplitude[thin], cmap="gray_r", vmin=-clip, vmax=clip, **look)
            if codes is not None:
                axis.imshow(_rgba(codes[thin], colors), interpolation="nearest", **look)
            _name(axis, title, *axes)
        return _saved(figure, "png")


def boundary_picture(
    times: NDArray[np.floating], confidence: NDArray[np.floating], extent: Extent, unit: str
) -> bytes:
    """Draw where a boundary is, and how sure; a PNG file.

    Parameters
    ----------
    times : ndarray, shape (n_inlines, n_crosslines)
        In `unit`; NaN where it is not.
    confidence : ndarray, same shape
        0 to 1.
    extent : tuple of float
        First and last crossline, last and first inline, as edges.
    unit : str
    """
    with rc_context(_STYLE):
        figure = Figure(figsize=(9.2, 3.1), layout="constrained")
        panels = (
            ("where it is", times, "turbo_r", (None, None), unit),
            ("how sure", 100 * confidence, "viridis", (0, 100), "confidence [%]"),
        )
        for axis, (title, values, colors, levels, label) in zip(
            figure.subplots(1, 2), panels, strict=True
        ):
            axis.set_facecolor(_NOTHING)
            low, high = levels
            image = axis.imshow(
                values, cmap=colors, vmin=low, vmax=high, extent=extent, aspect="auto"
            )
            figure.colorbar(image, ax=axis, label=label)
            _name(axis, title, "crossline", "inline")
        return _saved(figure, "png")


def curves_picture(record: TrainingRecord) -> bytes:
    """Draw loss, and held-out accuracy and mean IoU, over the steps; an SVG file."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(9.2, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot([p.step for p in record.steps], [p.loss for p in record.steps], color=_LOSS)
        _name(left, "loss on what was trained with", "step", "loss")
        steps = [point.step for point in record.scores]
        for name, color in (("accuracy", _HELD_OUT), ("mean_iou", _IOU)):
            shares = [getattr(point, name) for point in record.scores]
            label = name.replace("_iou", " IoU")
            right.plot(steps, shares, color=color, marker="o", markersize=3, label=label)
        right.set_ylim(0, 1.02)
        right.legend(frameon=False, loc="lower right")
        _name(right, "on held-out labels", "step", "share")
        return _saved(figure, "svg")


def reliability_picture(curve: ReliabilityScores) -> bytes:
    """Draw accuracy over confidence, and how many voxels there are of each; an SVG file."""
    edges = np.linspace(0, 1, len(curve.counts) + 1)
    shares = np.array(curve.counts) / max(sum(curve.counts), 1)
    known = [n for n, count in enumerate(curve.counts) if count]
    with rc_context(_STYLE):
        figure = Figure(figsize=(9.2, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot([0, 1], [0, 1], color="black", linestyle="--", linewidth=0.8)
        x, y = ([values[n] for n in known] for values in (curve.confidence, curve.accuracy))
        left.plot(x, y, color=_HELD_OUT)
        left.scatter(x, y, s=6 + 60 * shares[known], color=_HELD_OUT)
        _name(left, "reliability", "confidence", "accuracy")
        right.bar(edges[:-1], shares, width=0.95 / len(shares), align="edge", color=_IOU)
        _name(right, "how sure it is", "confidence", "share of voxels")
        for axis in (left, right):
            axis.set_xlim(0, 1)
            axis.set_ylim(0, 1.02)
        return _saved(figure, "svg")


def _rgba(codes: NDArray[np.uint8], colors: Mapping[int, str]) -> NDArray[np.uint8]:
    table = np.zeros((256, 4), np.uint8)
    for code, color in colors.items():
        table[code] = (*bytes.fromhex(color[1:]), round(255 * _OPACITY))
    return table[codes]


def _name(axis: Axes, title: str, across: str, down: str) -> None:
    axis.set_title(title)
    axis.set_xlabel(across)
    axis.set_ylabel(down)


def _saved(figure: Figure, kind: str) -> bytes:
    file = BytesIO()
    about = {"Date": None} if kind == "svg" else {}
    figure.savefig(file, format=kind, dpi=_DPI, metadata=about)
    return file.getvalue()
