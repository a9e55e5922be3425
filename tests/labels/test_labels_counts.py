"""Counts of labels after any edits, against counting everything again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.counts import Edit, LabelCounts
from napari_hyperseg.labels.facies import FaciesLabels

SHAPES = st.tuples(*(st.integers(1, n) for n in (6, 5, 7)))


@st.composite
def edited(draw) -> tuple[np.ndarray, list[Edit]]:
    """Labels after some edits, and the edits; they began without labels."""
    codes = np.zeros(draw(SHAPES), np.uint8)
    edits = []
    for _ in range(draw(st.integers(0, 5))):
        start = tuple(draw(st.integers(0, n - 1)) for n in codes.shape)
        stop = tuple(draw(st.integers(a + 1, n)) for a, n in zip(start, codes.shape, strict=True))
        box = tuple(slice(a, b) for a, b in zip(start, stop, strict=True))
        values = st.sampled_from([0, 1, 2, 3, 255])
        after = draw(arrays(np.uint8, codes[box].shape, elements=values))
        edits.append(Edit(start, codes[box].copy(), after, 0.0))
        codes[box] = after
    return codes, edits


def check(counts: LabelCounts, codes: np.ndarray) -> None:
    present = [int(code) for code in np.unique(codes) if code]
    assert counts.codes == present
    assert counts.totals() == {code: int((codes == code).sum()) for code in present}
    assert np.array_equal(counts.holding, (codes != 0).any(axis=2))
    assert np.array_equal(counts.per_trace(), (codes != 0).sum(axis=2))
    for axis, others in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        on_lines = counts.on_lines(axis, np.arange(codes.shape[axis]))
        for code in present:
            assert np.array_equal(on_lines[code], (codes == code).sum(axis=others))


@given(edited())
@settings(max_examples=60, deadline=None)
def test_updates_are_as_exact_as_a_recount(case):
    codes, edits = case
    counts = LabelCounts(codes.shape)
    for edit in edits:
        counts.update(edit.start, edit.before, edit.after)
    check(counts, codes)


def saved(path, codes: np.ndarray) -> FaciesLabels:
    labels = FaciesLabels.create(path, codes.shape)
    labels.paste(codes)
    return labels


@given(edited())
@settings(max_examples=20, deadline=None)
def test_a_scan_counts_what_is_in_the_file(tmp_path_factory, case):
    codes, edits = case
    labels = saved(tmp_path_factory.mktemp("labels") / "a.npy", codes)
    counts = LabelCounts.scan(labels)
    check(counts, codes)
    for edit in reversed(edits):  # taken back
        counts.update(edit.start, edit.after, edit.before)
    assert counts.totals() == {}
    assert not counts.holding.any()


def test_long_traces_and_wide_lines_are_counted_in_full(tmp_path):
    labels = saved(tmp_path / "tall.npy", np.full((2, 3, 70_000), 7, np.uint8))
    counts = LabelCounts.scan(labels)
    assert counts.totals() == {7: 420_000}
    box = np.full((2, 3, 70_000), 7, np.uint8)
    counts.update((0, 0, 0), box, box * 0 + 8)
    assert counts.totals() == {8: 420_000}
    assert counts.on_lines(2, np.array([69_999]))[8].tolist() == [6]


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        ((0, 0, 9), (1, 1, 2), (1, 1, 2)),
        ((-1, 0, 0), (1, 1, 1), (1, 1, 1)),
        ((0, 0, 0), (1, 1, 1), (1, 1, 2)),
    ],
)
def test_a_box_outside_the_survey_is_refused(start, before, after):
    with pytest.raises(LabelError, match="does not lie in"):
        LabelCounts((2, 3, 10)).update(start, np.zeros(before, "u1"), np.ones(after, "u1"))


def test_labels_that_were_not_there_cannot_be_taken_away():
    with pytest.raises(LabelError, match="not there"):
        LabelCounts((2, 3, 10)).update(
            (0, 0, 0), np.ones((1, 1, 1), "u1"), np.zeros((1, 1, 1), "u1")
        )
