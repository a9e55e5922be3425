"""Scores patch by patch are the scores of the whole volume's prediction."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.metrics import confusion, scores_of
from napari_hyperseg.learn.predictor import predict_box
from napari_hyperseg.learn.validation import Validation, held_out_boxes


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
    scored = labelled.held_out_codes(whole(labelled.data.shape)) > 0
    assert scored.any()
    assert count[scored].all()


@pytest.mark.parametrize("voxels", [4096, 200_000])
def test_scores_are_those_of_the_whole(labelled, model, voxels):
    validation = Validation(model, [labelled], voxels)
    while not validation.finished:
        validation.advance()
    box = whole(labelled.data.shape)
    codes, _ = predict_box(model, labelled.data, box)
    expected = scores_of(confusion(labelled.held_out_codes(box), codes, 3))
    scores = validation.scores()
    assert scores.voxels == expected.voxels == labelled.held_out_voxels
    assert scores.pixel_accuracy == pytest.approx(expected.pixel_accuracy, abs=2e-3)
    assert scores.mean_iou == pytest.approx(expected.mean_iou, abs=2e-3)


def test_patches_come_in_the_same_order_each_time_spread_over_the_labels(labelled, model):
    first, again = (Validation(model, [labelled], 4096) for _ in range(2))
    for _ in range(2):
        first.advance()
        again.advance()
    assert 0 < first.scores().voxels < labelled.held_out_voxels
    assert first.scores() == again.scores()


def test_nothing_held_out_is_finished_at_once(make_labelled, model):
    codes = np.zeros((9, 9, 9), np.uint8)
    codes[0, 0] = 1
    validation = Validation(model, [make_labelled(codes)], 4096)
    assert validation.finished
    assert validation.scores().voxels == 0
