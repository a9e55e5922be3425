"""Tracking follows events that are known exactly: dipping, faulted, between samples."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.paths import TEMPERATURE, certainty
from napari_hyperseg.labels.tracking.section import track_section
from napari_hyperseg.labels.tracking.volume import track_volume
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.opening import open_survey

NAN = np.nan
N_SAMPLES = 200


def ricker(distance: np.ndarray) -> np.ndarray:
    """A Ricker wavelet of 8 samples from trough to trough."""
    squared = (np.pi * distance / 10) ** 2
    return (1 - 2 * squared) * np.exp(-squared)


def layered(positions: np.ndarray, seed: int = 0) -> np.ndarray:
    """Traces of a strong peak at positions, and of weaker layers parallel to it."""
    random = np.random.default_rng(seed)
    depth = np.arange(N_SAMPLES) - positions[..., None]
    traces = ricker(depth)
    for offset in range(-80, 81, 13):
        if offset:
            traces += random.uniform(-0.6, 0.6) * ricker(depth - offset)
    return traces.astype(np.float32)


def folded(n: int = 120) -> np.ndarray:
    x = np.arange(n)
    return 90 + 12 * np.sin(x / 19) + 0.13 * x


@pytest.mark.parametrize(
    ("event", "where"),
    [(Event.PEAK, 0), (Event.TROUGH, 5.5), (Event.RISING, -3), (Event.FALLING, 3)],
)
def test_events_are_found_between_samples(event: Event, where: float):
    positions = 60 + np.linspace(0, 1, 21)
    traces = ricker(np.arange(N_SAMPLES) - positions[:, None])
    found = snap(traces, positions + where, event, 4)
    assert np.isfinite(found).all()
    assert np.ptp(found - positions) < 0.1


def test_where_there_is_no_event_nothing_is_found():
    assert np.isnan(snap(np.zeros((3, 50)), [10, 20, NAN], Event.PEAK, 5)).all()


@pytest.mark.parametrize("seed_at", [0, 60, 119])
def test_from_one_seed_a_fold_is_followed_to_a_tenth_of_a_sample(seed_at: int):
    positions = folded()
    seeds = np.full(120, NAN)
    seeds[seed_at] = positions[seed_at]
    track = track_section(layered(positions), seeds, TrackingOptions())
    assert np.abs(track.samples - positions).max() < 0.1
    assert track.quality.min() > 0.8


def test_between_seeds_a_fault_is_crossed():
    positions = folded()
    positions[60:] += 9.4
    seeds = np.full(120, NAN)
    seeds[[5, 110]] = positions[[5, 110]]
    track = track_section(layered(positions), seeds, TrackingOptions())
    error = np.abs(track.samples - positions)
    assert np.median(error) < 0.2
    assert (error > 1).sum() <= 8


def test_seeds_are_honoured_even_off_the_event():
    positions = folded()
    seeds = np.full(120, NAN)
    seeds[[20, 80]] = positions[[20, 80]] + (0.37, -1.61)
    track = track_section(layered(positions), seeds, TrackingOptions())
    assert track.samples[[20, 80]].tolist() == seeds[[20, 80]].tolist()


def test_tracking_stops_where_the_event_ends():
    positions = folded()
    section = layered(positions)
    section[80:] = np.random.default_rng(1).standard_normal((40, N_SAMPLES))
    seeds = np.full(120, NAN)
    seeds[10] = positions[10]
    found = track_section(section, seeds, TrackingOptions(threshold=0.6)).samples
    assert np.isfinite(found[:78]).all()
    assert np.isnan(found[90:]).all()


def test_dead_traces_do_not_break_it():
    positions = folded()
    section = layered(positions)
    section[40:44] = 0
    section[70] = NAN
    seeds = np.full(120, NAN)
    seeds[10] = positions[10]
    found = track_section(section, seeds, TrackingOptions()).samples
    assert np.abs(found - positions)[76:].max() < 0.2


def test_without_a_seed_nothing_is_tracked():
    track = track_section(np.ones((9, 50)), np.full(9, NAN), TrackingOptions())
    assert np.isnan(track.samples).all()


def surface(shape: tuple[int, int] = (24, 30)) -> np.ndarray:
    i, j = np.indices(shape)
    return 80 + 5 * np.sin(i / 9) + 7 * np.cos(j / 11) + 0.2 * i


@pytest.mark.parametrize(
    "picked",
    [
        (slice(None), [2, 27]),
        ([3], slice(None)),
        ([12], [15]),
        ([5, 20], slice(4, 9)),
    ],
    ids=["two crosslines", "one inline", "one seed", "strokes"],
)
def test_a_volume_is_tracked_from_whatever_is_picked(picked):
    positions = surface()
    picks = np.full(positions.shape, NAN)
    picks[picked] = positions[picked]
    shares: list[float] = []
    track = track_volume(layered(positions), picks, TrackingOptions(), shares.append)
    assert track is not None
    assert np.abs(track.samples - positions).max() < 1
    assert np.abs(track.samples - positions).mean() < 0.2
    assert np.array_equal(track.samples[picked], positions[picked])
    assert 0 <= track.confidence.min() <= track.confidence.max() <= 1
    assert shares == sorted(shares)


def test_a_tracking_can_be_stopped():
    picks = np.full((24, 30), NAN)
    picks[3, 3] = 80.0
    stopped = track_volume(layered(surface()), picks, TrackingOptions(), wanted=lambda: False)
    assert stopped is None


@pytest.mark.parametrize("steepest", [None, 1])
def test_certainty_is_the_share_of_all_paths_that_are_near(steepest: int | None):
    costs = np.random.default_rng(3).normal(0, 0.3, (1, 4, 5)).astype(np.float32)
    path = np.array([[2, 3, 1, 0]])
    every = np.array(list(product(range(5), repeat=4)))
    jumps = np.abs(np.diff(every, axis=1, prepend=2))
    total = costs[0, np.arange(4), every].sum(axis=1) + 0.15 * jumps.sum(axis=1)
    likely = np.exp(-total / TEMPERATURE)
    if steepest is not None:
        likely[(jumps > steepest).any(axis=1)] = 0
    near = np.abs(every - path) <= 1
    expected = (likely[:, None] * near).sum(axis=0) / likely.sum()
    found = certainty(costs, path, 0.15, begin=2, steepest=steepest)
    assert found[0] == pytest.approx(expected)


def test_between_two_events_alike_confidence_is_low():
    """A peak that forks into two of its kind, 10 samples apart, between picks on either side."""
    depth = np.arange(N_SAMPLES)
    volume = np.tile(ricker(depth - 90), (6, 60, 1))
    volume[:, 20:40] = ricker(depth - 85) + ricker(depth - 95)
    picks = np.full((6, 60), NAN)
    picks[:, [0, 59]] = 90
    track = track_volume(volume, picks, TrackingOptions())
    assert track is not None
    assert track.confidence[:, 25:35].max() < 0.6
    assert track.confidence[:, 1:15].min() > 0.9


@pytest.mark.slow
def test_penobscot_west_is_tracked_as_it_was_interpreted(shared_data: Path):
    """From crosslines 1002, 1116 and 1230, in samples of the interpretation, which are whole."""
    survey = open_survey(shared_data / "penobscot_west.sgy")
    geometry = survey.geometry
    lines = [geometry.crossline_index(number) for number in (1002, 1116, 1230)]
    means, shares = [], []
    for k in range(1, 8):
        told = read_horizon_file(shared_data / f"penobscot_west_H{k}.txt", geometry).values
        truth = (told - geometry.start_ms) / geometry.sample_interval_ms
        picks = np.full(truth.shape, NAN)
        picks[:, lines] = truth[:, lines]
        options = TrackingOptions(event=Event.NONE, threshold=-1)
        track = track_volume(survey.volume, picks, options)
        assert track is not None
        error = np.abs(np.rint(track.samples) - truth)
        error[:, lines] = NAN
        means.append(np.nanmean(error))
        shares.append(np.mean(error[np.isfinite(error)] <= 1))
    assert np.mean(means) <= 0.54
    assert np.mean(shares) >= 0.93
