"""Bodies of grid files: a stream of numbers, whose line breaks mean nothing."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.text import (
    as_number,
    bad_line,
    numbered_lines,
    shorten,
)

BLOCK_LINES = 20_000


def read_numbers(path: Path, after: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Read the numbers past line `after` into `shape`, the last axis running fastest.

    Raises
    ------
    HorizonError
        If one is no number, or they are not as many as `shape` says.
    """
    lines = numbered_lines(path, after)
    blocks = []
    while block := list(islice(lines, BLOCK_LINES)):
        blocks.append(_parse(path, block))
    values = np.concatenate(blocks) if blocks else np.zeros(0)
    if values.size != shape[0] * shape[1]:
        raise HorizonError(
            f"{path.name} has {values.size} values; its header says {shape[0]} x {shape[1]}. "
            "Export the grid again."
        )
    return values.reshape(shape)


def header_numbers(path: Path, number: int, cells: list[str], count: int) -> list[float]:
    """Give the first `count` cells of header line `number` as finite numbers.

    Raises
    ------
    HorizonError
        If there are fewer, or one is no number.
    """
    if len(cells) < count:
        raise bad_line(path, number, f"{len(cells)} numbers instead of {count}")
    values = [as_number(cell) for cell in cells[:count]]
    for cell, value in zip(cells, values, strict=False):
        if value is None or not np.isfinite(value):
            raise bad_line(path, number, f"{shorten(cell)} is not a number")
    return [value for value in values if value is not None]


def header_size(path: Path, number: int, size: float) -> int:
    """Give a count of rows or columns.

    Raises
    ------
    HorizonError
        If it is not a whole number of 1 to a hundred million.
    """
    if size != round(size) or not 1 <= size <= 1e8:
        raise bad_line(path, number, f"{size:g} is not a number of rows or columns")
    return int(size)


def node_step(path: Path, number: int, low: float, high: float, count: int) -> float:
    """Give the distance of `count` nodes from `low` to `high`; 1 for a single node.

    Raises
    ------
    HorizonError
        If the nodes fall together.
    """
    if count == 1:
        return 1.0
    if high == low:
        raise bad_line(path, number, f"{count} nodes from {low:g} to {high:g} have no extent")
    return (high - low) / (count - 1)


def _parse(path: Path, block: list[tuple[int, str]]) -> NDArray[np.float64]:
    try:
        return np.array(" ".join(line for _, line in block).split(), np.float64)
    except ValueError as error:
        for number, line in block:
            for cell in line.split():
                if as_number(cell) is None:
                    raise bad_line(path, number, f"{shorten(cell)} is not a number") from error
        raise HorizonError(f"{path.name} cannot be read: {error}. Export it again.") from error
