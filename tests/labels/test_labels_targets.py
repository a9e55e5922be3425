"""Horizons and facies say the same thing, in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.targets import boundary_positions, facies_between, top_to_bottom
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.synthetic import make_synthetic


@pytest.fixture
def geometry() -> Geometry:
    return Geometry(np.arange(100, 103), np.arange(20, 24), 12, 200.0, 4.0)


def flat(geometry: Geometry, twt_ms: float) -> np.ndarray:
    return np.full(geometry.shape[:2], twt_ms)


def test_the_nearest_sample_is_the_first_below(geometry: Geometry):
    codes = facies_between([flat(geometry, 211.0), flat(geometry, 220.0)], geometry)
    assert codes.dtype == np.uint8
    assert codes[0, 0].tolist() == [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3]


def test_picks_on_samples_come_back_exactly(geometry: Geometry):
    rng = np.random.default_rng(0)
    upper = rng.integers(1, 5, geometry.shape[:2])
    lower = rng.integers(6, 11, geometry.shape[:2])
    codes = facies_between([200.0 + 4 * upper, 200.0 + 4 * lower], geometry)
    assert np.array_equal(boundary_positions(codes, 1), upper)
    assert np.array_equal(boundary_positions(codes, 2), lower)


def test_picks_between_samples_come_back_without_bias():
    geometry = Geometry(np.arange(50), np.arange(50), 40, 0.0, 4.0)
    picks = np.random.default_rng(1).uniform(20, 120, geometry.shape[:2])
    error = boundary_positions(facies_between([picks], geometry), 1) - picks / 4
    assert np.abs(error).max() <= 0.5 + 1e-6
    assert abs(error.mean()) < 0.03


def test_synthetic_facies_follow_the_same_rule():
    made = make_synthetic((8, 9, 48), seed=2)
    codes = facies_between(list(made.horizons.values()), made.geometry)
    assert np.array_equal(codes, made.facies)


def test_traces_without_all_horizons_stay_unlabelled(geometry: Geometry):
    upper, lower = flat(geometry, 208.0), flat(geometry, 220.0)
    lower[1, 2] = np.nan
    codes = facies_between([upper, lower], geometry)
    assert not codes[1, 2].any()
    assert (codes > 0).all(axis=2).sum() == 11


def test_horizons_outside_the_trace_leave_one_class(geometry: Geometry):
    codes = facies_between([flat(geometry, 100.0), flat(geometry, 900.0)], geometry)
    assert np.unique(codes).tolist() == [2]
    assert np.isnan(boundary_positions(codes, 1)).all()
    assert np.isnan(boundary_positions(codes, 2)).all()


@pytest.mark.parametrize(
    ("trace", "code", "position"),
    [
        ([1, 1, 2, 2, 3], 1, 2),
        ([1, 1, 2, 2, 3], 2, 4),
        ([1, 1, 3, 3, 3], 2, 2),
        ([1, 2, 1, 1, 2], 1, 4),
        ([1, 0, 0, 2, 2], 1, 3),
        ([0, 0, 1, 2, 0], 1, 3),
        ([2, 2, 2, 2, 2], 1, np.nan),
        ([1, 1, 1, 1, 1], 1, np.nan),
        ([2, 2, 2, 2, 1], 1, np.nan),
        ([0, 0, 0, 0, 0], 1, np.nan),
    ],
)
def test_the_boundary_leaves_fewest_samples_on_the_wrong_side(trace, code, position):
    found = boundary_positions(np.array(trace, np.uint8)[None, None], code)
    np.testing.assert_equal(found, [[position]])


def test_intervals_take_the_codes_they_are_given(geometry: Geometry):
    horizons = [flat(geometry, 211.0), flat(geometry, 220.0)]
    codes = facies_between(horizons, geometry, (3, 1, 2))
    assert codes[0, 0].tolist() == [3, 3, 3, 1, 1, 2, 2, 2, 2, 2, 2, 2]


@pytest.mark.parametrize("n_horizons", [0, 255])
def test_the_number_of_intervals_must_fit_a_code(geometry: Geometry, n_horizons: int):
    with pytest.raises(LabelError, match=f"not {n_horizons}"):
        facies_between([flat(geometry, 210.0)] * n_horizons, geometry)


def test_a_horizon_of_another_survey_is_refused(geometry: Geometry):
    with pytest.raises(LabelError, match="shape"):
        facies_between([np.zeros((2, 2))], geometry)


def test_horizons_are_sorted_by_time(geometry: Geometry):
    horizons = {"deep": 240.0, "shallow": 208.0, "middle": 220.0}
    grids = {name: flat(geometry, twt_ms) for name, twt_ms in horizons.items()}
    assert top_to_bottom(grids) == ["shallow", "middle", "deep"]


def test_tilted_horizons_picked_on_different_traces_are_sorted_where_both_are(geometry: Geometry):
    tilt = np.arange(12.0).reshape(3, 4) * 100
    upper, lower = tilt.copy(), tilt + 10
    upper[0] = np.nan
    lower[2] = np.nan
    assert np.nanmean(upper) > np.nanmean(lower)
    assert top_to_bottom({"lower": lower, "upper": upper}) == ["upper", "lower"]


def test_horizons_that_cross_are_refused(geometry: Geometry):
    crossing = np.linspace(200, 240, 12).reshape(3, 4)
    with pytest.raises(LabelError, match="cross on"):
        top_to_bottom({"A": flat(geometry, 218.0), "B": crossing})


def test_an_empty_horizon_is_named(geometry: Geometry):
    with pytest.raises(LabelError, match="Horizon B has no pick"):
        top_to_bottom({"A": flat(geometry, 210.0), "B": flat(geometry, np.nan)})


def test_real_horizons_come_back_from_their_facies(shared_data):
    geometry = Geometry(np.arange(1075, 1111), np.arange(1002, 1231), 1501, 0.0, 4.0)
    names = [f"H{number}" for number in range(1, 8)]
    horizons = {
        name: read_horizon_file(shared_data / f"penobscot_west_{name}.txt", geometry).values
        for name in reversed(names)
    }
    assert top_to_bottom(horizons) == names
    codes = facies_between([horizons[name] for name in names], geometry)
    for code, name in enumerate(names, start=1):
        here = codes.any(axis=2)
        np.testing.assert_array_equal(
            boundary_positions(codes, code)[here], horizons[name][here] / 4
        )
