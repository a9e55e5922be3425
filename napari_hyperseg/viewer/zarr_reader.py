"""Zarr volumes as layers: exported ones as what they are, others as amplitudes.

Owns how they look and where they lie.  They are to look at: the dock does not adopt them.
"""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.labels.legend import FaciesClass, Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.export.opening import ZarrVolume
from napari_hyperseg.survey.export.volume_views import ConvertedVolume
from napari_hyperseg.survey.survey import Volume, saturation
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.layers import LayerTuple, legend_colormap
from napari_hyperseg.viewer.lazy_boxes import LazyBoxes
from napari_hyperseg.viewer.tags import Role, Tag, volume_metadata

CLIP_SECTIONS = 5
QUICK_SAMPLES = 64 << 20


def zarr_layer(volume: ZarrVolume, unit: str | None = None) -> LayerTuple:
    """Return the layer of a volume.

    Parameters
    ----------
    volume : ZarrVolume
    unit : str, optional
        Unit of the vertical axis that other layers have.
    """
    look, kind = _look(volume)
    levels = [_as_codes(level) if kind == "labels" else level for level in volume.levels]
    several = len(levels) > 1
    if several:
        levels = [LazyBoxes(level) for level in levels]
    arguments = {"multiscale": several, **look, **_placed(volume, unit)}
    return (levels if several else levels[0]), arguments, kind


def _look(volume: ZarrVolume) -> tuple[dict[str, Any], str]:
    content = None if volume.description is None else volume.description.content
    name = volume.path.name.split(".")[0] if content is None else content.name
    if content is not None and content.kind == "facies":
        return {"name": name, "opacity": 0.4, "colormap": _colors(content)}, "labels"
    if content is not None and content.kind in ("confidence", "probability"):
        return {"name": name, "colormap": "viridis", "contrast_limits": (0, 100)}, "image"
    limit = _clip(_quick_level(volume))
    return {
        "name": name,
        "colormap": "gray",
        "rendering": "translucent",
        "contrast_limits": (-limit, limit),
        "interpolation2d": "linear",
    }, "image"


def _as_codes(volume: Volume) -> Volume:
    """Codes may have been exported as floats; napari wants whole numbers."""
    if np.dtype(volume.dtype).kind in "iu":
        return volume
    return ConvertedVolume(volume, lambda block: block.astype(np.uint8), np.uint8)


def _colors(content: Content) -> Any:
    """The classes' colours; the usual ones where an export does not say them."""
    try:
        classes = tuple(FaciesClass(c.code, c.name, c.color) for c in content.classes)
        return legend_colormap(Legend(classes) if classes else Legend.default(255))
    except HypersegError:
        return legend_colormap(Legend.default(255))


def _quick_level(volume: ZarrVolume) -> Volume:
    """The finest level that is quick to look at: means are smaller than samples."""
    quick = [v for v in volume.levels if math.prod(v.shape) <= QUICK_SAMPLES]
    return (quick or volume.levels[-1:])[0]


def _clip(volume: Volume) -> float:
    """Where the amplitudes of a few sections saturate."""
    lines = np.unique(np.linspace(0, volume.shape[0] - 1, CLIP_SECTIONS).astype(int))
    return saturation(np.concatenate([np.ravel(volume[int(i)]) for i in lines]).astype(float))


def _placed(volume: ZarrVolume, unit: str | None) -> dict[str, Any]:
    """Survey numbers and times where they are known; else the positions in the array."""
    if volume.converted and (tag := _tag(volume.path)) is not None:
        return {**layer_axes(tag.geometry, unit), "metadata": tag.as_metadata()}
    metadata = volume_metadata(volume)
    geometry = None if volume.description is None else volume.description.geometry
    if geometry is None:
        return {"axis_labels": volume.names, "metadata": metadata}
    return {**layer_axes(geometry, unit), "metadata": metadata}


def _tag(path: Path) -> Tag | None:
    """The tag of a project's converted volume; None if it lies in no project."""
    folder, key = path.absolute().parent.parent, path.stem
    with suppress(HypersegError, OSError):
        project = Project.open(folder)
        if project.kept(key).volume.samefile(path):
            return Tag(Role.COPY, key, project.open_survey(key), project.folder)
    return None
