"""Labelled points: drawn from a truth, or read from a list, on the map at half resolution.

Owns the list's format: lines of row, column and code; rows and columns are the cubes', from 0.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.scene import ClassMap, SceneError, half_shape

LARGEST_CODE = 65_535


def keep(codes: ClassMap, where: NDArray[np.bool_]) -> ClassMap:
    """Codes where `where` holds, 0 elsewhere."""
    return np.where(where, codes, 0).astype(np.uint8)


def check_labels(labels: ClassMap, class_names: Sequence[str]) -> None:
    """Refuse labels that leave a class without a point.

    Raises
    ------
    SceneError
    """
    for code, name in enumerate(class_names, start=1):
        if not (labels == code).any():
            raise SceneError(f"No point of {name!r} lies where both dates have data. "
                             "Label one, or leave the class away.")  # fmt: skip


def draw_points(truth: ClassMap, class_names: Sequence[str], count: int, seed: int) -> ClassMap:
    """Uncover a truth at a few points of each class.

    Parameters
    ----------
    truth : ndarray of uint8, shape (rows, columns)
        0 = unknown.
    class_names : sequence of str
    count : int
        Points of each class; of a rare class half of it at most, so that some is left to score.
    seed : int

    Returns
    -------
    ndarray of uint8, same shape

    Raises
    ------
    SceneError
        If a class has fewer than two pixels.
    """
    rng = np.random.default_rng(seed)
    labels = np.zeros_like(truth)
    for code, name in enumerate(class_names, start=1):
        places = np.flatnonzero(truth == code)
        if len(places) < 2:
            raise SceneError(
                f"The truth has {len(places)} pixels of {name!r} at half resolution, too few to "
                "learn from. Give a larger scene, or another seed."
            )
        chosen = rng.choice(places, min(count, len(places) // 2), replace=False)
        labels.flat[chosen] = code
    return labels


def hold_out(labels: ClassMap, share: float, seed: int) -> tuple[ClassMap, ClassMap]:
    """Split labels by chance, class by class, into those to show and those to score with.

    Raises
    ------
    SceneError
        If a class has a single point.
    """
    rng = np.random.default_rng(seed)
    aside = np.zeros_like(labels)
    for code in np.unique(labels[labels > 0]):
        places = rng.permutation(np.flatnonzero(labels == code))
        if len(places) < 2:
            raise SceneError(f"Class {code} has one labelled point, none to hold out. Label more.")
        aside.flat[places[: min(max(1, round(share * len(places))), len(places) - 1)]] = code
    return np.where(aside > 0, 0, labels).astype(np.uint8), aside


def read_points(path: Path, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Read a list of points.

    Parameters
    ----------
    path : Path
        Text: row, column, code, separated by commas; the first line may be a heading.
    shape : tuple of int
        Rows and columns of the cubes.

    Returns
    -------
    ndarray of int64, shape (rows, columns) of the map at half resolution
        Codes of the file, 0 = unknown.

    Raises
    ------
    SceneError
        If a line is no point, lies outside, or contradicts another.
    """
    try:
        lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except FileNotFoundError:
        raise SceneError(f"There is no file {path}. Check the path.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SceneError(f"{path} is no text of row, column, code: {error}.") from error
    codes = np.zeros(half_shape(shape), np.int64)
    for number, line in enumerate(lines, start=1):
        if not line or (number == 1 and not line[0].strip().lstrip("-").isdigit()):
            continue
        row, column, code = _point(f"{path}, line {number}", line, shape)
        there = codes[row // 2, column // 2]
        if there not in (0, code):
            raise SceneError(f"{path}, line {number}: code {code} where an earlier line says "
                             f"{there}, in the same pixel of the map. Keep one.")  # fmt: skip
        codes[row // 2, column // 2] = code
    return codes


def _point(where: str, line: list[str], shape: tuple[int, int]) -> tuple[int, int, int]:
    try:
        row, column, code = (int(part) for part in line)
    except ValueError:
        raise SceneError(f"{where}: {','.join(line)!r} is not row,column,code. "
                         "Give three whole numbers.") from None  # fmt: skip
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise SceneError(f"{where}: row {row}, column {column} lies outside {shape[0]} x "
                         f"{shape[1]} pixels. Count from 0.")  # fmt: skip
    if not 1 <= code <= LARGEST_CODE:
        raise SceneError(f"{where}: label {code} is out of range. "
                         f"Give codes from 1 to {LARGEST_CODE}.")  # fmt: skip
    return row, column, code
