"""Lines to label next: by the definition, and on maps where the answer is plain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from napari_hyperseg.labels.next_lines import line_gains, next_lines

SHAPE = (30, 41)


def labelled_on(inlines=(), crosslines=()) -> np.ndarray:
    mask = np.zeros(SHAPE, bool)
    mask[list(inlines)] = True
    mask[:, list(crosslines)] = True
    return mask


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("labelled", [labelled_on((10,), (5,)), labelled_on((0, 29))])
def test_gains_are_what_the_definition_says(labelled, axis):
    wrong = np.where(labelled, 0, np.random.default_rng(3).random(SHAPE))
    far = np.rint(distance_transform_edt(~labelled))
    along = np.arange(SHAPE[axis])
    wanted = []
    for line in along:
        near = np.expand_dims(abs(along - line), 1 - axis)
        wanted.append((wrong * np.clip(1 - near / np.maximum(far, 1e-9), 0, 1)).sum())
    assert line_gains(wrong, far, axis) == pytest.approx(np.array(wanted), abs=1e-9)


def test_a_line_goes_through_what_is_unsure():
    wrong = np.full(SHAPE, 0.01)
    wrong[18:23] = 5
    (line,) = next_lines(wrong, labelled_on((2,)), 1)
    assert line.axis == 0
    assert 18 <= line.index < 23
    assert 0.5 < line.share < 1


def test_lines_keep_away_from_labels_and_from_each_other():
    found = next_lines(np.ones(SHAPE), labelled_on((0, 29)), 3)
    places = [0, 29, *(line.index for line in found)]
    assert 10 <= found[0].index <= 19
    assert all(line.axis == 0 for line in found)
    assert np.diff(sorted(places)).min() >= 5
    shares = [line.share for line in found]
    assert shares == sorted(shares, reverse=True)


def test_what_all_lines_settle_is_at_most_everything():
    wrong = np.random.default_rng(1).random(SHAPE)
    assert sum(line.share for line in next_lines(wrong, labelled_on((4,)), 100)) <= 1 + 1e-9


def test_nothing_is_worth_labelling_where_all_is_sure_or_labelled():
    assert next_lines(np.zeros(SHAPE), labelled_on((4,)), 5) == ()
    assert next_lines(np.ones(SHAPE), np.ones(SHAPE, bool), 5) == ()


def test_without_labels_the_middle_comes_first():
    (line,) = next_lines(np.ones(SHAPE), np.zeros(SHAPE, bool), 1)
    assert line.place in {(0, 14), (0, 15), (1, 20)}


def test_a_line_of_one_trace():
    (line,) = next_lines(np.ones((1, 50)), np.zeros((1, 50), bool), 1)
    assert line.place == (0, 0)
