"""Traces land on the right positions, however a file orders and numbers them."""

import numpy as np
import pytest
from segy_making import address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading

INLINES, CROSSLINES = [2, 4, 6, 8], [5, 8, 11]
POSITIONS = grid_positions(INLINES, CROSSLINES)
ORDERS = {
    "inline-sorted": POSITIONS,
    "crossline-sorted": sorted(POSITIONS, key=lambda at: at[1]),
    "descending": POSITIONS[::-1],
    "shuffled": [POSITIONS[n] for n in np.random.default_rng(3).permutation(len(POSITIONS))],
}


def spelled(inlines, crosslines):
    return np.array([[address(i, j) for j in crosslines] for i in inlines])


@pytest.mark.parametrize("endian", ["big", "little"])
@pytest.mark.parametrize("order", ORDERS)
def test_any_trace_order_gives_the_same_cube(make_segy, order, endian):
    survey = open_survey(make_segy(ORDERS[order], endian=endian))
    assert survey.geometry.inlines.tolist() == INLINES
    assert survey.geometry.crosslines.tolist() == CROSSLINES
    assert survey.geometry.live is None
    assert survey.source.warnings == ()
    assert np.array_equal(survey.volume[:], spelled(INLINES, CROSSLINES))


def test_missing_traces_and_lines_are_holes(make_segy):
    present = [at for at in POSITIONS if at != (4, 8) and at[0] != 6]
    survey = open_survey(make_segy(present))
    expected = spelled(INLINES, CROSSLINES)
    expected[1, 1], expected[2] = 0, 0
    assert survey.geometry.inlines.tolist() == INLINES  # regular, the empty line included
    assert np.array_equal(survey.geometry.live, expected.any(axis=2))
    assert np.array_equal(survey.volume[:], expected)
    assert "4 of 12 positions have no live trace" in survey.source.warnings[0]


def test_traces_that_are_marked_dead_are_not_live(make_segy):
    path = make_segy(POSITIONS, fields=lambda trace: {29: 2 if trace == 5 else 1})
    survey = open_survey(path)
    assert np.argwhere(~survey.geometry.live_mask).tolist() == [[1, 2]]
    assert not survey.volume[1, 2].any()


def test_a_file_that_marks_every_trace_dead_is_read(make_segy):
    survey = open_survey(make_segy(POSITIONS, fields=lambda trace: {29: 2}))
    assert survey.geometry.live is None


def test_of_duplicates_the_first_is_kept(make_segy):
    traces = [address(*at) for at in POSITIONS]
    path = make_segy([*POSITIONS, (4, 8), (4, 8)], traces=[*traces, -traces[0], -traces[0]])
    survey = open_survey(path)
    assert np.array_equal(survey.volume[:], spelled(INLINES, CROSSLINES))
    assert "2 of 14 traces repeat a position" in survey.source.warnings[0]
    assert describe_segy(path).duplicates == 2


@pytest.mark.parametrize("pair", [(5, 21), (9, 21), (9, 13), (17, 21), (181, 185)])
def test_lines_in_other_bytes_are_found_and_said(make_segy, pair):
    survey = open_survey(make_segy(POSITIONS, header_bytes=pair))
    assert survey.source.reading.lines == pair
    assert np.array_equal(survey.volume[:], spelled(INLINES, CROSSLINES))
    assert f"header bytes {pair[0]} and {pair[1]}" in survey.source.warnings[0]


def test_bytes_that_are_given_win(make_segy):
    path = make_segy(POSITIONS, fields=lambda trace: {9: 1 + trace // 4, 13: 1 + trace % 4})
    assert open_survey(path).geometry.shape[:2] == (4, 3)
    survey = open_survey(path, Reading((9, 13)))
    assert survey.geometry.shape[:2] == (3, 4)
    assert np.array_equal(survey.volume[0, 3], address(*POSITIONS[3]))


@pytest.mark.parametrize("byte", [238, 241, 5000])
def test_bytes_outside_the_header_are_refused(make_segy, byte):
    with pytest.raises(SurveyError, match=f"Byte {byte} is not in a trace header"):
        open_survey(make_segy(POSITIONS), Reading((189, byte)))


def test_bytes_that_make_a_nonsense_grid_are_refused(make_segy):
    positions = grid_positions(range(1, 21), range(1, 21))
    path = make_segy(positions, fields=lambda n: {181: 7919 * n**2 % 99991, 185: 31 * n**2 % 9973})
    assert open_survey(path).geometry.shape[:2] == (20, 20)
    with pytest.raises(SurveyError, match=r"bytes 181 and 185 give a grid of .* for 400 traces"):
        open_survey(path, Reading((181, 185)))


def test_a_sparse_grid_is_read_with_a_warning(make_segy):
    survey = open_survey(make_segy([(n, n) for n in range(1, 11)]))
    assert survey.geometry.shape[:2] == (10, 10)
    assert any("100 positions for 10 traces" in line for line in survey.source.warnings)


@pytest.mark.parametrize("pair", [(189, 193), (189, 21), (189, 17)])
def test_a_line_is_a_survey_of_one_inline(make_segy, pair):
    positions = [(7, crossline) for crossline in range(100, 120)]
    path = make_segy(positions, header_bytes=pair)
    survey = open_survey(path)
    assert survey.geometry.shape == (1, 20, 12)
    assert survey.geometry.inlines.tolist() == [7]
    assert survey.geometry.crosslines.tolist() == list(range(100, 120))
    assert survey.geometry.to_xy is None
    assert describe_segy(path).kind == "2d"


def test_a_line_without_numbers_is_counted(make_segy):
    path = make_segy([(0, 0)] * 9, traces=[address(1, n) for n in range(9)])
    survey = open_survey(path)
    assert survey.geometry.crosslines.tolist() == list(range(1, 10))
    assert np.array_equal(survey.volume[0, 4], address(1, 4))
    assert "bytes 189 and a count" in survey.source.warnings[0]
    again = open_survey(path, survey.source.reading)
    assert again.geometry.shape == survey.geometry.shape


@pytest.mark.parametrize("fold", [2, 3, 8])
def test_prestack_is_refused_and_described(make_segy, fold):
    gathers = [at for at in POSITIONS for _ in range(fold)]
    path = make_segy(gathers, fields=lambda trace: {37: 100 * (trace % fold)})
    with pytest.raises(SurveyError, match=rf"is prestack: {fold}\.0 traces per position"):
        open_survey(path)
    assert describe_segy(path).kind == "prestack"


def test_gathers_without_line_numbers_are_no_survey(make_segy):
    path = make_segy([(0, 0)] * 12, fields=lambda n: {9: n // 4, 13: n % 4, 37: 25 * (n % 4)})
    with pytest.raises(SurveyError, match="prestack"):
        open_survey(path)


def test_lines_that_no_bytes_explain_are_refused(make_segy):
    rng = np.random.default_rng(1)
    numbers = rng.integers(1, 10_000, (300, 2)).tolist()
    path = make_segy([tuple(pair) for pair in numbers])
    with pytest.raises(SurveyError, match=r"no trace header bytes give a grid .*--iline 189"):
        open_survey(path)
