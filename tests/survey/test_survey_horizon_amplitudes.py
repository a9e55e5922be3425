"""Amplitudes along a horizon, between samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.survey import horizon_amplitudes as module
from napari_hyperseg.survey.horizon_amplitudes import horizon_amplitudes
from napari_hyperseg.survey.survey import Survey


def test_on_samples_the_amplitude_is_the_sample(survey: Survey, addressed_volume):
    horizon = np.full((6, 5), 100.0 + 4 * 7)
    assert np.array_equal(horizon_amplitudes(survey, horizon), addressed_volume[:, :, 7])


@pytest.mark.parametrize("rows", [1, 4, 6])
def test_blocks_of_inlines_make_no_difference(survey: Survey, monkeypatch, rows: int):
    horizon = np.random.default_rng(0).uniform(104, 172, (6, 5))
    whole = horizon_amplitudes(survey, horizon)
    monkeypatch.setattr(module, "BLOCK_VALUES", rows * 5 * 20)
    assert np.array_equal(horizon_amplitudes(survey, horizon), whole)


def test_a_parabola_is_exact_between_samples(survey: Survey):
    samples = np.arange(20.0)
    volume = np.broadcast_to((samples - 8.3) ** 2, (6, 5, 20)).astype(np.float32)
    at = np.random.default_rng(1).uniform(1, 17, (6, 5))
    found = horizon_amplitudes(replace(survey, volume=volume), 100 + 4 * at)
    assert np.allclose(found, (at - 8.3) ** 2, rtol=0, atol=1e-4)


def test_gaps_dead_traces_and_what_leaves_the_survey_have_none(survey: Survey):
    live = np.ones((6, 5), bool)
    live[0, 0] = False
    survey = replace(survey, geometry=replace(survey.geometry, live=live))
    horizon = np.full((6, 5), 120.0)
    horizon[1, 1], horizon[2, 2], horizon[3, 3] = np.nan, 99.9, 176.1
    horizon[4, 4], horizon[5, 0] = 100, 176  # the first and the last sample
    found = horizon_amplitudes(survey, horizon)
    absent = {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert set(map(tuple, np.argwhere(np.isnan(found)))) == absent
    assert found[4, 4] == survey.volume[4, 4, 0]
    assert found[5, 0] == survey.volume[5, 0, 19]


def test_it_stops_when_it_is_told_to(survey: Survey):
    assert np.isnan(horizon_amplitudes(survey, np.full((6, 5), 120.0), lambda: True)).all()
