"""Boxes predicted one by one are the prediction of the whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.prior.priors import Surfaces
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.boxes import section, tiles, whole
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.predictor import block_around, predict_box
from napari_hyperseg.learn.prior import SurveyPrior

SHAPE = (25, 22, 41)


@pytest.fixture
def data(make_data, random):
    return make_data(random.normal(size=SHAPE), interval_ms=2.5)


@pytest.fixture
def model(make_model):
    """Sees no further than the halo: one layer on the coarse grid, a reach of five samples."""
    model = make_model(activation="tanh")
    for kernel in model.net.kernels:
        kernel.data *= 4
    return model


@pytest.mark.parametrize(
    "boxes",
    [
        tiles(SHAPE, (7, 9, 13)),
        tiles(SHAPE, (8, 8, 8)),
        [section(SHAPE, axis, index) for axis, index in [(0, 11), (1, 3), (2, 40), (2, 17)]],
    ],
    ids=["odd tiles", "even tiles", "sections"],
)
def test_boxes_agree_with_the_whole(model, data, boxes):
    codes, confidence = predict_box(model, data, whole(SHAPE))
    assert len(np.unique(codes)) == 3
    for box in boxes:
        part, sure = predict_box(model, data, box)
        assert (part == codes[slices(box)]).mean() > 0.999
        assert np.abs(sure.astype(int) - confidence[slices(box)]).max() <= 1


def test_where_the_halo_covers_the_reach_of_the_network_it_is_exact(model, make_data, random):
    shape = (30, 30, 100)
    data = make_data(random.normal(size=shape))
    everything, _ = block_around(model, data, whole(shape))
    expected = model.evidence(everything)
    seen = set()
    for box in tiles(shape, (10, 10, 34)):
        block, core = block_around(model, data, box)
        seen.add(block.channels.shape[1:])
        found = model.evidence(block)[core]
        torch.testing.assert_close(found, expected[(..., *slices(box))], rtol=1e-4, atol=1e-5)
    assert min(seen) < (20, 20, 60)


def test_sides_of_boundaries_agree_with_the_whole(model, data):
    *_, whole_below = predict_box(model, data, whole(SHAPE), order=(1, 2, 3))
    assert whole_below.shape == (2, *SHAPE)
    for box in tiles(SHAPE, (8, 8, 8)):
        *_, part = predict_box(model, data, box, order=(1, 2, 3))
        difference = part.astype(int) - whole_below[(..., *slices(box))]
        assert np.abs(difference).max() <= 2


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("layered", [True, False])
def test_a_prediction_keeps_to_labels(model, data, tmp_path, balance, layered):
    """Whatever is expected there; beside them it is as it would be without."""
    facies = FaciesLabels.create(tmp_path / "facies.npy", SHAPE)
    facies.codes[10, 4:12, 15:30] = 1
    labels = SurveyLabels(SHAPE, (1, 2, 3), facies)
    prior = None
    if layered:
        found = np.full((2, *SHAPE[:2]), [[[10]], [[25]]], np.float32)
        prior = SurveyPrior(Surfaces(found, np.full_like(found, 1.0)), (1, 2, 3))
    model.balance = balance
    without, _ = predict_box(model, data, whole(SHAPE), prior=prior)
    box = ((8, 13), (2, 14), (0, 41))
    codes, confidence = predict_box(model, data, box, prior=prior, labels=labels)
    assert (codes[2, 2:10, 15:30] == 1).all()
    assert (confidence[2, 2:10, 15:30] == 100).all()
    others = np.delete(codes, 2, axis=0), np.delete(without[slices(box)], 2, axis=0)
    assert (others[0] == others[1]).mean() > 0.999
    if layered:
        assert (codes[2, 2:10, :15] == 1).all()  # in order above the label, too


def test_a_line_is_predicted_too(model, make_data, random):
    data = make_data(random.normal(size=(1, 40, 30)))
    codes, confidence = predict_box(model, data, ((0, 1), (5, 30), (0, 30)))
    assert codes.shape == confidence.shape == (1, 25, 30)
    assert codes.min() >= 1
