"""What labels tell of the boundaries between layered classes."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.prior.boundaries import read_boundaries
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.survey_labels import SurveyLabels

ORDER = (1, 2, 3)


@pytest.fixture
def label(tmp_path):
    def make(codes, order=ORDER, picks=None):
        facies = FaciesLabels.create(tmp_path / f"{len(list(tmp_path.iterdir()))}.npy", codes.shape)
        facies.codes[:] = codes
        return SurveyLabels(codes.shape, order, facies, picks)

    return make


def column(*runs):
    return np.repeat([code for code, _ in runs], [n for _, n in runs]).astype(np.uint8)


TRACES = [
    (column((1, 4), (2, 3), (3, 5)), [4, 7]),
    (column((1, 4), (3, 8)), [4, 4]),  # the second class is pinched out
    (column((1, 4), (0, 3), (2, 2), (3, 3)), [None, 9]),  # not labelled where it passes
    (column((2, 6), (3, 6)), [None, 6]),
    (column((0, 12)), [None, None]),
    (column((1, 4), (9, 3), (2, 5)), [None, None]),  # a code that is none of the classes
    (column((1, 3), (2, 2), (1, 2), (2, 5)), [None, None]),  # passed twice
]


@pytest.mark.parametrize(("trace", "expected"), TRACES)
def test_boundaries_are_read_where_labels_pass_them(label, trace, expected):
    codes = np.zeros((2, 3, 12), np.uint8)
    codes[1, 2] = trace
    picks = read_boundaries(label(codes)).bounds.picks
    assert np.isnan(np.delete(picks.reshape(2, -1), 5, axis=1)).all()
    found = [None if np.isnan(pick) else int(pick) for pick in picks[:, 1, 2]]
    assert found == expected


def test_the_order_says_what_lies_below(label):
    codes = np.zeros((1, 40, 12), np.uint8)
    codes[0] = column((3, 4), (1, 3), (2, 5))
    assert not read_boundaries(label(codes)).layered
    layered = read_boundaries(label(codes, (3, 1, 2)))
    assert layered.layered
    assert (layered.bounds.picks[:, 0] == [[4], [7]]).all()
    codes[0, 0] = column((2, 4), (3, 3), (1, 5))  # one slip in eighty
    assert read_boundaries(label(codes, (3, 1, 2))).layered


def test_nothing_passed_is_not_layered(label):
    codes = np.zeros((2, 2, 12), np.uint8)
    codes[0, 0] = 1
    assert not read_boundaries(label(codes)).layered


def test_labels_that_do_not_pass_a_boundary_limit_it(label):
    codes = np.zeros((1, 5, 12), np.uint8)
    codes[0, 0, 3:5] = 2  # a stroke
    codes[0, 1] = 1
    codes[0, 2] = column((1, 4), (0, 5), (3, 3))
    codes[0, 3] = column((2, 3), (1, 9))  # upside down: says nothing of the first boundary
    bounds = read_boundaries(label(codes)).bounds
    inf = np.inf
    assert bounds.least[:, 0].tolist() == [[-inf, 12, 4, -inf, -inf], [5, 12, 4, 12, -inf]]
    assert bounds.most[:, 0].tolist() == [[3, inf, 9, inf, inf], [inf, inf, 9, inf, inf]]
    assert np.isnan(bounds.picks).all()


def test_a_narrow_gap_between_labels_is_a_pick(label):
    codes = np.zeros((1, 1, 12), np.uint8)
    codes[0, 0] = column((1, 4), (0, 2), (2, 6))
    assert read_boundaries(label(codes)).bounds.picks[0, 0, 0] == 5


def test_bounds_counted_from_a_surface():
    picks = np.array([[3.0, np.nan, 7.5]])
    bounds = Bounds.at(picks)
    assert np.array_equal(bounds.picks, picks, equal_nan=True)
    assert np.array_equal(bounds.below(np.full((1, 3), 2.0)).picks, picks - 2, equal_nan=True)
    assert bounds.clip(np.zeros((1, 3))).tolist() == [[3, 0, 7.5]]
    without = bounds.without(np.array([[True, False, False]]))
    assert np.array_equal(without.picks, [[np.nan, np.nan, 7.5]], equal_nan=True)


def test_strokes_inside_layers_do_not_show_boundaries(label):
    codes = np.zeros((1, 6, 30), np.uint8)
    codes[0] = column((1, 10), (2, 10), (3, 10))
    assert read_boundaries(label(codes)).shown
    codes[0, :4, [7, 8, 9, 10, 11, 12, 17, 18, 19, 20, 21, 22]] = 0
    assert not read_boundaries(label(codes)).shown
    codes[0, 1:] = column((0, 15), (2, 5), (3, 10))  # labels on one side of the first one
    assert read_boundaries(label(codes)).shown
    assert not read_boundaries(label(np.zeros_like(codes))).shown


def test_picks_are_boundaries_between_samples(label):
    codes = np.zeros((1, 4, 12), np.uint8)
    codes[0, 3] = column((1, 5), (2, 7))
    picks = np.full((2, 1, 4), np.nan)
    picks[0, 0, :2] = 4.3, 4.6
    picks[1, 0, 1] = 8.0
    picks[0, 0, 3] = 9.0  # painted otherwise
    boundaries = read_boundaries(label(codes, picks=picks))
    assert boundaries.layered
    assert boundaries.shown
    nan = np.nan
    found = boundaries.bounds.picks[:, 0]
    assert np.allclose(found, [[4.3, 4.6, nan, 5], [nan, 8, nan, nan]], equal_nan=True)


def test_a_pick_limits_the_boundaries_beside_it(label):
    picks = np.full((2, 1, 1), np.nan)
    picks[1] = 7.0
    bounds = read_boundaries(label(np.zeros((1, 1, 12), np.uint8), picks=picks)).bounds
    assert bounds.most[0, 0, 0] == 7
    assert bounds.least[0, 0, 0] == -np.inf
