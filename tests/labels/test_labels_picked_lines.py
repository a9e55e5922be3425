"""Lines that carry picks are listed beside those that are painted."""

from __future__ import annotations

import numpy as np

from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.labels.picked_lines import with_picks

SHAPE = (12, 10)


def on(**lines: list[int]) -> np.ndarray:
    picked = np.zeros(SHAPE, bool)
    picked[lines.get("inlines", [])] = True
    picked[:, lines.get("crosslines", [])] = True
    return picked


def test_without_picks_the_list_is_as_it_was():
    lines = (LabelledLine(0, 3, ((1, 8),)),)
    assert with_picks(lines, {}) is lines


def test_lines_with_picks_alone_are_listed_in_their_places():
    painted = (LabelledLine(0, 3, ((1, 8),)), LabelledLine(2, 5, ((2, 4),)))
    found = with_picks(painted, {"Top": on(inlines=[1, 7]), "Base": on(crosslines=[4])})
    assert [line.place for line in found] == [(0, 1), (0, 3), (0, 7), (1, 4), (2, 5)]
    assert [line.voxels for line in found] == [(), ((1, 8),), (), (), ((2, 4),)]


def test_picks_are_counted_trace_by_trace_on_every_line_but_slices():
    top, base = on(inlines=[1]), on(inlines=[1])
    top[1, 8:] = base[1, :7] = False
    top[5, 2] = True  # a seed by itself
    painted = (LabelledLine(0, 5, ((1, 8),)), LabelledLine(2, 0, ((1, 1),)))
    found = {line.place: line.picks for line in with_picks(painted, {"Top": top, "Base": base})}
    assert found[0, 1] == (("Top", 8), ("Base", 3))
    assert found[0, 5] == (("Top", 1),)
    assert found[2, 0] == ()


def test_picks_along_a_line_are_that_lines_alone():
    found = with_picks((), {"Top": on(inlines=[2]), "Base": on(inlines=[2, 6])})
    assert [line.place for line in found] == [(0, 2), (0, 6)]
