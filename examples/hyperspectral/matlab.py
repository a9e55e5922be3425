"""Variables of MATLAB files, version 5 to 7.2 (scipy) and 7.3 (HDF5).

Owns both layouts; nothing in a file is run.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat, whosmat
from scipy.io.matlab import MatReadError

from examples.hyperspectral.scene import SceneError

SPOILT = (
    MatReadError, ValueError, TypeError, KeyError, IndexError, EOFError, OSError,
    NotImplementedError, OverflowError, struct.error, zlib.error,
)  # fmt: skip
Shapes = dict[str, tuple[int, ...]]


def read_variable(path: Path, name: str | None, dimensions: tuple[int, ...]) -> NDArray:
    """Read one numeric array.

    Parameters
    ----------
    path : Path
    name : str or None
        None if the file has only one array that fits.
    dimensions : tuple of int
        Numbers of dimensions that fit.

    Returns
    -------
    ndarray
        In MATLAB's order of axes.

    Raises
    ------
    SceneError
        If the file is none of MATLAB's, or has no such variable; it lists those there are.
    """
    try:
        with path.open("rb") as file:
            file.read(1)
        hdf5 = h5py.is_hdf5(path)
        shapes = _shapes_hdf5(path) if hdf5 else {n: shape for n, shape, _ in whosmat(path)}
        chosen = _choose(path, shapes, name, dimensions)
        values = (
            _read_hdf5(path, chosen) if hdf5 else loadmat(path, variable_names=[chosen])[chosen]
        )
    except SceneError:
        raise
    except SPOILT as error:
        raise SceneError(f"{path} cannot be read as a MATLAB file: {error}.") from error
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
        raise SceneError(f"{path}: {chosen} is no array of real numbers. Name another variable.")
    return values


def _choose(path: Path, shapes: Shapes, name: str | None, dimensions: tuple[int, ...]) -> str:
    there = ", ".join(f"{n} ({' x '.join(map(str, shape))})" for n, shape in shapes.items())
    if name is not None:
        if name not in shapes:
            raise SceneError(f"{path} has no variable {name}. It has {there or 'none'}.")
        return name
    fitting = [n for n, shape in shapes.items() if len(shape) in dimensions and min(shape) > 1]
    if len(fitting) != 1:
        raise SceneError(f"{path} has {len(fitting)} variables that could be meant. Write "
                         f"{path.name}:NAME; it has {there or 'none'}.")  # fmt: skip
    return fitting[0]


def _shapes(path: Path) -> Shapes:
    return {name: shape for name, shape, _ in whosmat(path)}


def _read(path: Path, name: str) -> NDArray:
    return loadmat(path, variable_names=[name])[name]


def _shapes_hdf5(path: Path) -> Shapes:
    """Shapes in MATLAB's order, which is the file's backwards."""
    with h5py.File(path, "r") as file:
        return {n: item.shape[::-1] for n, item in file.items() if isinstance(item, h5py.Dataset)}


def _read_hdf5(path: Path, name: str) -> NDArray:
    with h5py.File(path, "r") as file:
        return np.asarray(file[name][()]).T
