"""An import is written as a whole, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.stamps import Stamp
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.stamping import apply


def stamp(i: int, code: int) -> Stamp:
    """Every other sample of an inline."""
    where = np.zeros((1, 5, 20), bool)
    where[..., ::2] = True
    return Stamp((i, 0, 0), np.full((1, 5, 20), code, np.uint8), where)


def failing() -> Iterator[Stamp]:
    yield stamp(0, 2)
    yield stamp(1, 2)
    yield stamp(0, 3)
    raise RuntimeError("a damaged section")


def test_stamps_are_written_in_their_order(project: Project):
    apply(project, "tiny", [stamp(0, 1), stamp(0, 2), stamp(3, 3)], "words")
    codes = project.labels("tiny").codes
    assert codes[0, 4].tolist() == [2, 0] * 10
    assert codes[3, 0].tolist() == [3, 0] * 10
    assert not codes[[1, 2, 4, 5]].any()


def test_what_fails_half_way_leaves_the_labels_as_they_were(project: Project):
    codes = project.labels("tiny").codes
    codes[0, :, 3:9] = 1
    before = codes.copy()
    with pytest.raises(RuntimeError, match="damaged"):
        apply(project, "tiny", failing(), "words")
    assert np.array_equal(project.labels("tiny").codes, before)


@pytest.mark.skipif(sys.platform == "win32", reason="NTFS files are sparse only on request")
def test_holes_of_the_file_stay_holes(tmp_path: Path):
    """A box of 40 MB of which one trace is labelled, and taken back."""
    path, shape = tmp_path / "facies.npy", (40, 1000, 1000)
    FaciesLabels.create(path, shape)
    project: Any = SimpleNamespace(labels=lambda key: FaciesLabels.open(path))
    where = np.zeros(shape, bool)
    where[20, 500, :10] = True

    def broken() -> Iterator[Stamp]:
        yield Stamp((0, 0, 0), np.broadcast_to(np.uint8(1), shape), where)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        apply(project, "big", broken(), "words")
    assert path.stat().st_blocks * 512 < 1e5
    assert FaciesLabels.open(path).counts() == {}
