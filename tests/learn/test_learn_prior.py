"""What is expected before the network looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.labels.prior.priors import Surfaces
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.prior import UNLIKELY, SurveyPrior

ORDER = (3, 1, 2)
SHAPE = (4, 6, 40)
BOX = ((1, 3), (0, 6), (5, 38))


def flat(upper, lower, spread=0.5):
    depths = np.array([upper, lower], np.float32)[:, None, None]
    samples = np.broadcast_to(depths, (2, *SHAPE[:2])).copy()
    return Surfaces(samples, np.full_like(samples, spread))


@pytest.fixture
def prior():
    return SurveyPrior(flat(12, 25), ORDER)


def test_probabilities_are_those_of_the_classes_between(prior):
    probabilities = np.exp(prior.log_probabilities(BOX))
    assert probabilities.shape == (3, 2, 6, 33)
    assert np.allclose(probabilities.sum(axis=0), 1, atol=3 * UNLIKELY)
    codes = probabilities.argmax(axis=0) + 1
    samples = np.arange(5, 38)
    expected = np.where(samples < 12, 3, np.where(samples < 25, 1, 2))
    assert (codes == expected).all()
    assert probabilities.min() >= 0.99 * UNLIKELY


def test_the_first_sample_below_is_as_far_from_the_boundary_as_the_last_above(prior):
    above, below = np.exp(prior.log_probabilities(((0, 1), (0, 1), (11, 13))))[2, 0, 0]
    assert above == pytest.approx(1 - below, abs=1e-3)


def test_a_wide_spread_is_unsure(prior):
    surfaces = replace(prior.surfaces, spread=np.full_like(prior.surfaces.spread, 6.0))
    unsure = SurveyPrior(surfaces, ORDER)
    assert unsure.log_probabilities(BOX).max() < prior.log_probabilities(BOX).max()


def test_a_block_brings_what_is_expected_beside_its_channels(prior, make_data):
    data, encoding = make_data(np.ones(SHAPE)), InputEncoding(0.0, 160.0)
    block, bare = data.block(BOX, encoding, prior), data.block(BOX, encoding)
    assert np.array_equal(block.expected, prior.log_probabilities(BOX))
    assert np.array_equal(block.channels, bare.channels)
    assert bare.expected is None
