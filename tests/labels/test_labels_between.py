"""What lies between two surfaces, in boxes of every orientation, as `hyperseg label` has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_hyperseg.labels.between import BASE, TOP, between
from napari_hyperseg.labels.targets import facies_between, first_sample_below
from napari_hyperseg.survey.geometry import Geometry

GEOMETRY = Geometry(np.arange(100, 104), np.arange(20, 25), 12, 200.0, 4.0)
GRID = GEOMETRY.shape[:2]
BOXES = {
    "inline": (slice(2, 3), slice(None), slice(None)),
    "crossline": (slice(None), slice(3, 4), slice(None)),
    "time slice": (slice(None), slice(None), slice(5, 6)),
}


def surface(times: np.ndarray) -> np.ndarray:
    return first_sample_below(times, GEOMETRY)


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@given(seed=st.integers(0, 2**20))
def test_a_fill_is_what_label_makes_of_the_same_horizons(box, seed):
    rng = np.random.default_rng(seed)
    upper = rng.uniform(190, 240, GRID)
    lower = upper + rng.uniform(0, 30, GRID)
    for times in (upper, lower):
        times[rng.random(GRID) < 0.2] = np.nan
    codes = facies_between([upper, lower], GEOMETRY)[box]
    samples = np.arange(GEOMETRY.n_samples)[box[2]]
    places = box[:2]
    middle = between(surface(upper)[places], surface(lower)[places], samples)
    assert np.array_equal(middle.voxels, codes == 2)
    missing = np.isnan(upper + lower)[places]
    assert (middle.absent, middle.crossing) == (missing.sum(), 0)
    edge = np.full(GRID, TOP)[places]
    above = between(edge, surface(np.where(np.isnan(lower), np.nan, upper))[places], samples)
    assert np.array_equal(above.voxels, codes == 1)


def test_traces_where_surfaces_are_missing_or_cross_are_left_and_counted():
    upper, lower = np.full(GRID, 3.0), np.full(GRID, 6.0)
    upper[0, 1] = np.nan
    lower[1, 2] = 2.0
    lower[2, 3] = 3.0  # they touch: nothing lies between
    live = np.ones(GRID, bool)
    live[3] = False
    lower[3, 0] = np.nan  # no trace there
    found = between(upper, lower, np.arange(12), live)
    assert (found.absent, found.crossing) == (1, 1)
    expected = np.zeros(GEOMETRY.shape, bool)
    expected[:3, :, 3:6] = True
    expected[0, 1] = expected[1, 2] = expected[2, 3] = False
    assert np.array_equal(found.voxels, expected)


def test_the_edges_of_the_survey_are_surfaces():
    top, base = np.full(GRID, TOP), np.full(GRID, BASE)
    samples = np.arange(12)
    assert between(top, base, samples).voxels.all()
    below = between(np.full(GRID, 9.0), base, samples).voxels
    assert np.array_equal(below, np.broadcast_to(samples >= 9, below.shape))
    outside = between(np.full(GRID, -40.0), np.full(GRID, 70.0), samples)
    assert outside.voxels.all()
