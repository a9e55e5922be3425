"""Misties where picked lines cross a section."""

import numpy as np
import pytest

from napari_hyperseg.labels.crossings import crossings

NAN = np.nan


def picked(*lines: tuple[int, int, float], shape: tuple[int, int] = (9, 11)) -> np.ndarray:
    """Pick whole lines at a time: (axis, index, time)."""
    times = np.full(shape, NAN)
    for axis, index, time in lines:
        np.moveaxis(times, axis, 0)[index] = time
    return times


@pytest.mark.parametrize("axis", [0, 1])
def test_a_crossing_line_is_found_with_its_mistie(axis):
    other = 1 - axis
    times = picked((other, 4, 100.0), (axis, 3, 104.0))
    found = crossings(times, axis, 3)
    assert found.traces.tolist() == [4]
    assert found.times.tolist() == [100]
    assert found.misties.tolist() == [4]


def test_without_own_picks_there_is_no_mistie():
    found = crossings(picked((1, 4, 100.0)), 0, 3)
    assert found.traces.tolist() == [4]
    assert np.isnan(found.misties).all()


@pytest.mark.parametrize("index", [0, 8])
def test_at_the_edge_of_the_survey_one_side_is_enough(index):
    found = crossings(picked((1, 4, 100.0), (0, index, 101.0)), 0, index)
    assert found.traces.tolist() == [4]
    assert found.misties.tolist() == [1]


def test_the_end_of_a_line_does_not_cross():
    times = picked((1, 4, 100.0))
    times[4:] = NAN
    assert crossings(times, 0, 4).traces.size == 0
    assert crossings(times, 0, 2).traces.tolist() == [4]


def test_a_surface_is_no_crowd_of_crossings():
    assert crossings(np.full((9, 11), 100.0), 0, 3).traces.size == 0


def test_nothing_picked_nothing_crosses():
    assert crossings(np.full((9, 11), NAN), 1, 3).traces.size == 0
