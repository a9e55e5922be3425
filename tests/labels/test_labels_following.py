"""Labels are moved down their traces, and follow the seismic from section to section."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from napari_hyperseg.labels.following import REACH, following_shifts, near_boundaries, trace_shifts
from napari_hyperseg.labels.shifting import shifted
from napari_hyperseg.survey.synthetic import make_synthetic

N_TRACES, N_SAMPLES = 60, 200


def smooth_noise(seed: int, n_samples: int = N_SAMPLES + 100) -> np.ndarray:
    """Reflections that go on sideways, about ten samples a wavelength."""
    noise = np.random.default_rng(seed).normal(size=(N_TRACES, n_samples))
    return gaussian_filter(noise, (6, 2)) - gaussian_filter(noise, (6, 4))


def moved_down(section: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Shift each trace by a part of samples, too, and cut out the middle."""
    samples = np.arange(section.shape[1])
    traces = [np.interp(samples - d, samples, t) for t, d in zip(section, shifts, strict=True)]
    return np.array(traces)[:, 50:-50]


def everything(section: np.ndarray) -> np.ndarray:
    return np.ones(section.shape, bool)


def test_labels_move_down_and_nothing_comes_from_outside():
    codes = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [1, 1, 2, 2]], np.uint8)
    moved = shifted(codes, np.array([1, -2, 0]))
    assert moved.tolist() == [[0, 1, 2, 3], [7, 8, 0, 0], [1, 1, 2, 2]]
    assert moved.dtype == np.uint8
    assert not shifted(codes, np.array([9, -9, 4])).any()


@pytest.mark.parametrize("shift", [-6.0, -2.5, 0.0, 1.0, 4.4])
def test_a_shift_of_the_whole_section_is_found(shift):
    section = smooth_noise(1)
    still = np.zeros(N_TRACES)
    one, other = moved_down(section, still), moved_down(section, still + shift)
    found = trace_shifts(one, other, everything(one))
    assert np.abs(found - shift).max() < 0.3


def test_a_dip_that_changes_along_the_section_is_found():
    section = smooth_noise(2)
    dip = 5 * np.sin(np.linspace(0, 3, N_TRACES))
    one, other = moved_down(section, 0 * dip), moved_down(section, dip)
    found = trace_shifts(one, other, everything(one))
    assert np.abs(found - dip).max() < 0.7
    assert np.abs(np.diff(found)).max() < 1


def test_dead_traces_follow_their_neighbours():
    section = smooth_noise(3)
    one, other = (
        moved_down(section, np.zeros(N_TRACES)),
        moved_down(section, np.full(N_TRACES, 3.0)),
    )
    other[20:24] = np.nan
    one[40] = 0
    found = trace_shifts(one, other, everything(one))
    assert np.abs(found - 3).max() < 0.3


def test_where_nothing_is_alike_nothing_moves():
    one, other = (np.random.default_rng(seed).normal(size=(40, 400)) for seed in (4, 5))
    assert not trace_shifts(one, other, everything(one)).any()
    assert not trace_shifts(0 * one, 0 * other, everything(one)).any()
    single = np.ones((5, 1))
    assert not trace_shifts(single, single, everything(single)).any()


def test_the_neighbourhood_of_boundaries_decides():
    """Above and below the boundary events move apart; the labels go with their boundary."""
    section = smooth_noise(6)
    still = np.zeros(N_TRACES)
    one = moved_down(section, still)
    codes = np.ones(one.shape, np.uint8)
    codes[:, 60:] = 2
    other = np.concatenate(
        [moved_down(section, still + 4)[:, :100], moved_down(section, still - 4)[:, 100:]], axis=1
    )
    assert following_shifts([one, other], codes).tolist() == [4] * N_TRACES


def test_samples_near_a_change_of_class_count():
    codes = np.zeros((2, 100), np.uint8)
    codes[0, 50:] = 3
    near = near_boundaries(codes)
    assert np.flatnonzero(near[0]).tolist() == list(range(38, 63))
    assert near[1].all()


def test_shifts_add_up_over_several_lines():
    section = smooth_noise(7)
    sections = [moved_down(section, np.full(N_TRACES, 3.0 * n)) for n in range(6)]
    codes = np.ones(sections[0].shape, np.uint8)
    codes[:, 80:] = 2
    assert REACH < 15
    assert following_shifts(sections, codes).tolist() == [15] * N_TRACES
    assert following_shifts(sections[::-1], codes).tolist() == [-15] * N_TRACES


def test_followed_labels_fit_better_than_copied_ones():
    made = make_synthetic((12, 48, 96), seed=3)
    lines = np.asarray(made.amplitude)
    copied, followed = [], []
    for first in range(6):
        codes, truth = made.facies[first], made.facies[first + 5]
        moved = shifted(codes, following_shifts(list(lines[first : first + 6]), codes))
        copied.append(np.mean(codes == truth))
        followed.append(np.mean((moved == truth)[moved > 0]))
    assert np.mean(followed) > np.mean(copied) + 0.03
