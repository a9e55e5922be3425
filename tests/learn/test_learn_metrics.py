"""The figures against counts made by hand, and the laws they must obey."""

from __future__ import annotations

import json

import numpy as np
import pytest

from napari_hyperseg.learn.metrics import (
    confusion,
    horizon_errors,
    order_violations,
    scores_of,
)


def test_confusion_by_hand_leaves_out_unlabelled_and_counts_unpredicted():
    truth = np.array([0, 1, 1, 2, 2, 2], dtype=np.uint8)
    prediction = np.array([1, 1, 2, 2, 2, 0], dtype=np.uint8)
    assert confusion(truth, prediction, 2).tolist() == [[0, 0, 0], [0, 1, 1], [1, 0, 2]]


def test_scores_by_hand():
    truth = np.array([0, 1, 1, 2, 2, 2], dtype=np.uint8)
    prediction = np.array([1, 1, 2, 2, 2, 0], dtype=np.uint8)
    scores = scores_of(confusion(truth, prediction, 2))
    assert scores.pixel_accuracy == pytest.approx(3 / 5)
    assert scores.class_accuracy == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert scores.iou == pytest.approx((1 / 2, 2 / 4))
    assert scores.mean_iou == pytest.approx(1 / 2)
    assert scores.fw_iou == pytest.approx(2 / 5 * 1 / 2 + 3 / 5 * 1 / 2)
    assert scores.voxels == 5


def test_a_perfect_prediction_scores_one_and_absent_classes_are_none():
    truth = np.array([[1, 1, 3], [3, 0, 1]])
    scores = scores_of(confusion(truth, truth, 4))
    assert scores.iou == (1.0, None, 1.0, None)
    assert scores.pixel_accuracy == scores.class_accuracy == scores.mean_iou == scores.fw_iou == 1


def test_a_class_predicted_but_never_true_lowers_the_others_only():
    scores = scores_of(confusion(np.array([1, 1, 1, 1]), np.array([1, 1, 1, 2]), 2))
    assert scores.iou == (0.75, None)
    assert scores.mean_iou == 0.75


def test_the_counts_of_parts_add_up():
    rng = np.random.default_rng(0)
    truth, prediction = rng.integers(0, 5, (2, 6, 7, 8))
    parts = sum(confusion(truth[i], prediction[i], 4) for i in range(6))
    assert np.array_equal(parts, confusion(truth, prediction, 4))


def test_fw_iou_is_bounded_by_pixel_accuracy_for_any_prediction():
    rng = np.random.default_rng(1)
    for _ in range(50):
        truth, prediction = rng.integers(0, 4, (2, 100))
        scores = scores_of(confusion(truth, prediction, 3))
        assert 0 <= scores.fw_iou <= scores.pixel_accuracy <= 1


def test_nothing_labelled_gives_null_in_json_not_nan():
    scores = scores_of(confusion(np.zeros(4, int), np.ones(4, int), 2))
    assert np.isnan(scores.mean_iou)
    assert scores.voxels == 0
    assert json.loads(json.dumps(scores.to_json(), allow_nan=False))["mean_iou"] is None


@pytest.mark.parametrize(
    ("truth", "prediction", "message"),
    [([1, 2], [1], "shape"), ([1, 5], [1, 1], "larger"), ([1, 1], [1, 5], "larger")],
)
def test_what_cannot_be_compared_is_refused(truth, prediction, message):
    with pytest.raises(ValueError, match=message):
        confusion(truth, prediction, 2)


@pytest.mark.parametrize(
    ("trace", "broken"),
    [
        ([1, 1, 2, 3], False),
        ([1, 0, 2, 0], False),
        ([1, 2, 1, 2], True),
        ([2, 0, 1, 3], True),
        ([3, 3, 3, 3], False),
    ],
)
def test_order_is_broken_where_a_code_comes_back(trace, broken):
    assert order_violations(np.array([trace], dtype=np.uint8)) == float(broken)


def test_order_violations_is_a_share_of_the_traces_that_hold_codes():
    codes = np.array([[1, 2, 1], [1, 2, 3], [0, 0, 0]])
    assert order_violations(codes) == 0.5
    assert order_violations(np.zeros((2, 3), int)) == 0.0


def test_horizon_errors_by_hand():
    truth = np.array([10.0, 10, 10, 10, np.nan])
    prediction = np.array([10.0, 11, 14, np.nan, 3])
    scores = horizon_errors(truth, prediction, sample_interval_ms=4.0)
    assert scores.mae_samples == pytest.approx(5 / 3)
    assert scores.mae_ms == pytest.approx(20 / 3)
    assert scores.within_1 == scores.within_3 == pytest.approx(2 / 3)
    assert scores.coverage == 0.75


def test_a_horizon_without_prediction_has_coverage_zero_and_no_error():
    scores = horizon_errors([1.0, 2.0], [np.nan, np.nan], 2.0)
    assert scores.coverage == 0
    assert scores.to_json()["mae_ms"] is None
