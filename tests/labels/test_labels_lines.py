"""The rule that says which lines carry labels."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.lines import labelled_lines, traces_on, unlabelled_traces

N_INLINES, N_CROSSLINES = 10, 14


def lines_of(labelled: np.ndarray, live: np.ndarray | None = None) -> tuple[list, list]:
    inlines, crosslines = labelled_lines(labelled, live)
    return inlines.tolist(), crosslines.tolist()


@pytest.mark.parametrize(
    ("inlines", "crosslines"),
    [
        ([], []),
        ([], [0, 7, 13]),
        ([3], []),
        ([3, 4], [5]),
        (list(range(0, 10, 2)), []),
        (list(range(7)), []),
        ([], list(range(1, 14))),
        (list(range(6)), list(range(8))),
    ],
)
def test_labelled_sections_are_found_again(inlines, crosslines):
    labelled = np.zeros((N_INLINES, N_CROSSLINES), bool)
    labelled[inlines] = True
    labelled[:, crosslines] = True
    assert lines_of(labelled) == (inlines, crosslines)


def test_a_stroke_labels_no_line():
    labelled = np.zeros((N_INLINES, N_CROSSLINES), bool)
    labelled[4, 3:10] = True
    assert lines_of(labelled) == ([], [])
    labelled[4, 10] = True
    assert lines_of(labelled) == ([4], [])


def test_only_live_traces_count():
    labelled = np.zeros((N_INLINES, N_CROSSLINES), bool)
    labelled[4, :3] = True
    live = np.ones_like(labelled)
    live[4, 5:] = False
    assert lines_of(labelled, live) == ([4], [])


def test_holes_in_a_labelled_crossline_do_not_label_inlines():
    labelled = np.zeros((N_INLINES, N_CROSSLINES), bool)
    labelled[:7, ::2] = True
    assert lines_of(labelled) == ([], list(range(0, 14, 2)))


def test_on_a_2d_line_traces_are_crosslines():
    labelled = np.zeros((1, N_CROSSLINES), bool)
    labelled[0, :9] = True
    assert lines_of(labelled) == ([], list(range(9)))


def test_traces_on_lines():
    on = traces_on((np.array([1]), np.array([2])), (3, 4))
    assert on.tolist() == [[0, 0, 1, 0], [1, 1, 1, 1], [0, 0, 1, 0]]


def test_labelled_lines_and_labelled_traces_are_left_out():
    labelled = np.zeros((N_INLINES, N_CROSSLINES), bool)
    labelled[:8, 2] = labelled[4, 0] = True
    live = np.ones_like(labelled)
    live[0, 5] = False
    expected = live.copy()
    expected[:, 2] = expected[4, 0] = False
    assert np.array_equal(unlabelled_traces(labelled, live), expected)


def test_with_labels_everywhere_nothing_is_left():
    everywhere = np.ones((N_INLINES, N_CROSSLINES), bool)
    with pytest.raises(LabelError, match="none is left"):
        unlabelled_traces(everywhere, everywhere)
