"""Start, interval and map coordinates as the headers give them."""

import numpy as np
import pytest
from segy_making import grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey

POSITIONS = grid_positions(range(1, 6), range(20, 24))


def test_the_interval_is_in_ms(make_segy):
    assert open_survey(make_segy(POSITIONS, interval_us=500)).geometry.sample_interval_ms == 0.5


@pytest.mark.parametrize("binary", [0, -4000])
def test_without_an_interval_the_trace_headers_are_asked(make_segy, binary):
    path = make_segy(POSITIONS, interval_us=binary, fields=lambda trace: {117: 3000})
    survey = open_survey(path)
    assert survey.geometry.sample_interval_ms == 3.0
    assert "binary header gives no sample interval" in survey.source.warnings[0]


@pytest.mark.parametrize("trace_interval", [0, -3000])
def test_no_interval_anywhere_is_refused(make_segy, trace_interval):
    path = make_segy(POSITIONS, interval_us=0, fields=lambda trace: {117: trace_interval})
    with pytest.raises(SurveyError, match="no positive sample interval"):
        open_survey(path)


@pytest.mark.parametrize(
    ("fields", "start_ms"),
    [({}, 0), ({109: 250}, 250), ({109: -40}, -40), ({109: 2500, 215: -10}, 250)],
)
def test_the_start_is_the_delay_with_its_scalar(make_segy, fields, start_ms):
    assert open_survey(make_segy(POSITIONS, fields=lambda _: fields)).geometry.start_ms == start_ms


def test_the_map_is_fitted_with_the_scalar(survey):
    expected = [[12.0, 9.0, 450_000.0], [16.0, -7.0, 6_100_000.0]]
    assert np.allclose(survey.geometry.to_xy, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("scalar", "factor"), [(-100, 0.01), (1, 1.0), (0, 1.0), (10, 10.0), (-1, 1.0)]
)
def test_coordinate_scalars_multiply_or_divide(make_segy, scalar, factor):
    def coordinates(trace):
        inline, crossline = POSITIONS[trace]
        return {71: scalar, 181: 500 * inline, 185: 250 * crossline}

    to_xy = open_survey(make_segy(POSITIONS, fields=coordinates)).geometry.to_xy
    expected = factor * np.array([[500, 0, 0], [0, 250, 0]])
    assert np.allclose(to_xy, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("kind", ["none", "constant", "scattered", "on one line"])
def test_coordinates_that_are_no_map_give_none(make_segy, kind):
    rng = np.random.default_rng(0)
    fields = {
        "none": lambda n: {},
        "constant": lambda n: {181: 500, 185: 600},
        "scattered": lambda n: {181: int(rng.integers(9**6)), 185: int(rng.integers(9**6))},
        "on one line": lambda n: {181: 10 * POSITIONS[n][0], 185: 20 * POSITIONS[n][0]},
    }[kind]
    assert open_survey(make_segy(POSITIONS, fields=fields)).geometry.to_xy is None


@pytest.mark.parametrize("kept", [False, True])
def test_traces_of_a_2d_line_keep_their_coordinates(make_segy, tmp_path, kept):
    positions = [(7, crossline) for crossline in range(20, 29)]
    places = [(5000 + 12 * n, 100 + 3 * n * n) for n in range(9)]  # it bends
    fields = lambda n: {71: -10, 181: places[n][0], 185: places[n][1]}  # noqa: E731
    path = make_segy(positions, fields=fields)
    where = Kept(tmp_path / "volumes", "line") if kept else None
    for _ in range(2):  # the second time from what is kept
        survey = open_survey(path, kept=where)
        assert np.allclose(survey.geometry.line_xy, np.array(places) / 10)
        assert survey.geometry.to_xy is None
        assert survey.source.reading.xy == (181, 185)
        assert not any("map" in line or "coordinates" in line for line in survey.source.warnings)


def test_missing_traces_of_a_2d_line_lie_between_the_others(make_segy):
    positions = [(7, crossline) for crossline in (20, 21, 23, 24)]
    fields = lambda n: {181: 10 * positions[n][1], 185: 100}  # noqa: E731
    line_xy = open_survey(make_segy(positions, fields=fields)).geometry.line_xy
    assert line_xy[:, 0].tolist() == [200, 210, 220, 230, 240]


def test_a_2d_line_without_coordinates_has_none(make_segy):
    positions = [(7, crossline) for crossline in range(20, 29)]
    survey = open_survey(make_segy(positions, fields=lambda n: {181: 500, 185: 600}))
    assert survey.geometry.line_xy is None
