"""Channels come in ms and in clips, so a model carries over to another survey."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn.encoding import AMPLITUDE_LIMIT, InputEncoding
from napari_hyperseg.learn.fresh import encoding_for


@pytest.fixture
def encoding():
    return InputEncoding(100.0, 500.0)


def test_surveys_with_another_start_and_sampling_agree_where_the_time_is_the_same(
    encoding, make_data, random
):
    fine = random.normal(size=(2, 3, 101)).astype(np.float32)
    at_4_ms = make_data(fine, start_ms=100, interval_ms=4)
    at_8_ms = make_data(fine[:, :, 5::2], start_ms=120, interval_ms=8)
    at_4_ms.clip = at_8_ms.clip = 1.5
    whole = at_4_ms.block(((0, 2), (0, 3), (0, 101)), encoding).channels
    part = at_8_ms.block(((0, 2), (0, 3), (0, 48)), encoding).channels
    assert np.array_equal(part, whole[..., 5::2])


def test_a_block_has_the_channels_that_it_has_in_the_whole(encoding, make_data, random):
    data = make_data(random.normal(size=(6, 7, 50)))
    whole = data.block(((0, 6), (0, 7), (0, 50)), encoding).channels
    part = data.block(((1, 4), (2, 7), (11, 30)), encoding).channels
    assert part.dtype == np.float32
    assert np.array_equal(part, whole[:, 1:4, 2:7, 11:30])


def test_amplitude_is_in_clips_and_spikes_are_cut(encoding):
    amplitude = np.array([[[-1e9, -300, 0, 150, 450]]], np.float32)
    channel = encoding.encode(amplitude, 300.0, np.linspace(100, 500, 5))[0]
    assert channel.tolist() == [[[-AMPLITUDE_LIMIT, -1, 0, 0.5, 1.5]]]


def test_time_runs_from_minus_one_to_one_and_all_channels_are_bounded(encoding):
    times_ms = np.linspace(100, 500, 41)
    channels = encoding.encode(np.zeros((1, 1, 41), np.float32), 1.0, times_ms)
    assert len(channels) == encoding.n_channels
    assert channels[1, 0, 0, [0, 20, 40]] == pytest.approx([-1, 0, 1])
    assert np.abs(channels).max() <= 1 + 1e-6


def test_every_time_has_its_own_channels(encoding):
    channels = encoding.encode(np.zeros((1, 1, 400), np.float32), 1.0, np.linspace(100, 500, 400))
    differences = np.abs(np.diff(channels[:, 0, 0])).max(axis=0)
    assert (differences > 0).all()


def test_a_new_encoding_spans_every_survey(make_data):
    shallow = make_data(np.zeros((1, 1, 50)), start_ms=0, interval_ms=4).geometry
    deep = make_data(np.zeros((1, 1, 200)), start_ms=1000, interval_ms=2).geometry
    encoding = encoding_for([shallow, deep])
    assert (encoding.start_ms, encoding.stop_ms) == (0, 1398)
    single = encoding_for([make_data(np.zeros((1, 1, 1))).geometry])
    assert single.stop_ms > single.start_ms
