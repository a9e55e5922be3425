"""Colours of classes, and the false colours of a spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.bands import empty_bands
from examples.hyperspectral.scene import Scene

Colour = tuple[float, float, float]

UNKNOWN: Colour = (0.93, 0.93, 0.94)
HEX = (
    "#dcd6c6", "#c8553d", "#2f7fb8", "#e8b33f", "#3f8f6b", "#7d5ba6", "#3d3d3d", "#d48fbf",
    "#8fb8de", "#8c6d46", "#b5c95a", "#5ec4c0",
)  # fmt: skip
INFRARED_NM = (860.0, 660.0, 560.0)  # shown as red, green, blue: vegetation is red
FURTHEST_NM = 60.0


def class_colours(n_classes: int) -> list[Colour]:
    """One colour a class, the first one, no change, pale."""
    return [_from_hex(text) for text in HEX[:n_classes]]


def false_colours(scene: Scene) -> tuple[list[NDArray[np.float64]], str]:
    """Both dates in three bands, stretched alike.

    Returns
    -------
    images : list of ndarray of float, shape (rows, columns, 3)
    sense : str
        What is shown as red, green and blue.
    """
    chosen, sense = _three_bands(scene)
    shown = [cube[..., chosen].astype(np.float64) for cube in (scene.before, scene.after)]
    low, high = np.nanpercentile(np.stack(shown), [2, 98], axis=(0, 1, 2))
    span = np.maximum(high - low, 1e-12)
    images = [np.clip((image - low) / span, 0, 1) for image in shown]
    return [np.where(np.isfinite(image), image, UNKNOWN) for image in images], sense


def _three_bands(scene: Scene) -> tuple[list[int], str]:
    """Infrared, red and green where wavelengths are known; else evenly spread bands."""
    kept = np.flatnonzero(~(empty_bands(scene.before) | empty_bands(scene.after)))
    if scene.wavelengths_nm is not None:
        nm = scene.wavelengths_nm[kept]
        nearest = [int(np.abs(nm - wanted).argmin()) for wanted in INFRARED_NM]
        off = [abs(nm[i] - wanted) for i, wanted in zip(nearest, INFRARED_NM, strict=True)]
        if max(off) < FURTHEST_NM:
            return [int(kept[i]) for i in nearest], "infrared, red, green"
    chosen = [int(kept[round(share * (len(kept) - 1))]) for share in (0.75, 0.4, 0.15)]
    return chosen, f"bands {', '.join(str(band + 1) for band in chosen)}"


def _from_hex(text: str) -> Colour:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
