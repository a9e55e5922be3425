"""What is done to a block, each for itself."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn.augmentation import turned, with_phase


def test_a_quarter_turn_of_the_phase_makes_cosines_sines():
    t = np.arange(200, dtype=np.float32)
    wave = np.broadcast_to(np.cos(2 * np.pi * t / 20), (2, 3, 200)).astype(np.float32)
    for degrees in (0.0, 15.0, -90.0, 180.0):
        expected = np.cos(2 * np.pi * t / 20 + np.radians(degrees))
        found = with_phase(wave, degrees)
        assert found.dtype == np.float32
        assert found == pytest.approx(np.broadcast_to(expected, wave.shape), abs=1e-4)


@pytest.mark.parametrize("n_samples", [1, 2, 7])
def test_the_shortest_traces_have_a_phase(n_samples):
    assert np.isfinite(with_phase(np.ones((2, 2, n_samples), np.float32), 15.0)).all()


def test_line_directions_are_flipped_and_exchanged_in_all_arrays():
    block = np.arange(24).reshape(2, 3, 4)
    assert np.array_equal(turned((block,), (True, False), exchange=False)[0], block[::-1])
    assert np.array_equal(turned((block,), (False, True), exchange=False)[0], block[:, ::-1])
    one, other = turned((block, block[None]), (True, True), exchange=True)
    assert np.array_equal(one, block[::-1, ::-1].swapaxes(0, 1))
    assert np.array_equal(other[0], one)
