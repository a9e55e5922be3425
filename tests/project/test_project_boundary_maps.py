"""Maps of a prediction's boundaries: where they are and how sure, made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import zarr

from napari_hyperseg.labels.order import codes_of
from napari_hyperseg.project import row_blocks as module
from napari_hyperseg.project.boundary_maps import boundary_maps
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.predictions import open_prediction

SHAPE = (6, 5, 20)


@pytest.fixture
def predicted(project: Project, write_prediction):
    """Boundaries at samples 5 and 11; confidence of a sample grows downwards, from 60 %."""

    def make(change=lambda codes: None, order=(1, 2, 3)):
        codes = np.ones(SHAPE, np.uint8)
        for top in (5, 11):
            codes[..., top:] += 1
        codes = codes_of(order)[codes]
        change(codes)
        path = write_prediction(codes, 3)
        zarr.open_group(path)["confidence"][...] = np.broadcast_to(np.arange(60, 80), SHAPE)
        return open_prediction(project, "tiny")

    return make


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
@pytest.mark.parametrize("block", [64, 4])
def test_they_are_as_sure_as_the_samples_beside_them(predicted, monkeypatch, order, block):
    monkeypatch.setattr(module, "BLOCK", block)
    told = []
    upper, lower = boundary_maps(
        predicted(order=order), order, progress=lambda done, total: told.append((done, total))
    )
    assert upper.samples == pytest.approx(np.full(SHAPE[:2], 5), abs=0.1)
    for found, top in ((upper, 5), (lower, 11)):
        odds = [share / (1 - share) for share in (0.59 + top / 100, 0.6 + top / 100)]
        slope = sum(np.log(odds))
        assert found.sure == pytest.approx(np.full(SHAPE[:2], np.tanh(0.75 * slope)), abs=1e-5)
    assert told[-1] == (6, 6)


def test_one_boundary_alone(predicted):
    (lower,) = boundary_maps(predicted(), (1, 2, 3), [2])
    assert lower.samples == pytest.approx(np.full(SHAPE[:2], 11), abs=0.1)


def test_nothing_where_nothing_is_predicted_or_there_is_no_boundary(predicted):
    def change(codes):
        codes[0] = 0
        codes[1] = 2
        codes[2, 0, 4] = 0  # above the boundary, not predicted yet
        codes[2, 1, 15:] = 0

    upper, _ = boundary_maps(predicted(change), (1, 2, 3))
    there = np.isfinite(upper.samples)
    assert not there[:2].any()
    assert there[2].tolist() == [False, True, True, True, True]
    assert (np.isfinite(upper.sure) == there).all()
