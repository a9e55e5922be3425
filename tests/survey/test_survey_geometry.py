"""Laws of the translation between indices, line numbers and times."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_hyperseg.errors import LineNotFoundError, SurveyError
from napari_hyperseg.survey.geometry import Geometry

steps = st.integers(-40, 40).filter(bool)


@st.composite
def geometries(draw):
    inlines, crosslines = (
        draw(st.integers(-5000, 50000)) + draw(steps) * np.arange(draw(st.integers(1, 60)))
        for _ in range(2)
    )
    return Geometry(
        inlines,
        crosslines,
        n_samples=draw(st.integers(1, 3000)),
        start_ms=draw(st.floats(-2000, 9000)),
        sample_interval_ms=draw(st.floats(0.25, 20)),
    )


def plain(**changes):
    fields = {
        "inlines": np.arange(1000, 1010, 2),
        "crosslines": np.arange(300, 303),
        "n_samples": 11,
        "start_ms": 100.0,
        "sample_interval_ms": 4.0,
    }
    return Geometry(**(fields | changes))


@given(geometries(), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(0, 1e4))
def test_locate_is_the_inverse_of_line_numbers(geometry, i, j, twt_ms):
    inline, crossline = geometry.line_numbers(i, j)
    assert geometry.locate(inline, crossline, twt_ms)[:2] == pytest.approx((i, j), abs=1e-6)


@given(geometries(), st.data())
def test_every_line_is_found_at_its_index(geometry, data):
    i = data.draw(st.integers(0, geometry.shape[0] - 1))
    j = data.draw(st.integers(0, geometry.shape[1] - 1))
    assert geometry.inline_index(int(geometry.inlines[i])) == i
    assert geometry.crossline_index(int(geometry.crosslines[j])) == j
    assert geometry.line_numbers(i, j) == (geometry.inlines[i], geometry.crosslines[j])


@given(geometries(), st.data())
def test_samples_lie_where_their_times_say(geometry, data):
    k = data.draw(st.integers(0, geometry.n_samples - 1))
    assert geometry.sample_position(geometry.times_ms[k]) == pytest.approx(k, abs=1e-6)
    assert geometry.time_at(k) == pytest.approx(geometry.times_ms[k], abs=1e-6)
    samples = np.arange(3, dtype=np.float32)
    assert geometry.sample_position(geometry.time_at(samples)) == pytest.approx(samples, abs=1e-3)
    assert geometry.time_at(samples).dtype == np.float32


def test_shape_counts_lines_and_samples():
    assert plain().shape == (5, 3, 11)
    assert (plain().inline_step, plain().crossline_step) == (2, 1)
    assert plain(inlines=np.array([7])).inline_step == 1


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (4012, "Inline 4012 is outside 1000-1008 in steps of 2. Choose one of the survey's"),
        (1003, "Inline 1003 is not a line of 1000-1008 in steps of 2. Choose one"),
    ],
)
def test_a_missing_line_is_named(number, message):
    with pytest.raises(LineNotFoundError, match=message):
        plain().inline_index(number)


def test_a_missing_crossline_is_named():
    with pytest.raises(LineNotFoundError, match=r"Crossline 299 is outside 300-302\. Choose"):
        plain().crossline_index(299)


@pytest.mark.parametrize(
    "changes",
    [
        {"inlines": np.array([], int)},
        {"inlines": np.array([1, 2, 4])},
        {"crosslines": np.array([3, 3, 3])},
        {"n_samples": 0},
        {"sample_interval_ms": 0.0},
        {"sample_interval_ms": float("nan")},
        {"live": np.ones((3, 5), bool)},
    ],
)
def test_nonsense_is_refused(changes):
    with pytest.raises(SurveyError):
        plain(**changes)


def test_without_a_mask_every_trace_is_live():
    assert plain().live_mask.all()
    holes = np.zeros((5, 3), bool)
    assert not plain(live=holes).live_mask.any()


def test_traces_of_a_2d_line_have_their_own_places():
    xy = np.array([[0.0, 0.0], [10.0, 1.0], [19.0, 5.0]])
    for inlines, crosslines, at in (([4], [1, 2, 3], (0, 2)), ([1, 2, 3], [4], (2, 0))):
        geometry = Geometry(np.array(inlines), np.array(crosslines), 9, 0.0, 4.0, line_xy=xy)
        assert geometry.is_line
        assert geometry.map_position(*at) == (19.0, 5.0)


def test_coordinates_of_traces_must_fit_a_2d_line():
    with pytest.raises(SurveyError, match="pair per trace of a 2D line"):
        Geometry(np.array([4]), np.arange(3), 9, 0.0, 4.0, line_xy=np.zeros((2, 2)))
    with pytest.raises(SurveyError, match="pair per trace of a 2D line"):
        Geometry(np.arange(3), np.arange(3), 9, 0.0, 4.0, line_xy=np.zeros((9, 2)))


def test_a_cube_has_a_map_or_none():
    to_xy = np.array([[2.0, 0.0, 5.0], [0.0, 3.0, 6.0]])
    geometry = Geometry(np.arange(10, 13), np.arange(20, 26, 2), 9, 0.0, 4.0, to_xy=to_xy)
    assert geometry.map_position(1, 2) == (2 * 11 + 5.0, 3 * 24 + 6.0)
    assert Geometry(np.arange(3), np.arange(3), 9, 0.0, 4.0).map_position(0, 0) is None
