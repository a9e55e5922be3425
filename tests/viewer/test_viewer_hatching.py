"""Hatching: arithmetic only."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.viewer.hatching import MOST_LINES, hatching

SCALE = (2.0, 5.0)


def test_lines_fill_a_rectangle_and_stay_in_it():
    lines = hatching([((10, 30), (4, 12))], SCALE, 6.0)
    assert lines.dtype == np.float32
    down, right = lines[..., 0], lines[..., 1]
    assert down.min() >= 9.5
    assert down.max() <= 29.5
    assert right.min() >= 3.5
    assert right.max() <= 11.5
    sums = down * SCALE[0] + right * SCALE[1]
    assert sums[:, 0] == pytest.approx(sums[:, 1])
    assert np.diff(np.sort(sums[:, 0])) == pytest.approx(6.0)
    assert sums.min() == pytest.approx(42.0)  # of 36.5, the next multiple
    assert sums.max() == pytest.approx(114.0)  # of 116.5, the last one


def test_neighbours_go_on_in_each_other():
    whole = hatching([((0, 20), (0, 10))], SCALE, 6.0)
    parts = hatching([((0, 20), (0, 4)), ((0, 20), (4, 10))], SCALE, 6.0)

    def places(lines) -> set[float]:
        return {round(float(down * 2 + right * 5), 3) for down, right in lines[:, 0]}

    assert places(whole) == places(parts)


def test_what_is_enlarged_beyond_the_canvas_has_no_more_lines():
    assert len(hatching([((0, 2000), (0, 3000))], SCALE, 0.01)) <= MOST_LINES + 1


def test_nothing_to_fill_is_no_line():
    assert hatching([], SCALE, 6.0).shape == (0, 2, 2)
    assert hatching([((3, 4), (3, 4))], (0.1, 0.1), 500.0).shape == (0, 2, 2)
