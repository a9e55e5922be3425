"""One picture of it all: channels on the left, what is known and what was found on the right."""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LightSource
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from examples.aquifer.mapping import AquiferMap
from examples.aquifer.palette import CHANNEL_MAPS, OTHER_MAP, class_colours
from examples.aquifer.scene import OTHER_CLASS, Scene
from napari_hyperseg.survey.replacing import replacing

INK, PAPER, UNKNOWN, DPI = "#2b2b2b", "#ffffff", (0.96, 0.96, 0.965), 130
MOST_CHANNELS_SHOWN = 9
STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9, "text.color": INK,
    "axes.titlesize": 10.5, "axes.titlelocation": "left",
    "axes.edgecolor": "#9a9a9a", "axes.linewidth": 0.6,
}  # fmt: skip


def draw(path: Path, scene: Scene, found: AquiferMap, title: str, note: str) -> None:
    """Draw the figure as PNG.

    Parameters
    ----------
    path : Path
    scene : Scene
    found : AquiferMap
    title, note : str
        The line above all, and the smaller one below it.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(14.6, 9.6), facecolor=PAPER)
        FigureCanvasAgg(figure)
        halves = figure.add_gridspec(
            1, 2, width_ratios=(0.76, 1.24), left=0.02, right=0.95, top=0.865, bottom=0.075,
            wspace=0.1,
        )  # fmt: skip
        figure.text(0.02, 0.955, title, fontsize=17, fontweight="bold")
        figure.text(0.02, 0.92, note, fontsize=10.5, color="#666666")
        _draw_channels(figure, halves[0], scene)
        _draw_maps(figure, halves[1], scene, found)
        with replacing(path) as beside:
            figure.savefig(beside, format="png", dpi=DPI)


def _draw_channels(figure: Figure, place: SubplotSpec, scene: Scene) -> None:
    names = list(scene.channels)[:MOST_CHANNELS_SHOWN]
    columns = 2 if len(names) <= 6 else 3
    cells = place.subgridspec(math.ceil(len(names) / columns), columns, wspace=0.26, hspace=0.16)
    for name, cell in zip(names, cells, strict=False):
        axes = _frame(figure.add_subplot(cell), name.capitalize())
        shown = np.where(scene.valid, scene.channels[name], np.nan)
        low, high = np.nanpercentile(shown, [2, 98])
        colours = CHANNEL_MAPS.get(name, OTHER_MAP)
        image = axes.imshow(shown, vmin=low, vmax=high, cmap=colours, interpolation="nearest")
        _add_bar(figure, axes, image, scene.units.get(name, ""))


def _draw_maps(figure: Figure, place: SubplotSpec, scene: Scene, found: AquiferMap) -> None:
    cells = place.subgridspec(2, 2, wspace=0.05, hspace=0.12)
    axes = [figure.add_subplot(cell) for cell in cells]
    share = np.count_nonzero(scene.labels) / max(np.count_nonzero(scene.valid), 1)
    _frame(axes[0], f"Labels: {share:.1%} of the area").imshow(_painted(scene, scene.labels, 0.25))
    _frame(axes[1], "Truth")
    if scene.truth is None:
        axes[1].text(0.5, 0.5, "not known", ha="center", transform=axes[1].transAxes)
        axes[1].imshow(np.full((*scene.shape, 3), UNKNOWN))
    else:
        axes[1].imshow(_painted(scene, scene.truth, 1.0))
    _frame(axes[2], "Map by the hyperbolic network").imshow(_painted(scene, found.classes, 1.0))
    _draw_confidence(figure, _frame(axes[3], "Confidence"), scene, found)
    _draw_scale(axes[0], scene)
    colours = class_colours(scene.n_classes)
    patches = [
        Patch(facecolor=colour, edgecolor="#8a8a8a", linewidth=0.5, label=name)
        for colour, name in zip(colours, scene.class_names, strict=True)
    ]
    patches.append(Patch(facecolor=UNKNOWN, edgecolor="#8a8a8a", linewidth=0.5, label="unknown"))
    figure.legend(
        handles=patches[:12], loc="lower right", bbox_to_anchor=(0.95, 0.012), frameon=False,
        ncols=min(len(patches), 6), fontsize=10, handlelength=1.3, handleheight=1.1,
    )  # fmt: skip


def _draw_confidence(figure: Figure, axes: Axes, scene: Scene, found: AquiferMap) -> None:
    least = 1 / scene.n_classes
    shown = np.where(scene.valid, found.confidence, np.nan)
    image = axes.imshow(shown, vmin=least, vmax=1, cmap="YlGnBu_r", interpolation="nearest")
    axes.contour(scene.labels > 0, levels=[0.5], colors="#d1495b", linewidths=0.5)
    axes.set_title("labelled", loc="right", fontsize=8.5, color="#d1495b")
    _add_bar(figure, axes, image, "")


def _add_bar(figure: Figure, axes: Axes, image: AxesImage, unit: str) -> None:
    """A colour bar as high as the map, its unit above it."""
    bar = figure.colorbar(image, cax=axes.inset_axes((1.025, 0, 0.035, 1)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=8, colors="#666666")
    bar.ax.set_title(unit, fontsize=8, color="#666666", loc="left")


def _painted(scene: Scene, classes: NDArray, relief: float) -> NDArray[np.float64]:
    """Colours of classes, over shaded relief where elevation is one of the channels."""
    colours = np.full((OTHER_CLASS + 1, 3), UNKNOWN)
    colours[OTHER_CLASS] = 0.35
    colours[1 : scene.n_classes + 1] = class_colours(scene.n_classes)
    painted = colours[np.where(scene.valid, classes, 0)]
    if "elevation" not in scene.channels:
        return painted
    light = LightSource(azdeg=315, altdeg=45)
    shade = light.hillshade(
        -scene.channels["elevation"], vert_exag=6, dx=scene.pixel_m, dy=scene.pixel_m
    )
    return np.clip(painted * (1 + 0.35 * relief * (shade - np.median(shade)))[..., None], 0, 1)


def _draw_scale(axes: Axes, scene: Scene) -> None:
    """A bar of a round length, about a quarter of the width."""
    target_m = 0.25 * scene.shape[1] * scene.pixel_m
    power = 10 ** math.floor(math.log10(target_m))
    length_m = power * max(step for step in (1, 2, 5) if step * power <= target_m)
    start, height = 0.04 * scene.shape[1], 0.95 * scene.shape[0]
    axes.plot([start, start + length_m / scene.pixel_m], [height] * 2, color=INK, lw=3)
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    text = axes.text(start, height - 0.015 * scene.shape[0], label, va="bottom", fontsize=9)
    text.set_path_effects([withStroke(linewidth=3, foreground=PAPER)])


def _frame(axes: Axes, title: str) -> Axes:
    axes.set(title=title, xticks=[], yticks=[])
    return axes
