"""Which lines the list of labelled lines shows, for what people paint."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_hyperseg.labels.counts import LabelCounts
from napari_hyperseg.labels.painted_lines import LabelledLine, list_lines, painted_lines
from napari_hyperseg.labels.slice_strokes import SliceStrokes

SHAPE = (40, 50, 30)
_AROUND = np.mgrid[-6:7, -6:7]
DISC = np.argwhere((_AROUND**2).sum(axis=0) <= 36) - 6


def dab(codes: np.ndarray, axis: int, index: int, at: tuple[int, int], code: int = 1) -> None:
    """Press a brush of 13 voxels on a section."""
    first, second = (other for other in range(3) if other != axis)
    for place in DISC + at:
        if (place >= 0).all() and place[0] < SHAPE[first] and place[1] < SHAPE[second]:
            voxel = [0, 0, 0]
            voxel[axis], voxel[first], voxel[second] = index, *place
            codes[tuple(voxel)] = code


def stroke(codes: np.ndarray, axis: int, index: int, code: int = 1) -> None:
    """Draw the brush across the middle of a section."""
    for step in range(8, 33):
        dab(codes, axis, index, (step, 12 + step // 8), code)


def lines_of(codes: np.ndarray) -> tuple[LabelledLine, ...]:
    counts = LabelCounts(codes.shape)
    counts.update((0, 0, 0), np.zeros_like(codes), codes)
    strokes = SliceStrokes(codes)
    strokes.edited(0, len(codes) - 1)
    strokes.refresh(counts.holding)
    return list_lines(counts, strokes)


def places(codes: np.ndarray) -> list[tuple[int, int]]:
    return [line.place for line in lines_of(codes)]


@pytest.fixture
def codes() -> np.ndarray:
    return np.zeros(SHAPE, np.uint8)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_stroke_is_on_the_line_it_was_painted_on(codes, axis):
    stroke(codes, axis, 11)
    assert places(codes) == [(axis, 11)]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_dab_is_on_the_line_it_was_painted_on(codes, axis):
    dab(codes, axis, 11, (17, 17))
    assert places(codes) == [(axis, 11)]


def test_strokes_on_lines_of_all_kinds_that_cross(codes):
    painted = [(0, 10), (0, 20), (1, 15), (1, 30), (2, 12), (2, 20)]
    for axis, index in painted:
        stroke(codes, axis, index)
    assert places(codes) == painted


def test_a_stroke_over_the_edge_of_a_slice_is_on_the_slice(codes):
    for i in range(8):
        codes[i, 10 + 3 * i : 35, 11] = 1
    assert places(codes) == [(2, 11)]
    assert places(codes.transpose(1, 0, 2)) == [(2, 11)]


def test_dabs_at_one_place_of_many_inlines_are_no_crosslines(codes):
    for index in range(0, 40, 2):
        dab(codes, 0, index, (25, 15))
    assert places(codes) == [(0, index) for index in range(0, 40, 2)]


def test_labelled_sections_are_listed_whole(codes):
    codes[[3, 20]] = 1
    codes[:, [0, 49]] = 2
    codes[10, 10, 5] = 3
    assert places(codes) == [(0, 3), (0, 10), (0, 20), (1, 0), (1, 49)]


def test_labels_everywhere_are_lines_of_one_kind(codes):
    codes[:] = 1
    assert places(codes) == [(0, index) for index in range(40)]


def test_on_a_2d_line_the_line_is_listed():
    codes = np.zeros((1, 50, 30), np.uint8)
    codes[0, 10:20, 5:12] = 1
    assert places(codes) == [(0, 0)]
    assert places(codes.transpose(1, 0, 2)) == [(1, 0)]


def test_voxels_are_those_of_the_line_by_class(codes):
    codes[4, :, :10] = 1
    codes[4, :, 10:] = 5
    codes[:, 7, :] = 2
    assert lines_of(codes) == (
        LabelledLine(0, 4, ((1, 490), (2, 30), (5, 980))),
        LabelledLine(1, 7, ((2, 1200),)),
    )


def test_without_labels_no_line_is_listed(codes):
    assert places(codes) == []


SMALL = st.tuples(*(st.integers(1, n) for n in (6, 7, 5)))


def volumes(elements: st.SearchStrategy) -> st.SearchStrategy:
    return arrays(np.uint8, SMALL, elements=elements)


@given(volumes(st.sampled_from([0, 0, 0, 1, 2])))
@settings(max_examples=80, deadline=None)
def test_every_label_is_on_a_line_of_the_list(codes):
    left = codes != 0
    for line in lines_of(codes):
        section = (slice(None),) * line.axis + (line.index,)
        assert sum(n for _, n in line.voxels) == (codes[section] != 0).sum()
        left[section] = False
    assert not left.any()


@given(arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 7))))
@settings(max_examples=80, deadline=None)
def test_the_rule_for_traces_is_the_one_that_is_told(labelled):
    expected: tuple[set, set] = (set(), set())
    for i, j in np.argwhere(labelled):
        along, across = run(labelled[i], j), run(labelled[:, j], i)
        if along == across:
            along, across = labelled[i].sum(), labelled[:, j].sum()
        axis = int(across > along)
        expected[axis].add((i, j)[axis])
    inlines, crosslines = painted_lines(labelled)
    assert (set(inlines.tolist()), set(crosslines.tolist())) == expected


def run(row: np.ndarray, at: int) -> int:
    first = last = at
    while first > 0 and row[first - 1]:
        first -= 1
    while last + 1 < len(row) and row[last + 1]:
        last += 1
    return last - first + 1


def look_at(codes: np.ndarray, i: int, j: int, k: int) -> tuple[bool, bool]:
    """Say of one voxel whether it is thin, and whether it shows that its slice was painted on."""
    around = np.pad(codes != 0, 1)[i : i + 3, j : j + 3, k : k + 3]
    thin = around[1, 1].tolist() == [False, True, False]
    square = around[:, :, 1]
    return thin, thin and bool(square[[0, 2]].any() and square[:, [0, 2]].any())


@given(volumes(st.sampled_from([0, 0, 1])), st.data())
@settings(max_examples=60, deadline=None)
def test_strokes_on_slices_are_told_and_followed(codes, data):
    labels = np.zeros_like(codes)
    strokes = SliceStrokes(labels)
    for _ in range(2):
        a = data.draw(st.integers(0, len(codes) - 1))
        b = data.draw(st.integers(a, len(codes) - 1))
        labels[a : b + 1] = codes[a : b + 1]
        strokes.edited(a, b)
        strokes.refresh((labels != 0).any(axis=2))
        looks = [look_at(labels, *voxel) for voxel in np.ndindex(labels.shape)]
        thin, spread = (np.reshape(found, labels.shape) for found in zip(*looks, strict=True))
        painted = spread.any(axis=(0, 1))
        assert np.array_equal(strokes.slices, painted)
        assert np.array_equal(strokes.per_trace(), (thin & painted).sum(axis=2))
