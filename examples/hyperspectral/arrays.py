"""Arrays from a user's files, whatever the format: MATLAB, ENVI or numpy.

Owns the form FILE or FILE.mat:NAME, and which suffix is which format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.envi import read_envi
from examples.hyperspectral.matlab import read_variable
from examples.hyperspectral.scene import SceneError

LARGEST_CODE = 65_535


@dataclass(frozen=True)
class Source:
    """A file, and which of its variables is meant.

    Parameters
    ----------
    path : Path
    name : str or None
        Of a variable in a MATLAB file.
    """

    path: Path
    name: str | None = None

    @classmethod
    def parse(cls, text: str) -> Source:
        """Take FILE.mat:NAME apart; anything else is a path."""
        named = re.fullmatch(r"(.+\.mat):(\w+)", text, re.IGNORECASE)
        return cls(Path(named[1]), named[2]) if named else cls(Path(text))

    def __str__(self) -> str:
        return f"{self.path}:{self.name}" if self.name else str(self.path)


def read_cube(source: Source) -> tuple[NDArray[np.float32], NDArray[np.float64] | None]:
    """Read a cube and, where the file tells, its wavelengths.

    Returns
    -------
    cube : ndarray of float32, shape (rows, columns, bands)
    wavelengths_nm : ndarray of float, shape (bands,), or None

    Raises
    ------
    SceneError
        If there is no cube of real numbers.
    """
    values, wavelengths_nm = _read(source, (3,))
    if values.ndim != 3 or values.dtype.kind not in "biuf":
        raise SceneError(f"{source} holds {_described(values)}, no cube. "
                         "Give rows x columns x wavelengths.")  # fmt: skip
    return np.ascontiguousarray(values, np.float32), wavelengths_nm


def read_codes(source: Source) -> NDArray[np.int64]:
    """Read a map of class codes, shape (rows, columns).

    Raises
    ------
    SceneError
        If there is no map of whole numbers from 0.
    """
    values, _ = _read(source, (2,))
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.ndim != 2 or values.dtype.kind not in "biuf":
        raise SceneError(f"{source} holds {_described(values)}, no map. Give rows x columns.")
    codes = np.nan_to_num(values.astype(np.float64), nan=0.0)
    wrong = (codes != np.floor(codes)) | (codes < 0) | (codes > LARGEST_CODE)
    if wrong.any():
        raise SceneError(f"{source} holds {codes[wrong][0]:g}, which is no class code. "
                         f"Give whole numbers from 0 to {LARGEST_CODE}.")  # fmt: skip
    return codes.astype(np.int64)


def _read(
    source: Source, dimensions: tuple[int, ...]
) -> tuple[NDArray, NDArray[np.float64] | None]:
    if not source.path.is_file():
        raise SceneError(f"There is no file {source.path}. Check the path.")
    suffix = source.path.suffix.lower()
    if suffix == ".mat":
        return read_variable(source.path, source.name, dimensions), None
    if suffix == ".npy":
        return _read_npy(source.path), None
    return read_envi(source.path)


def _read_npy(path: Path) -> NDArray:
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise SceneError(f"{path} cannot be read as a numpy array: {error}.") from error


def _described(values: NDArray) -> str:
    return f"{' x '.join(map(str, values.shape)) or 'one'} values of type {values.dtype}"
