"""A section as pictures, one over the other, as the viewer's layers look.

For windows beside napari's canvas.  Asking the layers how they look belongs to the window's
thread; reading the section may take a while and can be done in another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from napari.layers import Image, Labels, Layer
from numpy.typing import NDArray

from napari_hyperseg.viewer.sections import DISPLAY_ORDERS, Section
from napari_hyperseg.viewer.tags import Role, tag_of

N_CODES = 256  # facies codes are uint8
_N_COLORS = 256


@dataclass(frozen=True, eq=False)
class Look:
    """How a layer is drawn, and where its voxels are.

    Parameters
    ----------
    volume : array-like, shape (n_inlines, n_crosslines, n_samples)
        Of numbers, or of facies codes.
    levels : (float, float)
        Values of the first and of the last colour.
    colors : ndarray of uint8, shape (n, 4)
        Red, green, blue, opacity.
    fixed : bool
        Whether the voxels stay as they are.
    """

    volume: Any
    levels: tuple[float, float]
    colors: NDArray[np.uint8]
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """A section of a layer.

    Parameters
    ----------
    values : ndarray, shape (n_down, n_right)
        As the section is drawn: time downwards, or inlines on a time slice.
    levels, colors
        As in `Look`.
    """

    values: NDArray[Any]
    levels: tuple[float, float]
    colors: NDArray[np.uint8]


def looks(layers: Iterable[Layer], survey: str) -> list[Look]:
    """Return how the visible volumes of a survey look, from below."""
    found = []
    for layer in layers:
        tag = tag_of(layer)
        if tag is not None and tag.survey == survey and layer.visible:
            if isinstance(layer, Labels):
                found.append(_labels_look(layer))
            elif isinstance(layer, Image):
                found.append(_image_look(layer, fixed=tag.role is not Role.CONFIDENCE))
    return found


class SectionReader:
    """Reads sections; what does not change is not read twice while the section stays."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Any, NDArray[Any]]] = {}
        self._at: tuple[Section, int] | None = None

    def read(self, looks: Iterable[Look], section: Section, index: int) -> list[Picture]:
        """Return the pictures of a section, from below."""
        kept = self._kept if self._at == (section, index) else {}
        self._at, self._kept = (section, index), {}
        pictures = []
        for look in looks:
            known = kept.get(id(look.volume))
            values = known[1] if known else section_values(look.volume, section, index)
            if look.fixed:
                self._kept[id(look.volume)] = look.volume, values
            pictures.append(Picture(values, look.levels, look.colors))
        return pictures


def section_values(volume: Any, section: Section, index: int) -> NDArray[Any]:
    """Read a section of a volume as it is drawn, shape (n_down, n_right)."""
    cut: list[Any] = [slice(None)] * 3
    cut[section] = index
    values = np.array(volume[tuple(cut)])  # a copy: labels may change while they are drawn
    _, down, right = DISPLAY_ORDERS[section]
    return values.T if down > right else values


def _image_look(layer: Image, *, fixed: bool) -> Look:
    volume = layer.data[0] if layer.multiscale else layer.data
    low, high = layer.contrast_limits
    shares = np.linspace(0, 1, _N_COLORS) ** layer.gamma
    colors = _bytes(layer.colormap.map(shares), layer.opacity)
    return Look(volume, (float(low), float(high)), colors, fixed)


def _labels_look(layer: Labels) -> Look:
    codes = np.arange(N_CODES, dtype=np.uint8)
    return Look(layer.data, (0.0, N_CODES - 1.0), _bytes(layer.colormap.map(codes), layer.opacity))


def _bytes(colors: Any, opacity: float) -> NDArray[np.uint8]:
    faded = np.asarray(colors, float) * (1, 1, 1, opacity)
    return np.rint(255 * faded).astype(np.uint8)
