"""OME-Zarr 0.5: a zarr group of format 3 with a pyramid, and metadata that viewers know.

Source: Next-generation file formats (NGFF), version 0.5, "multiscales", "axes" and
"image-label".  All three axes are of type "space": a viewer then shows sections and volumes,
where an axis of type "time" would have to come first and be played.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from napari_hyperseg.survey.export.arrays import CHUNK, ReadBox, write_array
from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.export.description import Description
from napari_hyperseg.survey.export.placement import Placement
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.sharing import Share, part
from napari_hyperseg.survey.store.coarsening import every_other, means
from napari_hyperseg.survey.store.store import SMALLEST_LEVEL
from napari_hyperseg.survey.survey import Volume

VERSION = "0.5"
SLAB = CHUNK // 2  # lines made at a time: of the finer level, whole chunks

Coarsen = Callable[[Volume, Box], NDArray[Any]]
"""Finer volume and box of the coarser -> samples of that box."""


def write_ome_zarr(
    folder: Path,
    volume: Volume,
    read: ReadBox,
    description: Description,
    placement: Placement,
    told: Share,
) -> None:
    """Fill an empty folder with a volume and its pyramid.

    Parameters
    ----------
    folder : Path
    volume : array-like
        Gives shape and type.
    read : callable
        Gives its samples in a box.
    description : Description
        For this plugin; other viewers need none of it.
    placement : Placement
    told : callable
        Is told the share that is done.
    """
    shapes = _pyramid((volume.shape[0], volume.shape[1], volume.shape[2]))
    content = description.content
    coarsen = every_other if content.are_codes else means
    attributes = {"ome": _metadata(content, placement, len(shapes)), **description.to_attributes()}
    zarr.create_group(folder, zarr_format=3, attributes=attributes)
    done = [0, *accumulate(map(math.prod, shapes))]
    for level, shape in enumerate(shapes):
        share = part(told, done[level] / done[-1], done[level + 1] / done[-1])
        written = write_array(
            folder / str(level), shape, np.dtype(volume.dtype), read, placement.names, {}, share
        )
        read = partial(_coarsened, coarsen, written)


def _coarsened(coarsen: Coarsen, finer: Volume, box: Box) -> NDArray[Any]:
    """A box of the next level, a few lines at a time: the finer box is eight times as large."""
    (start, stop), *others = box
    slabs = [
        coarsen(finer, ((i, min(i + SLAB, stop)), others[0], others[1]))
        for i in range(start, stop, SLAB)
    ]
    return np.concatenate(slabs)


def _pyramid(shape: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    shapes = [shape]
    while max(shapes[-1]) > SMALLEST_LEVEL:
        i, j, k = (-(-n // 2) for n in shapes[-1])
        shapes.append((i, j, k))
    return shapes


def _metadata(content: Content, placement: Placement, n_levels: int) -> dict[str, Any]:
    multiscale = {
        "name": content.name,
        "type": "nearest" if content.are_codes else "mean",
        "axes": [
            {"name": name, "type": "space"} | ({"unit": unit} if unit else {})
            for name, unit in zip(placement.names, placement.units, strict=True)
        ],
        "datasets": [_dataset(content, placement, level) for level in range(n_levels)],
    }
    metadata: dict[str, Any] = {"version": VERSION, "multiscales": [multiscale]}
    if content.classes:
        metadata["image-label"] = {
            "version": VERSION,
            "colors": [{"label-value": c.code, "rgba": _rgba(c.color)} for c in content.classes],
            "properties": [{"label-value": c.code, "name": c.name} for c in content.classes],
        }
    return metadata


def _dataset(content: Content, placement: Placement, level: int) -> dict[str, Any]:
    scale, translation = placement.coarser(level, centred=not content.are_codes)
    return {
        "path": str(level),
        "coordinateTransformations": [
            {"type": "scale", "scale": list(scale)},
            {"type": "translation", "translation": list(translation)},
        ],
    }


def _rgba(color: str) -> list[int]:
    return [*bytes.fromhex(color.removeprefix("#")[:6]), 255]
