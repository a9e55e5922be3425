"""Errors of boundaries on held-out traces: figures made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.order import ranks_of
from napari_hyperseg.labels.rank_limits import exactly, within_picks
from napari_hyperseg.learn.boundary_tally import BoundaryTally
from napari_hyperseg.learn.held_out import HeldOutCounts


def layers(*tops, n=20):
    """A trace with ranks 1, 2, ... that begin at sample 0 and at `tops`."""
    return sum(((np.arange(n) >= top).astype(np.uint8) for top in tops), np.ones(n, np.uint8))


def tally(truth, found, n_classes=3, interval_ms=4.0):
    counted = BoundaryTally(tuple(range(1, n_classes + 1)))
    known = exactly(np.stack(truth).astype(np.uint8))
    counted.count(known, np.stack(found).astype(np.uint8), interval_ms)
    return counted


def test_errors_by_hand():
    truth = [layers(5, 12), layers(5, 12), layers(5, 12), layers(5, 12)]
    found = [layers(5, 12), layers(6, 12), layers(8, 8), layers(20, 20)]
    upper, lower = tally(truth, found).errors()
    assert (upper.above, upper.below, upper.traces) == (1, 2, 4)
    assert upper.scores.coverage == 0.75
    assert upper.scores.mae_samples == pytest.approx((0 + 1 + 3) / 3)
    assert upper.scores.mae_ms == pytest.approx(4 * (0 + 1 + 3) / 3)
    assert (upper.scores.within_1, upper.scores.within_3) == (pytest.approx(2 / 3), 1)
    assert lower.scores.mae_samples == pytest.approx(4 / 3)


def test_only_boundaries_that_labels_show_count():
    truth = layers(5, 12)
    truth[10:14] = 0  # the lower boundary lies somewhere in there
    (only,) = tally([truth], [layers(5, 12)]).errors()
    assert (only.above, only.traces) == (1, 1)


def test_a_class_that_is_not_there_has_the_boundaries_of_its_neighbours():
    upper, lower = tally([layers(5, 5)], [layers(5, 6)]).errors()
    assert (upper.scores.mae_samples, lower.scores.mae_samples) == (0, 1)


def test_a_boundary_that_was_never_found_has_no_error():
    (only,) = tally([layers(5)], [layers(n=20)], n_classes=2).errors()
    assert only.scores.coverage == 0
    assert np.isnan(only.scores.mae_ms)


def test_traces_out_of_order_are_counted():
    wrong = layers(5, 12)
    wrong[15] = 1
    counted = tally([layers(5, 12)] * 4, [wrong, *[layers(5, 12)] * 3])
    assert counted.order_violations == 0.25


def test_classes_that_are_not_layered_have_no_boundaries():
    mixed = np.array([1, 2, 1, 2, 1, 2, 1, 2] * 2 + [1] * 4)
    counted = tally([mixed], [mixed], n_classes=2)
    assert counted.errors() == ()
    assert counted.order_violations is None


def test_the_order_says_what_lies_below():
    counts = HeldOutCounts(2, (2, 1))
    truth = np.where(np.arange(20) < 8, 2, 1)[None].astype(np.uint8)
    found = np.where(np.arange(20) < 10, 2, 1)[None].astype(np.uint8)
    known = exactly(ranks_of((2, 1))[truth])
    counts.count_traces(known, found, 2.0, "m")
    counts.count_voxels(known[:, 0], found[0], np.full(20, 0.9, np.float32))
    details = counts.details
    (only,) = details.boundaries
    assert (only.above, only.below, only.scores.mae_ms, details.unit) == (2, 1, 4, "m")
    assert details.confusion.tolist() == [[10, 2], [0, 8]]
    assert details.reliability.counts[8] == 20
    counts.count_traces(known, found, 2.0, "ms")
    assert counts.details.unit == ""


def test_of_several_classes_that_fit_the_nearest_counts():
    counts = HeldOutCounts(3, (2, 1, 3))
    known = np.array([[1, 2, 2], [2, 3, 3]], np.uint8)  # ranks
    found = np.array([3, 3, 2], np.uint8)  # codes: ranks 3, 3 and 1
    counts.count_voxels(known, found, np.full(3, 0.9, np.float32))
    assert counts.scores.pixel_accuracy == pytest.approx(1 / 3)
    assert counts.details.confusion.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 1]]


def test_a_picked_boundary_counts_alone():
    known = within_picks(np.array([[np.nan], [12.0]]), np.arange(20), 3)
    counted = BoundaryTally((1, 2, 3))
    counted.count(known, layers(3, 14)[None], 4.0)
    (only,) = counted.errors()
    assert (only.above, only.traces, only.scores.mae_samples) == (2, 1, 2)
