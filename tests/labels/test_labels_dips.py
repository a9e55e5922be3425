"""Dips of reflectors, and surfaces that follow them."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.prior.dips import Dips, section_dips
from napari_hyperseg.labels.prior.flattening import follow_dips

NO_TIES = np.empty((0, 2, 2), np.intp)
SHAPE = (60, 80)


def dipping(slope, shape=SHAPE):
    """Reflectors that fall so many samples a trace."""
    traces, samples = np.indices(shape)
    return np.cos((samples - slope * traces) / 1.6).astype(np.float32)


@pytest.mark.parametrize("slope", [-1.5, -0.3, 0.0, 0.7, 2.0])
def test_the_dip_of_plane_reflectors(slope):
    dip, plane = section_dips(dipping(slope))
    inside = np.s_[8:-8, 16:-16]
    assert np.abs(dip[inside] - slope).max() < 0.08 * max(1, abs(slope))
    assert plane[inside].min() > 0.9


def test_noise_and_silence_have_no_direction():
    noise = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    assert np.median(section_dips(noise)[1]) < 0.1
    dip, plane = section_dips(np.zeros(SHAPE, np.float32))
    assert not dip.any()
    assert not plane.any()


def test_dips_are_known_along_each_axis():
    i, j, k = np.indices((40, 50, 60))
    volume = np.cos((k - 0.5 * i + 0.25 * j) / 1.6).astype(np.float32)
    dips = Dips(volume, (0, 1))
    surface = 30 + 0 * volume[..., 0].astype(float)
    for axis, slope in ((0, 0.5), (1, -0.25)):
        dip, plane = dips.along(axis, surface)
        assert np.abs(dip - slope)[8:-8, 8:-8].max() < 0.06
        assert plane[8:-8, 8:-8].min() > 0.9
    assert not dips.along(0, surface + 100)[1].any()


def test_a_surface_follows_reflectors_from_its_picks():
    traces = np.arange(200)
    truth = 60 + 15 * np.sin(traces / 25)
    section = np.cos((np.arange(120) - truth[:, None]) / 1.6)[None].astype(np.float32)
    picks = np.full((1, 200), np.nan)
    picks[0, [20, 60]] = truth[[20, 60]]
    beginning = np.full((1, 200), np.nanmean(picks))
    found = follow_dips(Dips(section, (1,)), picks, beginning, NO_TIES)
    assert np.abs(found[0] - truth).max() < 1.5
    assert np.allclose(found[0, [20, 60]], truth[[20, 60]], atol=0.01)


def test_a_line_without_picks_follows_from_its_crossing():
    volume = np.stack([dipping(0.5, (80, 100)), dipping(-0.25, (80, 100))])
    picks = np.full((2, 80), np.nan)
    picks[0, 0] = 40.0
    ties = np.array([[[0, 40], [1, 10]]])
    found = follow_dips(Dips(volume, (1,)), picks, np.full((2, 80), 40.0), ties)
    assert np.abs(found[0] - (40 + 0.5 * np.arange(80))).max() < 1.5
    assert np.abs(found[1] - (60 - 0.25 * (np.arange(80) - 10))).max() < 1.5


def test_where_nothing_is_known_it_stays_where_it_begins():
    volume = np.zeros((1, 20, 50), np.float32)
    beginning = np.full((1, 20), 17.0)
    found = follow_dips(Dips(volume, (1,)), np.full((1, 20), np.nan), beginning, NO_TIES)
    assert np.allclose(found, beginning)
