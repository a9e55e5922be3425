"""IESX (GeoFrame) horizons: ``PROFILE`` and ``SNAPPING`` lines, card images, ``EOD``.

Source: the card image 3d_ci7m that OpendTect and Petrel write.  Columns, counted from 1:
x 1-16, y 17-32, segment 33-35, type 36-38, z 39-47; then crossline twice, trace and
attribute, and `` I`` before the inline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files.content import Columns, PickTable
from napari_hyperseg.survey.horizon_files.header_names import unit_of
from napari_hyperseg.survey.horizon_files.text import (
    as_number,
    bad_line,
    read_head,
    shorten,
)

NAME = "IESX"
_FIELDS = (("x", slice(0, 16)), ("y", slice(16, 32)), ("z", slice(38, 47)))
_LINES = re.compile(r"\s(-?\d+(?:\.\d*)?)\s+\S+\s+\d+\s*\S+\s+I\s*(-?\d+)")


def recognises(head: str) -> bool:
    """A line starts with PROFILE."""
    return bool(re.search(r"^PROFILE\b", head, re.MULTILINE))


def read(path: Path) -> PickTable:
    """Read the first horizon of a file.

    Raises
    ------
    HorizonError
        If it has no picks, or one is damaged.
    """
    rows: list[tuple[float, ...]] = []
    n_profiles = 0
    for number, line in _cards(path):
        if line.startswith("PROFILE"):
            n_profiles += 1
        elif n_profiles == 1:
            rows.append(_pick(path, number, line))
    if not rows:
        raise HorizonError(f"{path.name} has no picks. Export the horizon again.")
    values = np.array(rows)
    has_lines = bool(np.isfinite(values[:, :2]).all())
    several = f"The file holds {n_profiles} horizons; the first is read."
    return PickTable(
        values,
        tuple(tuple(f"{value:g}" for value in row) for row in rows[:10]),
        ("inline", "crossline", "x", "y", "z"),
        Columns(0, 1, 2, 3, 4) if has_lines else Columns(x=2, y=3, z=4),
        _unit(path),
        warnings=(several,) if n_profiles > 1 else (),
    )


def _cards(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines that hold something: a profile or a pick."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            card = line.rstrip()
            if card and not card.startswith(("SNAPPING", "EOD", "#", "!")):
                yield number, card


def _pick(path: Path, number: int, card: str) -> tuple[float, ...]:
    """Give inline, crossline, x, y, z; NaN for line numbers that are not there."""
    fields = {name: card[columns].strip() for name, columns in _FIELDS}
    if any((as_number(cell) or 0) > 1e29 for cell in card[38:].split()[:1]):
        fields["z"] = "nan"  # undefined is 3.4028235E+38 in full, wider than its field
    for name, cell in fields.items():
        if as_number(cell) is None:
            raise bad_line(path, number, f"{shorten(cell)} is not a number for {name}")
    lines = _LINES.search(card[38:])
    inline, crossline = (lines[2], lines[1]) if lines else ("nan", "nan")
    return tuple(map(float, (inline, crossline, fields["x"], fields["y"], fields["z"])))


def _unit(path: Path) -> str | None:
    """Give the unit of z: the last word of the first PROFILE line, where it is one."""
    head = next(line for line in read_head(path).splitlines() if line.startswith("PROFILE"))
    return unit_of(head.split()[-1]) if "ifdf" in head else None
