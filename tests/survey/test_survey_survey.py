"""Clip and load: what the display and the network read."""

import numpy as np
import pytest
from segy_making import grid_positions

from napari_hyperseg.survey.segy.opening import open_survey

POSITIONS = grid_positions([1, 2], [4, 5, 6])


def test_clip_is_the_percentile_of_the_amplitudes(survey, addressed_volume):
    assert survey.clip() == pytest.approx(np.percentile(addressed_volume, 99.0))
    assert survey.clip(50.0) == pytest.approx(np.percentile(addressed_volume, 50.0))


def test_clip_looks_only_at_live_finite_samples_that_are_not_zero(make_segy):
    trace = np.zeros(12)
    trace[3:7] = [-4.0, 2.0, np.nan, np.inf]
    survey = open_survey(make_segy(POSITIONS, traces=[trace] * 6))
    assert survey.clip(0.0) == 2.0
    assert survey.clip(100.0) == 4.0


def test_a_survey_of_zeros_has_a_clip_to_divide_by(make_segy):
    assert open_survey(make_segy(POSITIONS, traces=[np.zeros(12)] * 6)).clip() == 1.0


def test_the_most_negative_int8_counts(make_segy):
    traces = [np.full(12, -128)] * 6
    assert open_survey(make_segy(POSITIONS, traces=traces, format_code=8)).clip() == 128.0


def test_load_reads_a_box_or_everything(survey, addressed_volume):
    box = ((1, 4), (2, 5), (3, 11))
    assert np.array_equal(survey.load(), addressed_volume)
    assert np.array_equal(survey.load(box), addressed_volume[1:4, 2:5, 3:11])


def test_load_gives_float32_without_nan(make_segy):
    trace = np.array([np.nan, np.inf, -np.inf, *range(9)])
    survey = open_survey(make_segy(POSITIONS, traces=[trace] * 6))
    assert np.array_equal(survey.load()[1, 2], [0, 0, 0, *range(9)])
    integers = open_survey(make_segy(POSITIONS, format_code=3, name="integers.sgy"))
    assert integers.load().dtype == np.float32


def test_the_fingerprint_names_the_content(make_segy):
    one = make_segy(POSITIONS, name="one.sgy")
    same = make_segy(POSITIONS, name="same.sgy")
    other = make_segy(POSITIONS, traces=[np.ones(12)] * 6, name="other.sgy")
    prints = [open_survey(path).source.fingerprint for path in (one, same, other)]
    assert prints[0] == prints[1] != prints[2]


def test_the_source_opens_the_same_survey_again(survey):
    again = open_survey(survey.source.path, survey.source.reading)
    assert again.source == survey.source or again.source.path == survey.source.path
    assert again.source.fingerprint == survey.source.fingerprint
    assert np.array_equal(again.volume[:], survey.volume[:])
