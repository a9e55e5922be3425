"""Confidence beside what came true: figures made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn.reliability import BINS, confidence_sums, reliability_of


def test_a_curve_by_hand():
    confidence = [0.95, 0.95, 0.95, 0.95, 0.55, 0.55]
    found = reliability_of(confidence_sums(confidence, [True, True, True, False, True, False]))
    assert found.counts == (0, 0, 0, 0, 0, 2, 0, 0, 0, 4)
    assert found.confidence[9] == pytest.approx(0.95)
    assert (found.accuracy[9], found.accuracy[5], found.accuracy[0]) == (0.75, 0.5, None)
    assert found.calibration_error == pytest.approx((4 * 0.2 + 2 * 0.05) / 6)


@pytest.mark.parametrize(("sure", "bin_number"), [(0.0, 0), (0.1, 0), (0.1001, 1), (1.0, BINS - 1)])
def test_a_bin_holds_its_upper_edge(sure, bin_number):
    assert confidence_sums([sure], [True])[0].argmax() == bin_number


def test_parts_add_up():
    rng = np.random.default_rng(0)
    sure, right = rng.random(500), rng.random(500) < 0.7
    parts = sum(confidence_sums(sure[part], right[part]) for part in (slice(200), slice(200, None)))
    whole = confidence_sums(sure, right)
    assert np.allclose(parts, whole)
    assert whole[0].sum() == 500
    assert whole[2].sum() == right.sum()


def test_who_is_right_as_often_as_sure_has_no_error():
    assert reliability_of(confidence_sums([0.75] * 4, [1, 1, 1, 0])).calibration_error == 0


def test_nothing_is_no_figure():
    found = reliability_of(confidence_sums([], []))
    assert np.isnan(found.calibration_error)
    assert found.accuracy == (None,) * BINS
