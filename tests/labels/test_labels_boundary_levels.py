"""Boundaries between samples: of curves of which the middle is known."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.boundary_levels import NEAR, boundary_levels


def curves(middles: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Classes 1 and 2, and confidence, of a logistic curve around each middle."""
    # Half a sample: a horizon belongs to the sample nearest to it.
    depth = np.arange(30) - (middles[..., None] - 0.5)
    below = 1 / (1 + np.exp(-depth / scale))
    codes = np.where(below > 0.5, 2, 1).astype(np.uint8)
    return codes, np.rint(100 * np.maximum(below, 1 - below)).astype(np.uint8)


MIDDLES = np.array([[10.0, 10.3, 12.49], [15.51, 17.9, 20.2]])


@pytest.mark.parametrize("scale", [0.4, 0.8, 2.0])
def test_the_middle_is_found_between_samples(scale):
    samples, _ = boundary_levels(*curves(MIDDLES, scale), 1)
    assert samples == pytest.approx(MIDDLES, abs=0.03 * scale + 0.01)


@pytest.mark.parametrize("scale", [0.8, 2.0, 5.0])
def test_it_is_as_sure_as_the_curve_is_steep(scale):
    """Of a logistic distribution, tanh(x / 2 scale) lies within x of the middle."""
    _, sure = boundary_levels(*curves(MIDDLES, scale), 1)
    assert sure == pytest.approx(np.tanh(NEAR / (2 * scale)) + 0 * MIDDLES, abs=0.04)


def test_a_boundary_that_is_certain_lies_where_the_labels_would():
    codes = np.ones((1, 1, 20), np.uint8)
    codes[..., 7:] = 2
    samples, sure = boundary_levels(codes, np.full_like(codes, 100), 1)
    assert samples.tolist() == [[7.0]]
    assert sure[0, 0] > 0.99


def test_where_there_is_no_boundary_nothing_is_found():
    codes = np.ones((1, 2, 20), np.uint8)
    codes[0, 1] = 0
    samples, sure = boundary_levels(codes, np.full_like(codes, 80), 1)
    assert np.isnan(samples).all()
    assert np.isnan(sure).all()


def test_a_coin_that_was_tossed_divides_by_nothing():
    codes = np.repeat(np.array([1, 2], np.uint8), 10)[None, None]
    samples, sure = boundary_levels(codes, np.full_like(codes, 34), 1)
    assert samples.tolist() == [[10.0]]
    assert 0 < sure[0, 0] < 0.05
