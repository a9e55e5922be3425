"""A scene from a user's files: two cubes, and labels or a truth in codes of the user's.

Owns how codes become classes.  Knows no formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.arrays import Source, read_codes, read_cube
from examples.hyperspectral.points import read_points
from examples.hyperspectral.scene import ClassMap, Scene, SceneError, half_shape, halve_map

MOST_CLASSES = 12
LARGEST_PX = 1 << 31  # values of a cube
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class SceneFiles:
    """Where a scene is stored.

    Parameters
    ----------
    before, after : Source
    labels, truth : Source or None
        At least one.
    unknown : int or None
        Code that says nothing in images; None if every code is a class.
    unchanged : int or None
        Code of no change; by default the lowest class.
    class_names : mapping of int to str
    """

    before: Source
    after: Source
    labels: Source | None = None
    truth: Source | None = None
    unknown: int | None = 0
    unchanged: int | None = None
    class_names: Mapping[int, str] = field(default_factory=dict)


def read_scene(files: SceneFiles) -> Scene:
    """Read a scene.

    Raises
    ------
    SceneError
        If a file cannot be used, dates differ in shape, or there are not two classes.
    """
    before, wavelengths_nm = read_cube(files.before)
    after, _ = read_cube(files.after)
    if before.shape != after.shape:
        raise SceneError(f"{files.before} has shape {before.shape}, {files.after} {after.shape}. "
                         "Give two dates on one grid.")  # fmt: skip
    if min(before.shape[:2]) < 8 or before.size > LARGEST_PX:
        raise SceneError(f"{files.before} has shape {before.shape}. Give at least 8 x 8 pixels "
                         f"and at most {LARGEST_PX:.1e} values.")  # fmt: skip
    shape = before.shape[:2]
    truth = None if files.truth is None else _read_map(files.truth, shape, files.unknown, False)
    labels = None if files.labels is None else _read_labels(files.labels, shape, files.unknown)
    known = labels if labels is not None else truth
    source = files.labels or files.truth
    if known is None or source is None:
        raise SceneError("Nothing is labelled. Give --labels or --truth.")
    codes = _classes(known, files.unchanged, source)
    _check_names(files.class_names, codes)
    usual = ("unchanged", "changed") if len(codes) == 2 else ()
    names = dict(zip(codes, usual or [f"code {code}" for code in codes], strict=True))
    scene = Scene(
        before, after, tuple({**names, **files.class_names}[code] for code in codes),
        wavelengths_nm=wavelengths_nm, codes=tuple(codes),
    )  # fmt: skip
    return replace(
        scene,
        truth=None if truth is None else _as_classes(truth, codes),
        labels=None if labels is None else _as_classes(labels, codes),
    )


def _read_labels(source: Source, shape: tuple[int, int], unknown: int | None) -> Codes:
    if source.path.suffix.lower() in (".csv", ".txt"):
        points = read_points(source.path, shape)
        return np.where(points > 0, points, -1)
    return _read_map(source, shape, unknown, sparse=True)


def _read_map(source: Source, shape: tuple[int, int], unknown: int | None, sparse: bool) -> Codes:
    """Codes at half resolution, -1 = unknown."""
    codes = read_codes(source)
    if codes.shape not in (shape, half_shape(shape)):
        raise SceneError(f"{source} has shape {codes.shape}, the cubes {shape}. Give a map of "
                         f"the cubes' shape, or of half of it, {half_shape(shape)}.")  # fmt: skip
    found = np.unique(codes)
    present = [int(code) for code in found if code != unknown]
    if len(present) > MOST_CLASSES:
        raise SceneError(f"{source} has {len(present)} different codes. "
                         f"Give at most {MOST_CLASSES} classes.")  # fmt: skip
    numbers = np.zeros(codes.shape, np.uint8)
    for number, code in enumerate(present, start=1):
        numbers[codes == code] = number
    if codes.shape == shape:
        numbers = halve_map(numbers, sparse=sparse)
    return np.array([-1, *present])[numbers]


def _classes(codes: Codes, unchanged: int | None, source: Source) -> list[int]:
    """Codes in order, the one of no change first."""
    found = np.unique(codes[codes >= 0]).tolist()
    if len(found) < 2:
        raise SceneError(f"{source} has labels of {len(found)} classes {found}. Label at least "
                         "two; if 0 is a class, add --unknown none.")  # fmt: skip
    if unchanged is None:
        return found
    if unchanged not in found:
        raise SceneError(f"Code {unchanged} of no change is not among {found} of {source}. "
                         "Choose one of them.")  # fmt: skip
    return [unchanged, *(code for code in found if code != unchanged)]


def _check_names(names: Mapping[int, str], codes: list[int]) -> None:
    strange = [code for code in names if code not in codes]
    if strange:
        raise SceneError(f"--class-name {strange[0]}={names[strange[0]]}: the labels have codes "
                         f"{codes} only. Name one of them.")  # fmt: skip


def _as_classes(codes: Codes, known: list[int]) -> ClassMap:
    """Number codes from 1 in the order of `known`; others count as unknown."""
    classes = np.zeros(codes.shape, np.uint8)
    for number, code in enumerate(known, start=1):
        classes[codes == code] = number
    return classes
