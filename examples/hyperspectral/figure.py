"""One picture of it all: both dates above with what is known, the map below with its doubts."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.patches import Patch
from numpy.typing import NDArray

from examples.hyperspectral.bands import Bands
from examples.hyperspectral.colours import UNKNOWN, class_colours, false_colours
from examples.hyperspectral.mapping import ChangeMap
from examples.hyperspectral.scene import ClassMap, Scene
from napari_hyperseg.survey.replacing import replacing

INK, PALE, PAPER, DPI = "#2b2b2b", "#666666", "#ffffff", 130
STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9, "text.color": INK,
    "axes.titlesize": 10.5, "axes.titlelocation": "left",
    "axes.edgecolor": "#9a9a9a", "axes.linewidth": 0.6,
}  # fmt: skip
PANEL_IN = 4.0  # longer side of a map


def draw(path: Path, scene: Scene, bands: Bands, found: ChangeMap, title: str, note: str) -> None:
    """Draw the figure as PNG.

    Parameters
    ----------
    path : Path
    scene : Scene
    bands : Bands
    found : ChangeMap
    title, note : str
        The line above all, and the smaller ones below it.
    """
    rows, columns = scene.half_shape
    height, width = (PANEL_IN * max(side / max(rows, columns), 0.4) for side in (rows, columns))
    page = (3 * max(width, 3.4) + 1.3, 2 * height + 2.5)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=page, facecolor=PAPER)
        FigureCanvasAgg(figure)
        left, top = 0.3 / page[0], 1 - 1.35 / page[1]
        figure.text(left, 1 - 0.45 / page[1], title, fontsize=17, fontweight="bold")
        figure.text(
            left, 1 - 0.62 / page[1], note, fontsize=10.5, color=PALE, va="top", linespacing=1.4
        )
        cells = figure.add_gridspec(
            2, 3, left=left, right=1 - 0.75 / page[0], top=top, bottom=0.75 / page[1],
            wspace=0.06, hspace=0.14,
        )  # fmt: skip
        _draw_panels(figure, [cells[i, j] for i in range(2) for j in range(3)], scene, bands, found)
        _draw_legend(figure, scene, left)
        with replacing(path) as beside:
            figure.savefig(beside, format="png", dpi=DPI)


def _draw_panels(
    figure: Figure, cells: list[SubplotSpec], scene: Scene, bands: Bands, found: ChangeMap
) -> None:
    axes = [figure.add_subplot(cell) for cell in cells]
    images, sense = false_colours(scene)
    for at, image, name in zip(axes, images, ("First date", "Second date"), strict=False):
        _frame(at, name).imshow(image, interpolation="nearest")
        at.set_title(sense, loc="right", fontsize=8.5, color=PALE)
    _frame(axes[2], "Labelled points").imshow(_faint(images[1]), interpolation="nearest")
    _draw_points(axes[2], scene)
    _frame(axes[3], "Truth, half resolution")
    if scene.truth is None:
        axes[3].text(0.5, 0.5, "not known", ha="center", transform=axes[3].transAxes)
    _show(axes[3], scene, np.zeros(scene.half_shape, np.uint8) if scene.truth is None
          else np.where(bands.valid, scene.truth, 0))  # fmt: skip
    _show(_frame(axes[4], "Map by the hyperbolic network"), scene, found.classes)
    _draw_confidence(figure, _frame(axes[5], "Confidence"), scene, bands, found)


def _draw_points(axes: Axes, scene: Scene) -> None:
    """Points of each class, in the middle of their 2 x 2 pixels."""
    for code, colour in enumerate(class_colours(scene.n_classes), start=1):
        row, column = np.nonzero(scene.labels == code)
        axes.scatter(
            2 * column + 0.5, 2 * row + 0.5, s=26, marker="o" if code == 1 else "s",
            color=[colour], edgecolors=INK, linewidths=0.8,
        )  # fmt: skip


def _draw_confidence(
    figure: Figure, axes: Axes, scene: Scene, bands: Bands, found: ChangeMap
) -> None:
    shown = np.where(bands.valid, found.confidence, np.nan)
    image = axes.imshow(
        shown, vmin=1 / scene.n_classes, vmax=1, cmap="cividis", interpolation="nearest"
    )
    if scene.truth is not None:
        wrong = bands.valid & (scene.truth > 0) & (scene.truth != found.classes)
        if wrong.any() and not wrong.all():
            axes.contour(wrong, levels=[0.5], colors="#d1495b", linewidths=0.7)
            axes.set_title("wrong", loc="right", fontsize=8.5, color="#d1495b")
    bar = figure.colorbar(image, cax=axes.inset_axes((1.03, 0, 0.035, 1)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=8, colors=PALE)


def _draw_legend(figure: Figure, scene: Scene, left: float) -> None:
    colours = class_colours(scene.n_classes)
    handles = [
        Patch(facecolor=colour, edgecolor="#8a8a8a", linewidth=0.5, label=name)
        for colour, name in zip(colours, scene.class_names, strict=True)
    ]
    if scene.truth is None or not scene.truth.all():
        grey = Patch(facecolor=UNKNOWN, edgecolor="#8a8a8a", linewidth=0.5, label="unknown")
        handles.append(grey)
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(left, 0.022), frameon=False,
        ncols=min(len(handles), 7), fontsize=10, handlelength=1.3, handleheight=1.1,
        borderaxespad=0, borderpad=0, columnspacing=1.6,
    )  # fmt: skip


def _show(axes: Axes, scene: Scene, classes: ClassMap) -> None:
    colours = np.array([UNKNOWN, *class_colours(scene.n_classes)])
    axes.imshow(colours[classes], interpolation="nearest")


def _faint(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """Grey and pale, so that points stand out."""
    grey = image.mean(axis=2, keepdims=True)
    return np.repeat(0.35 + 0.55 * grey, 3, axis=2)


def _frame(axes: Axes, title: str) -> Axes:
    axes.set(title=title, xticks=[], yticks=[])
    return axes
