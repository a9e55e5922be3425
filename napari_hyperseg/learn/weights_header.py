"""The header of a safetensors file: which tensors it holds, without reading any.

Knows no torch.  Eight bytes (little endian) give the length of a JSON object, which gives type,
shape and place of every tensor in the bytes after it (github.com/huggingface/safetensors).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from napari_hyperseg.errors import ModelError

BYTES = 4  # of a weight, float32
LONGEST_HEADER = 2**20
_LENGTH = 8
Shapes = Iterable[tuple[str, tuple[int, ...]]]


def longest_file(parameters: int) -> int:
    """Bytes that a file with so many weights can have."""
    return _LENGTH + LONGEST_HEADER + BYTES * parameters


def check_weights(path: Path, shapes: Shapes) -> None:
    """Make sure that a file holds these tensors, all of them float32, and nothing else.

    Parameters
    ----------
    path : Path
    shapes : iterable of (str, tuple of int)
        Names and shapes.

    Raises
    ------
    ModelError
        If it does not.
    """
    header, room = _header(path)
    header.pop("__metadata__", None)
    places = []
    for name, shape in shapes:
        said = header.pop(name, None)
        if said is None:
            raise ModelError(f"{path.name}: {name} is missing")
        places.append(_place(path, name, shape, said))
    if header:
        raise ModelError(f"{path.name}: {str(next(iter(header)))[:40]!r} is no part of the network")
    _check_places(path, sorted(places), room)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The header, and how many bytes come after it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH), "little")
        if size < _LENGTH or length > min(LONGEST_HEADER, size - _LENGTH):
            raise ModelError(f"{path.name}: it is no safetensors file, or cut off")
        try:
            header = json.loads(file.read(length))
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{path.name}: its header cannot be read") from error
    if not isinstance(header, dict):
        raise ModelError(f"{path.name}: its header cannot be read")
    return header, size - _LENGTH - length


def _place(path: Path, name: str, shape: tuple[int, ...], said: Any) -> tuple[int, int]:
    """Where the tensor is, if it is what it should be."""
    found = said if isinstance(said, dict) else {}
    if found.get("dtype") != "F32":
        raise ModelError(f"{path.name}: {name} is not float32")
    if found.get("shape") != [*shape]:
        raise ModelError(f"{path.name}: {name} has not the shape {shape} of the network")
    place = found.get("data_offsets")
    if not isinstance(place, list) or [type(offset) for offset in place] != [int, int]:
        raise ModelError(f"{path.name}: {name} has no place")
    start, stop = place
    if stop - start != BYTES * math.prod(shape):
        raise ModelError(f"{path.name}: {name} has another length than its shape says")
    return start, stop


def _check_places(path: Path, places: list[tuple[int, int]], room: int) -> None:
    """One tensor after the other, from the first byte to the last."""
    ends = [0, *(stop for _, stop in places)]
    if [start for start, _ in places] != ends[:-1] or ends[-1] != room:
        raise ModelError(f"{path.name}: its tensors overlap, leave gaps or are cut off")
