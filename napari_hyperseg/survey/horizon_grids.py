"""The ``.npy`` file of a horizon: a float32 time or depth per trace, NaN where there is none.

Owns the file; knows no project and no survey.  Only float32 arrays are accepted, so no pickle
can hide in a stranger's file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.survey.replacing import replacing

Grid = NDArray[np.float32]


def write_grid(path: Path, values: NDArray[np.floating]) -> None:
    """Write a horizon; the file appears under its name only when it is complete.

    Raises
    ------
    ProjectError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside, beside.open("wb") as file:
            np.save(file, np.ascontiguousarray(values, np.float32), allow_pickle=False)
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror or error}.") from error


def read_grid(path: Path, shape: tuple[int, int]) -> Grid:
    """Read a horizon into memory.

    Raises
    ------
    ProjectError
        If the file is missing or damaged, or holds anything but float32 of this shape.
    """
    try:
        mapped = np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, EOFError) as error:
        raise ProjectError(f"{path} is damaged. Import the horizon again.") from error
    if mapped.dtype != np.float32 or mapped.shape != shape:
        raise ProjectError(
            f"{path} holds {mapped.dtype} of shape {mapped.shape}; a horizon of this survey is "
            f"float32 of shape {shape}. Import the horizon again."
        )
    grid = np.array(mapped)
    grid[~np.isfinite(grid)] = np.nan
    return grid
