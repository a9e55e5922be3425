"""A survey on the map, and files of wells in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.wells.content import WellFile
from napari_hyperseg.labels.wells.reading import read_wells
from napari_hyperseg.survey.geometry import Geometry

ReadText = Callable[..., WellFile]


@pytest.fixture
def geometry() -> Geometry:
    """Inlines 100-118 every 2, crosslines 31-42, 0-396 ms; bins of 30 m x 12.5 m, turned."""
    axes = np.array([[12.0, 7.5], [9.0, -10.0]])  # per line number, at a right angle
    to_xy = np.column_stack([axes, [450_000.0, 6_100_000.0]])
    return Geometry(np.arange(100, 120, 2), np.arange(31, 43), 100, 0.0, 4.0, to_xy=to_xy)


@pytest.fixture
def depth(geometry: Geometry) -> Geometry:
    """The same in depth: 0-396 m."""
    return replace(geometry, domain="depth")


@pytest.fixture
def read_text(tmp_path: Path, geometry: Geometry) -> ReadText:
    """A function that reads wells from text or bytes."""

    def read(content: str | bytes, survey: Geometry | None = None, **said) -> WellFile:
        path = tmp_path / "wells.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_wells(path, survey or geometry, **said)

    return read
