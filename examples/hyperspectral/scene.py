"""The value that every source of data makes and every method takes: two dates and a truth.

Owns the map at half resolution: its shape, and how a truth at full resolution becomes it.
Knows no files and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HypersegError

Cube = NDArray[np.float32]
ClassMap = NDArray[np.uint8]


class SceneError(HypersegError, ValueError):
    """A file, a value or a choice from which no land-use change map can be made."""


@dataclass(frozen=True)
class Scene:
    """Two dates of one place.

    Parameters
    ----------
    before, after : ndarray of float32, shape (rows, columns, bands)
        Reflectance, or any number that grows with it.
    class_names : tuple of str
        The class with code c is ``class_names[c - 1]``; the first is "unchanged", if any is.
    truth : ndarray of uint8, shape `half_shape`, optional
        Codes at half resolution; 0 = unknown.
    wavelengths_nm : ndarray of float, shape (bands,), optional
    labels : ndarray of uint8, shape `half_shape`, optional
        What a method may learn from, as the truth.
    codes : tuple of int
        What each class is called in the user's files; by default as here.
    """

    before: Cube
    after: Cube
    class_names: tuple[str, ...]
    truth: ClassMap | None = None
    wavelengths_nm: NDArray[np.float64] | None = None
    labels: ClassMap | None = None
    codes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.codes:
            object.__setattr__(self, "codes", tuple(range(1, self.n_classes + 1)))

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @property
    def half_shape(self) -> tuple[int, int]:
        """Rows and columns of the map."""
        return half_shape(self.before.shape[:2])


def half_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Shape of a map at half resolution; an odd row or column counts."""
    return (shape[0] + 1) // 2, (shape[1] + 1) // 2


def halve_map(codes: ClassMap, block: int = 2, sparse: bool = False) -> ClassMap:
    """Give each block the code of most of its samples.

    Parameters
    ----------
    codes : ndarray of uint8, shape (rows, columns)
        0 = unknown.
    block : int
        Samples along a block's side.
    sparse : bool
        One known sample is enough; otherwise a block that is mostly unknown is unknown.

    Returns
    -------
    ndarray of uint8
        The lower code wins a draw, except that unknown never does.
    """
    padding = [(0, -size % block) for size in codes.shape]
    whole = np.pad(codes, padding, mode="edge")
    blocks = whole.reshape(whole.shape[0] // block, block, -1, block)
    votes = np.stack([(blocks == code).sum(axis=(1, 3)) for code in range(max(codes.max(), 1) + 1)])
    most = votes[1:].max(axis=0)
    unknown = most < (1 if sparse else votes[0])
    return np.where(unknown, 0, votes[1:].argmax(axis=0) + 1).astype(np.uint8)


def halve_cube(cube: Cube) -> Cube:
    """Mean spectrum of each 2 x 2 pixels, shape (*half_shape, bands)."""
    padding = [(0, size % 2) for size in cube.shape[:2]]
    whole = np.pad(cube, [*padding, (0, 0)], mode="edge")
    blocks = whole.reshape(whole.shape[0] // 2, 2, -1, 2, whole.shape[2])
    return blocks.mean(axis=(1, 3), dtype=np.float32)
