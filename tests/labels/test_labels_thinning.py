"""Some lines of a large survey, and back."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.thinning import Thinning

SHAPE = (100, 140)


@pytest.fixture
def labelled():
    traces = np.zeros(SHAPE, bool)
    traces[33] = traces[:, 71] = True
    return traces


@pytest.fixture
def thinning(labelled):
    return Thinning.of(labelled, 600)


def test_small_surveys_stay_whole(labelled):
    thinning = Thinning.of(labelled)
    assert thinning.whole
    volume = np.zeros((*SHAPE, 3))
    assert thinning.volume(volume) is volume


def test_labelled_lines_are_kept_and_the_first_and_the_last(thinning):
    assert {0, 33, 99} <= set(thinning.inlines)
    assert {0, 71, 139} <= set(thinning.crosslines)
    assert len(thinning.inlines) * len(thinning.crosslines) < 2 * 600
    assert np.diff(thinning.inlines).max() <= 5
    assert not thinning.whole


def test_traces_are_those_of_the_lines(thinning):
    volume = np.random.default_rng(0).normal(size=(*SHAPE, 4)).astype(np.float32)
    kept = thinning.volume(volume)
    assert np.array_equal(kept, volume[np.ix_(thinning.inlines, thinning.crosslines)])


def test_a_plane_comes_back(thinning):
    i, j = np.indices(SHAPE)
    plane = (3 + 0.2 * i - 0.1 * j)[None]
    thin = plane[:, thinning.inlines][:, :, thinning.crosslines]
    assert np.allclose(thinning.back(thin), plane, atol=1e-4)


def test_labels_on_kept_lines_stay_and_those_beside_them_count_there(thinning):
    picks = np.full((1, *SHAPE), np.nan)
    picks[0, 33, 71] = 7
    between = (thinning.inlines[2] + 1, thinning.crosslines[4] + 1)
    picks[0][between] = 9
    bounds = thinning.bounds(Bounds.at(picks)).picks[0]
    at = (thinning.inlines.tolist().index(33), thinning.crosslines.tolist().index(71))
    assert bounds[at] == 7
    assert bounds[2, 4] == 9
    assert np.isfinite(bounds).sum() == 2


def test_a_label_on_a_kept_trace_outdoes_one_beside_it(thinning):
    picks = np.full((1, *SHAPE), np.nan)
    i, j = thinning.inlines[3], thinning.crosslines[5]
    picks[0, i, j], picks[0, i + 1, j], picks[0, i, j + 1] = 5, 8, 8
    assert thinning.bounds(Bounds.at(picks)).picks[0, 3, 5] == 5


def test_folds_are_found_at_kept_traces(thinning, labelled):
    folds = np.where(labelled, 3, 0).astype(np.uint8)
    kept = thinning.map(folds)
    assert set(np.unique(kept)) == {0, 3}
    assert (kept[thinning.inlines.tolist().index(33)] == 3).all()


def test_a_2d_line_has_one_inline():
    labelled = np.zeros((1, 900), bool)
    labelled[0, ::7] = True
    thinning = Thinning.of(labelled, 100)
    picks = np.where(labelled, 4.0, np.nan)[None]
    assert np.isfinite(thinning.bounds(Bounds.at(picks)).picks).any()
    grid = np.ones((1, 1, len(thinning.crosslines)), np.float32)
    assert thinning.back(grid).shape == (1, 1, 900)
