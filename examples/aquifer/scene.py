"""A survey: channels, labels and a truth on one grid; and a made one, from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from examples.aquifer.aquifers import CLASS_NAMES, map_aquifers, partly_mapped
from examples.aquifer.ground import make_ground
from examples.aquifer.instruments import UNITS, fly

MAPPED_SHARE = 0.12
OTHER_CLASS = 255  # in a truth: a class that has no labels, never predicted


@dataclass(frozen=True)
class Scene:
    """What is known of an area, on one grid of (rows, columns).

    Parameters
    ----------
    channels : mapping of str to ndarray of float32
        Finite everywhere: nodata is filled.
    labels : ndarray of uint8
        0 = unknown; class c is `codes[c - 1]` in the user's file.
    valid : ndarray of bool
        Where every channel has data.
    pixel_m : float
        Size of a pixel along the grid, for the figure.
    class_names : tuple of str
    codes : tuple of int
        The user's code of each class.
    truth : ndarray of uint8 or None
        As labels; or `OTHER_CLASS`.
    units : mapping of str to str
        Of the channels, where known.
    """

    channels: Mapping[str, NDArray[np.float32]]
    labels: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    pixel_m: float
    class_names: tuple[str, ...]
    codes: tuple[int, ...]
    truth: NDArray[np.uint8] | None = None
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.labels.shape  # type: ignore[return-value]

    @property
    def n_classes(self) -> int:
        """Number of classes that have labels."""
        return len(self.class_names)

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Where a truth is known and no label was shown."""
        if self.truth is None:
            return np.zeros(self.shape, bool)
        return self.valid & (self.labels == 0) & (self.truth > 0)


def make_scene(size: int, seed: int, pixel_m: float = 100.0) -> Scene:
    """Make a survey of a square area.

    Parameters
    ----------
    size : int
        Rows and columns.
    seed : int
    pixel_m : float
    """
    rng = np.random.default_rng(seed)
    shape = (size, size)
    ground = make_ground(rng, shape, pixel_m)
    channels = {n: grid.astype(np.float32) for n, grid in fly(rng, ground, pixel_m).items()}
    truth = map_aquifers(ground)
    labels = partly_mapped(rng, truth, MAPPED_SHARE)
    codes = tuple(range(1, len(CLASS_NAMES) + 1))
    everywhere = np.ones(shape, bool)
    return Scene(channels, labels, everywhere, pixel_m, CLASS_NAMES, codes, truth, UNITS)
