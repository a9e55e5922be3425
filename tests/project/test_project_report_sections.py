"""Which lines a report shows."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.painted_lines import CROSSLINE, INLINE, TIME_SLICE, LabelledLine
from napari_hyperseg.project.report.sections import Shown, choose_sections, spread
from napari_hyperseg.survey.geometry import Geometry

GEOMETRY = Geometry(
    inlines=1_200_000 + np.arange(20), crosslines=5 + 2 * np.arange(30), n_samples=40,
    start_ms=100.0, sample_interval_ms=2.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("indices", "chosen"),
    [([], []), ([3], [3]), ([3, 9], [3, 9]), (list(range(8)), [2, 6]), ([0, 1, 9], [0, 9])],
)
def test_a_few_that_are_spread(indices, chosen):
    assert spread(indices) == chosen


def test_labelled_and_unlabelled_lines_are_shown_in_their_order():
    lines = [LabelledLine(INLINE, at, ()) for at in (2, 8, 17)]
    chosen = choose_sections([*lines, LabelledLine(TIME_SLICE, 20, ())], GEOMETRY)
    inlines = [(one.index, one.labelled) for one in chosen if one.axis == INLINE]
    assert inlines == [(2, True), (5, False), (14, False), (17, True)]
    assert not any(one.labelled for one in chosen if one.axis == CROSSLINE)
    assert chosen[-1] == Shown(TIME_SLICE, 20, labelled=True)


def test_dead_lines_are_left_out():
    live = np.ones((20, 30), bool)
    live[5] = live[15] = False
    geometry = Geometry(GEOMETRY.inlines, GEOMETRY.crosslines, 40, 100.0, 2.5, live=live)
    indices = {one.index for one in choose_sections([], geometry) if one.axis == INLINE}
    assert len(indices) == 2
    assert not indices & {5, 15}


def test_titles_are_survey_numbers():
    assert Shown(INLINE, 1, labelled=True).title(GEOMETRY) == "Inline 1200001"
    assert Shown(TIME_SLICE, 1, labelled=True).title(GEOMETRY) == "Slice at 102.5 ms"


def test_a_2d_line_is_shown_alone():
    geometry = Geometry(GEOMETRY.inlines[:1], GEOMETRY.crosslines, 40, 100.0, 2.5)
    line = LabelledLine(INLINE, 0, ())
    assert choose_sections([line], geometry) == [Shown(INLINE, 0, labelled=True)]
