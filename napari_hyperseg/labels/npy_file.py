"""The ``.npy`` files of labels and picks: made sparse, and read with nothing but their header.

Owns the file's format (NEP 1, version 1.0); knows no survey and no label.  Only arrays of the
type that is asked for are accepted, so no pickle can hide in a stranger's file.
"""

from __future__ import annotations

import errno
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from napari_hyperseg.errors import LabelError
from napari_hyperseg.survey.replacing import replacing


def create_sparse(path: Path, shape: tuple[int, ...], dtype: str = "uint8") -> None:
    """Write the header of an array and leave its zeros to the file system.

    The file appears under its name only when it is complete.

    Raises
    ------
    LabelError
        If the file exists or cannot be written.
    """
    kind = np.dtype(dtype)
    header = {
        "descr": np.lib.format.dtype_to_descr(kind),
        "fortran_order": False,
        "shape": tuple(int(n) for n in shape),
    }
    if path.exists():
        raise LabelError(f"{path}: labels exist already; they are not replaced.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside, beside.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            file.truncate(file.tell() + math.prod(shape) * kind.itemsize)
    except OSError as error:
        raise LabelError(f"{path}: cannot be written: {error.strerror}.") from error


def read_header(path: Path, dtype: str = "uint8") -> tuple[tuple[int, ...], int]:
    """Return the shape of an array and the byte at which its values begin.

    Raises
    ------
    LabelError
        If the file cannot be read, is cut short, or holds anything but an array of this type.
    """
    try:
        with path.open("rb") as file:
            shape, fortran_order, found = _parse(file)
            offset = file.tell()
        size = path.stat().st_size
    except OSError as error:
        raise LabelError(f"{path}: cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise LabelError(f"{path}: is not a .npy file of labels.") from error
    if found != np.dtype(dtype):
        raise LabelError(f"{path}: holds {found}; it should hold {dtype}.")
    if fortran_order:
        raise LabelError(f"{path}: is in Fortran order; labels are (inline, crossline, sample).")
    if size < offset + math.prod(shape) * found.itemsize:
        raise LabelError(f"{path}: is cut short: {size} bytes for shape {shape}.")
    return shape, offset


def written_rows(path: Path, offset: int, shape: tuple[int, ...]) -> Iterator[int]:
    """Yield the indices along the first axis whose bytes are not all in holes of the file.

    Where the file system knows no holes, that is every index.
    """
    size = math.prod(shape[1:])
    with path.open("rb") as file:
        i = 0
        while i < shape[0]:
            data = _next_data(file.fileno(), offset + i * size)
            i = max(i, (data - offset) // size)
            if i < shape[0]:
                yield i
            i += 1


def _next_data(descriptor: int, start: int) -> int:
    """Return where data begins at or after a byte; beyond any file where there is none."""
    if not hasattr(os, "SEEK_DATA"):
        return start
    try:
        return os.lseek(descriptor, start, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return sys.maxsize
        return start


def _parse(file: BinaryIO) -> tuple[Any, bool, np.dtype]:
    if np.lib.format.read_magic(file) == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)
