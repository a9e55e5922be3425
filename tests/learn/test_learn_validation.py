"""Scores patch by patch are the scores of the whole volume's prediction."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.labels.prior.priors import Surfaces
from napari_hyperseg.learn.balance import BALANCES
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.gains import about_as_good
from napari_hyperseg.learn.metrics import confusion, scores_of
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.predictor import predict_box
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.learn.validation import Validation, held_out_boxes
from napari_hyperseg.net.hyperbolic import NetConfig

ENCODING = InputEncoding(0.0, 188.0, octaves=0)


@pytest.fixture
def labelled(make_labelled, random):
    codes = np.zeros((20, 70, 40), np.uint8)
    codes[8] = random.integers(0, 4, (70, 40))
    codes[:, 33, 10:] = random.integers(1, 4, (20, 30))
    return make_labelled(codes, random.normal(size=codes.shape))


@pytest.fixture
def model(make_model):
    return make_model(activation="tanh")


@pytest.mark.parametrize("voxels", [4096, 200_000])
def test_boxes_hold_every_held_out_label_once(labelled, voxels):
    count = np.zeros(labelled.data.shape, int)
    for _, ((i0, i1), (j0, j1), (k0, k1)) in held_out_boxes([labelled], voxels):
        count[i0:i1, j0:j1, k0:k1] += 1
    assert count.max() == 1
    scored = labelled.held_out_limits(whole(labelled.data.shape))[0] > 0
    assert scored.any()
    assert count[scored].all()


@pytest.mark.parametrize("voxels", [4096, 200_000])
def test_scores_are_those_of_the_whole(labelled, model, voxels):
    validation = Validation(model, [labelled], voxels)
    while not validation.finished:
        validation.advance()
    box = whole(labelled.data.shape)
    codes, _ = predict_box(model, labelled.data, box)
    expected = scores_of(confusion(labelled.held_out_limits(box)[0], codes, 3))
    scores = validation.verdict().scores
    assert scores.voxels == expected.voxels == labelled.held_out_voxels
    assert scores.pixel_accuracy == pytest.approx(expected.pixel_accuracy, abs=2e-3)
    assert scores.mean_iou == pytest.approx(expected.mean_iou, abs=2e-3)


def test_patches_come_in_the_same_order_each_time_spread_over_the_labels(
    make_labelled, model, random
):
    codes = np.zeros((20, 300, 40), np.uint8)
    codes[8] = random.integers(0, 4, (300, 40))
    labelled = make_labelled(codes, random.normal(size=codes.shape))
    first, again = (Validation(model, [labelled], 4096) for _ in range(2))
    first.advance()
    again.advance()
    assert 0 < first.verdict().scores.voxels < labelled.held_out_voxels
    assert first.verdict().scores == again.verdict().scores


def test_nothing_held_out_is_finished_at_once(make_labelled, model):
    codes = np.zeros((9, 9, 9), np.uint8)
    codes[0, 0] = 1
    validation = Validation(model, [make_labelled(codes)], 4096)
    assert validation.finished
    assert validation.verdict().scores.voxels == 0


@pytest.fixture
def layered(make_labelled):
    """Flat layers on one line; what is expected says that the boundary is two samples deeper."""
    codes = np.zeros((40, 320, 48), np.uint8)
    codes[20] = np.where(np.arange(48) < 24, 1, 2)
    labelled = make_labelled(codes, np.ones(codes.shape), n_classes=2)
    missing = np.full((1, 40, 320), 26, np.float32)
    labelled.held_out_prior = SurveyPrior(Surfaces(missing, np.full_like(missing, 0.5)), (1, 2))
    return labelled


@pytest.mark.parametrize("voxels", [4096, 200_000])
def test_boundaries_are_those_of_whole_traces_however_boxes_cut_them(layered, voxels):
    model = Model(Told(lambda times_ms: 0 * times_ms), ENCODING)
    validation = Validation(model, [layered], voxels)
    while not validation.finished:
        validation.advance()
    details = validation.verdict().details
    (only,) = details.boundaries
    assert only.traces == details.traces == layered.held_out.sum()
    assert (only.scores.mae_samples, only.scores.mae_ms, only.scores.coverage) == (2, 8, 1)
    assert details.confusion.tolist() == [
        [24 * only.traces, 0],
        [2 * only.traces, 22 * only.traces],
    ]
    assert sum(details.reliability.counts) == layered.held_out_voxels
    assert details.order_violations == 0


def validation_of(labelled, correct, before=0.0):
    """The validation of a network whose logits of class 1 are as told."""
    validation = Validation(Model(Told(correct), ENCODING, balance=before), [labelled], 4096)
    while not validation.finished:
        validation.advance()
    return validation


class Told(torch.nn.Module):
    """Stands in for a network: says of class 1 what it is told of a time."""

    config = NetConfig(in_channels=2, n_classes=2, width=8)

    def __init__(self, correct):
        super().__init__()
        self.correct = correct
        self.weight = torch.nn.Parameter(torch.zeros(()))

    def forward(self, channels):
        times_ms = 94.0 * (channels[:, 1] + 1)
        return torch.stack([self.correct(times_ms), 0 * times_ms], dim=1)


def test_a_network_that_only_harms_is_shut_out(layered):
    validation = validation_of(layered, lambda times_ms: -20 * (times_ms < 80).float())
    assert validation.verdict().balance == 0
    expected = layered.held_out_prior.log_probabilities(whole(layered.data.shape)).argmax(axis=0)
    truth = layered.held_out_limits(whole(layered.data.shape))[0]
    scores = validation.verdict().expected
    assert scores.pixel_accuracy == pytest.approx(np.mean((expected + 1 == truth)[truth > 0]))


def mend(times_ms):
    """Class 1 ends at sample 24; what is expected is two samples too deep."""
    return 20 * (times_ms < 95).float() - 20 * (times_ms > 95).float()


def test_a_network_that_mends_the_prior_counts(layered):
    verdict = validation_of(layered, mend).verdict()
    assert verdict.balance > 0
    assert verdict.scores.pixel_accuracy == 1
    assert verdict.expected.pixel_accuracy < 1


def test_one_stretch_of_the_labels_does_not_tell(layered):
    """It may be better there by chance."""
    layered.held_out[:, np.flatnonzero(layered.held_out.any(axis=0))[8:]] = False
    assert validation_of(layered, mend).verdict().balance == 0


def test_a_lower_loss_without_fewer_wrong_samples_is_not_enough(layered):
    verdict = validation_of(layered, lambda times_ms: 0.01 * mend(times_ms)).verdict()
    assert verdict.balance == 0


@pytest.mark.parametrize(
    ("share", "before", "counts"), [(1.0, 0, True), (0.2, 0, False), (0.2, 0.2, True)]
)
def test_stretches_have_to_agree_before_a_network_counts(layered, share, before, counts):
    """Much better on one of six and a little worse on the others is better by chance."""
    surfaces = layered.held_out_prior.surfaces
    patches = np.unique(np.flatnonzero(layered.held_out.any(axis=0)) // 8)
    missed = np.repeat(np.isin(np.arange(40), patches[: int(share * len(patches))]), 8)
    samples = np.where(missed, 32, 24) + np.zeros_like(surfaces.samples)
    layered.held_out_prior = SurveyPrior(Surfaces(samples, surfaces.spread), (1, 2))

    def too_deep_by_one(times_ms):
        return 5 * (times_ms < 99).float() - 5 * (times_ms > 99).float()

    verdict = validation_of(layered, too_deep_by_one, before).verdict()
    assert (verdict.balance > 0) == counts


@pytest.mark.parametrize(("before", "counts"), [(0, False), (0.2, True)])
def test_a_network_that_knows_nothing_by_itself_does_not_begin_to_count(layered, before, counts):
    """All is class 1 to it, but for the two samples that it mends; what is expected knows more."""

    def mend_alone(times_ms):
        near = (times_ms > 95) & (times_ms < 102)
        return torch.where(near, -20.0, 3.0)

    verdict = validation_of(layered, mend_alone, before).verdict()
    assert (verdict.balance > 0) == counts


@pytest.mark.parametrize(
    ("more", "good"),
    [
        ([0, 0, 0], True),
        ([-1, 0, 0], True),
        ([3, -2, 2, -2], True),
        ([5, -1, 3, -1], False),
        ([9, 0, 0, 0], False),
        ([1], False),
        ([0], True),
    ],
)
def test_a_smaller_share_that_is_as_good_by_chance_will_do(more, good):
    assert about_as_good(np.array(more)) == good


def test_of_shares_that_are_equally_good_the_least_counts(layered):
    validation = validation_of(layered, lambda times_ms: 5 * mend(times_ms))
    assert validation.verdict().scores.pixel_accuracy == 1
    assert validation.verdict().balance == BALANCES[1]


def test_a_network_that_misses_boundaries_by_more_is_shut_out(layered):
    """Though it is surer of all that is far from them, and its loss is less."""
    surfaces = layered.held_out_prior.surfaces
    unsure = Surfaces(surfaces.samples, np.full_like(surfaces.spread, 6.0))
    layered.held_out_prior = SurveyPrior(unsure, (1, 2))

    def at(sample):
        def say(times_ms):
            return torch.where(times_ms < 4 * sample - 2, 5.0, -5.0)

        return say

    assert validation_of(layered, at(24)).verdict().balance > 0
    assert validation_of(layered, at(29)).verdict().balance == 0


def test_a_network_that_counted_counts_no_more_when_it_is_worse(layered):
    worse = validation_of(layered, lambda times_ms: -mend(times_ms), before=0.5)
    assert worse.verdict().balance == 0
