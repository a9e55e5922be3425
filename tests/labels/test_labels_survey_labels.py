"""What paint and picks say together of each sample."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.rank_limits import (
    FAR,
    UNKNOWN,
    exact_ranks,
    exactly,
    pick_weights,
    within_picks,
)
from napari_hyperseg.labels.survey_labels import SurveyLabels

SHAPE = (2, 3, 10)
AT = np.arange(10)


def runs(*parts):
    """Pairs of least and most, each so often, shape (2, n)."""
    return np.concatenate([np.repeat([[least], [most]], n, axis=1) for least, most, n in parts], 1)


def test_a_pick_labels_its_whole_trace():
    picks = np.array([[np.nan], [4.0], [np.nan]])
    assert np.array_equal(within_picks(picks, AT, 4)[:, 0], runs((1, 2, 4), (3, 4, 6)))


def test_all_picks_leave_one_class_each():
    picks = np.array([[2.6], [2.6], [7.4]])  # the second class is pinched out
    limits = within_picks(picks, AT, 4)
    assert exact_ranks(limits)[0].tolist() == [1, 1, 1, 3, 3, 3, 3, 4, 4, 4]


def test_between_picks_that_cross_nothing_is_known():
    limits = within_picks(np.array([[6.0], [3.0]]), AT, 3)[:, 0]
    assert np.array_equal(limits, runs((1, 1, 3), (0, UNKNOWN, 3), (3, 3, 4)))


def test_traces_without_picks_are_not_known():
    limits = within_picks(np.array([[np.nan, 4.0]]), AT, 2)
    assert np.array_equal(limits[:, 0], runs((0, UNKNOWN, 10)))
    assert (limits[0, 1] > 0).all()


def test_a_pick_is_worth_most_beside_it():
    weights = pick_weights(np.array([[4.0], [np.nan]]), np.arange(200))[0]
    assert weights[3] == weights[4] == weights.max()
    assert weights[-1] == pytest.approx(FAR, abs=1e-3)


@pytest.fixture
def labels(tmp_path):
    facies = FaciesLabels.create(tmp_path / "facies.npy", SHAPE)
    facies.codes[0, 1, 5:] = 3
    facies.codes[1, 0, :4] = 9  # no class
    picks = np.full((2, *SHAPE[:2]), np.nan)
    picks[0, 0, 1:] = 2.0, 3.0
    return SurveyLabels(SHAPE, (3, 1, 2), facies, picks)


def test_traces_with_paint_or_picks_are_labelled(labels):
    assert labels.traces().tolist() == [[False, True, True], [True, False, False]]


def test_paint_counts_where_both_say_something(labels):
    section = labels.of_traces(0, np.array([1, 2]))
    assert np.array_equal(section[:, 0], runs((1, 1, 2), (2, 3, 3), (1, 1, 5)))
    assert np.array_equal(section[:, 1], runs((1, 1, 3), (2, 3, 7)))


def test_a_box_holds_what_its_traces_do(labels):
    whole = labels.of_box(((0, 2), (0, 3), (0, 10)))
    for i in range(2):
        assert np.array_equal(whole[:, i], labels.of_traces(i, np.arange(3)))
    part = ((0, 1), (1, 3), (2, 7))
    assert np.array_equal(labels.of_box(part), whole[:, :1, 1:, 2:7])


def test_what_labels_say_rules_out_other_classes(labels):
    box = ((0, 2), (0, 3), (1, 8))
    ruled_out = labels.ruled_out(box)
    assert ruled_out.shape == (3, 2, 3, 7)
    least, most = labels.of_box(box)
    for rank, code in enumerate(labels.order, start=1):
        allowed = (least <= rank) & (rank <= most)
        assert np.array_equal(~ruled_out[code - 1], allowed)
    assert ruled_out[:, 0, 1].any()
    assert not ruled_out[:, 1].any()  # no class is painted there, and nothing


def test_nothing_said_rules_nothing_out(labels):
    assert labels.ruled_out(((1, 2), (0, 3), (0, 10))) is None


def test_paint_is_worth_one_and_picks_less_farther_off(labels):
    weights = labels.weights(((0, 1), (0, 3), (0, 10)))
    assert (weights[0, 0] == 1).all()
    assert (weights[0, 1, 5:] == 1).all()
    assert weights[0, 2, 9] < weights[0, 2, 3] < 1


def test_picks_alone_are_labels():
    picks = np.full((1, *SHAPE[:2]), np.nan)
    picks[0, 1, 1] = 5
    labels = SurveyLabels(SHAPE, (1, 2), picks=picks)
    assert labels.traces().sum() == 1
    assert exact_ranks(labels.of_box(((1, 2), (1, 2), (3, 7)))).ravel().tolist() == [1, 1, 2, 2]


def test_one_rank_comes_back():
    ranks = np.array([0, 1, 3], np.uint8)
    assert np.array_equal(exact_ranks(exactly(ranks)), ranks)
