"""What is done to a block, each for itself."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn.augmentation import Stretch, turned, with_phase


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


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.25])
def test_a_stretch_moves_what_lies_away_from_the_fixed_sample(factor):
    stretch = Stretch(40, factor, 10)
    ramp = np.broadcast_to(np.arange(40, dtype=np.float32), (2, 3, 40))
    expected = 10 + (np.arange(40) - 10) / factor
    inside = (expected >= 0) & (expected <= 39)
    assert np.array_equal(stretch.outside, ~inside)
    assert stretch.between(ramp)[1, 2, inside] == pytest.approx(expected[inside], abs=1e-5)
    assert stretch.between(ramp)[0, 0, ~inside] == pytest.approx(expected[~inside].clip(0, 39))
    nearest = stretch.nearest(ramp.astype(np.uint8), 255)
    assert np.array_equal(nearest[0, 0, inside], np.rint(expected[inside]))
    assert (nearest[..., ~inside] == 255).all()
    assert nearest[0, 0, 10] == 10


def test_without_a_stretch_nothing_changes(random):
    values = random.normal(size=(2, 3, 9)).astype(np.float32)
    stretch = Stretch(9, 1.0, 4)
    assert np.array_equal(stretch.between(values), values)
    assert np.array_equal(stretch.nearest(values, 0), values)
    assert values.base is None  # it was not written into
    assert Stretch(1, 1.04, 0).between(np.ones((1, 1, 1), np.float32)) == 1


def test_line_directions_are_flipped_and_exchanged_in_all_arrays():
    block = np.arange(24).reshape(2, 3, 4)
    assert np.array_equal(turned((block,), (True, False), exchange=False)[0], block[::-1])
    assert np.array_equal(turned((block,), (False, True), exchange=False)[0], block[:, ::-1])
    one, other = turned((block, block[None]), (True, True), exchange=True)
    assert np.array_equal(one, block[::-1, ::-1].swapaxes(0, 1))
    assert np.array_equal(other[0], one)
