"""What is expected before the network looks, and what training makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.labels.order import ranks_of
from napari_hyperseg.labels.prior.priors import Priors, Surfaces
from napari_hyperseg.labels.rank_limits import exact_ranks, exactly
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.prior import SURE, UNLIKELY, WEAK, SurveyPrior, TrainingPriors
from napari_hyperseg.learn.sampling import PRIOR_UNKNOWN, Sampler

ORDER = (3, 1, 2)
SHAPE = (4, 6, 40)
BOX = ((1, 3), (0, 6), (5, 38))
WORTH = np.full((2, 6, 33), 0.5, np.float32)


def flat(upper, lower, spread=0.5):
    depths = np.array([upper, lower], np.float32)[:, None, None]
    samples = np.broadcast_to(depths, (2, *SHAPE[:2])).copy()
    return Surfaces(samples, np.full_like(samples, spread))


@pytest.fixture
def prior():
    return SurveyPrior(flat(12, 25), ORDER)


@pytest.fixture
def training():
    fold_of = np.zeros(SHAPE[:2], np.uint8)
    fold_of[1, :3], fold_of[1, 3:] = 1, 2
    return TrainingPriors(Priors(flat(12, 25), {1: flat(10, 25), 2: flat(12, 28)}, fold_of), ORDER)


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
    assert unsure.features(BOX)[-1].max() < prior.features(BOX)[-1].max()


def test_features_tell_how_deep_inside_each_class(prior):
    features = prior.features(BOX)
    assert features.shape == (4, 2, 6, 33)
    depth = features[:3].argmax(axis=0) + 1
    assert np.array_equal(depth, prior.log_probabilities(BOX).argmax(axis=0) + 1)
    assert np.abs(features).max() <= 1
    assert (np.diff(features[1], axis=-1) >= 0).all()  # class 2 is the deepest


def test_an_untouched_wave_would_give_the_prior(prior, make_data):
    """The network's logits begin as the features: with the offsets they are the prior's."""
    data = make_data(np.zeros(SHAPE))
    block = data.block(BOX, InputEncoding(0.0, 160.0, prior_classes=3), prior)
    logits = block.channels[:3] + block.offsets
    assert np.allclose(logits, prior.log_probabilities(BOX), atol=1e-5)


def test_without_a_prior_its_place_is_empty(make_data):
    data = make_data(np.ones(SHAPE))
    encoding = InputEncoding(0.0, 160.0, prior_classes=3)
    block = data.block(BOX, encoding)
    assert block.channels.shape[0] == encoding.n_channels == 4 + 2 + 2 * encoding.octaves
    assert not block.channels[:4].any()
    assert block.offsets is None
    bare = data.block(BOX, replace(encoding, prior_classes=0))
    assert bare.offsets is None
    assert np.array_equal(block.channels[4:], bare.channels)


def test_targets_are_the_labels_of_the_fold_and_what_is_sure_elsewhere(training):
    limits = np.zeros((2, 2, 6, 33), np.uint8)
    limits[:, 0] = [[[2]], [[3]]]
    found, weights = training.targets(BOX, limits, WORTH, 1)
    assert (found[:, 0, :3] == [[[2]], [[3]]]).all()
    assert not found[0, 0, 3:].any()  # of the other fold: the prior knows them
    log = training.whole.log_probabilities(BOX)[:, 1]
    sure = log.max(axis=0) > np.log(SURE)
    assert np.array_equal(found[0, 1] > 0, sure)
    expected = ranks_of(ORDER)[log.argmax(axis=0) + 1]
    assert np.array_equal(exact_ranks(found[:, 1])[sure], expected[sure])
    assert (weights[0, :3] == 0.5).all()
    assert (weights[1] == np.float32(WEAK)).all()


def test_folds_beyond_those_there_are_expect_nothing(training):
    assert training.without(3) is None
    assert training.without(2).surfaces is training.priors.folds[2]


def test_labels_that_no_prior_knows_are_expected_by_the_whole_one(training):
    assert training.without(0).surfaces is training.priors.whole
    limits = np.full((2, 2, 6, 33), 2, np.uint8)
    for fold in (0, 1):
        found, weights = training.targets(BOX, limits, WORTH, fold)
        assert (found[:, 1] == 2).all()  # labelled since: whatever the fold, no prior knows them
        assert (weights[1] == 0.5).all()


def test_what_is_sure_elsewhere_does_not_know_what_is_held_out(training):
    blind = replace(training, held_out=2)
    limits = exactly(np.zeros((2, 6, 33), np.uint8))
    found = [priors.targets(BOX, limits, WORTH, 1)[0] for priors in (training, blind)]
    at_25 = [exact_ranks(one)[1, 0, 25 - 5] for one in found]
    assert at_25 == [0, 2]  # too near to the whole prior's boundary at 25; far above 28


def test_batches_hold_what_is_expected_without_their_fold(training, make_labelled):
    codes = np.zeros(SHAPE, np.uint8)
    codes[1] = np.where(np.arange(40) < 12, 3, np.where(np.arange(40) < 25, 1, 2))
    labelled = make_labelled(codes, order=ORDER)
    labelled.priors = training
    encoding = InputEncoding(0.0, 160.0, prior_classes=3)
    sampler = Sampler([labelled], encoding, (2, 3, 40), 1, np.random.default_rng(0))
    unknown = 0
    for _ in range(100):
        batch = sampler.draw()
        assert batch.offsets.shape == (1, 3, *batch.limits[:, 0].shape[1:])
        assert batch.weights.shape == batch.limits[:, 0].shape
        if not batch.channels[:, :4].any():
            unknown += 1
            assert not batch.offsets.any()
            continue
        depths = (batch.channels[0, 0] > batch.channels[0, 2]).sum(dim=-1)  # above class 1 or in it
        assert len(depths.unique()) == 1
    assert 0 < unknown < 4 * 100 * PRIOR_UNKNOWN
