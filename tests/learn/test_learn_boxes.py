"""The laws of boxes, for any shape."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from napari_hyperseg.learn.boxes import (
    aligned,
    distance,
    grown,
    inside,
    section,
    size,
    slab_shape,
    tiles,
    whole,
)
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.predictor import HALO, tile_shape

laws = settings(deadline=None, max_examples=60)
shapes = st.tuples(*[st.integers(1, 12)] * 3)
survey_shapes = st.tuples(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 4000))
budgets = st.integers(4096, 50_000_000)


@laws
@given(shapes, st.tuples(*[st.integers(1, 14)] * 3))
def test_tiles_hold_every_voxel_once(shape, tile):
    count = np.zeros(shape, np.int64)
    for box in tiles(shape, tile):
        assert all(stop - start <= most for (start, stop), most in zip(box, tile, strict=True))
        count[slices(box)] += 1
    assert (count == 1).all()


@st.composite
def boxes_in_shapes(draw):
    shape = draw(shapes)
    spans = []
    for extent in shape:
        start = draw(st.integers(0, extent - 1))
        spans.append((start, draw(st.integers(start + 1, extent))))
    return tuple(spans), shape


@laws
@given(boxes_in_shapes(), st.tuples(*[st.integers(0, 9)] * 3))
def test_what_is_grown_holds_the_box_where_inside_says(box_and_shape, halo):
    box, shape = box_and_shape
    volume = np.arange(math.prod(shape)).reshape(shape)
    outer = grown(box, halo, shape)
    again = volume[slices(outer)][slices(inside(box, outer))]
    assert np.array_equal(again, volume[slices(box)])


def test_growing_stops_at_the_edges():
    assert grown(((0, 3), (5, 6), (9, 10)), (2, 2, 2), (10, 10, 10)) == ((0, 5), (3, 8), (7, 10))


@laws
@given(boxes_in_shapes(), st.tuples(*[st.sampled_from([1, 2, 4])] * 3))
def test_an_aligned_box_begins_at_a_multiple_and_loses_nothing(box_and_shape, multiple):
    box, _ = box_and_shape
    for (start, stop), unit, (new, end) in zip(box, multiple, aligned(box, multiple), strict=True):
        assert new % unit == 0
        assert start - unit < new <= start
        assert end == stop


@laws
@given(survey_shapes, budgets)
@example((1, 5000, 2000), 96_000)
@example((3000, 1, 2000), 96_000)
@example((16, 16, 100_000), 96_000)
@example((401, 701, 255), 96_000)
def test_a_slab_is_within_the_budget_whichever_way_it_lies(shape, voxels):
    across, along, height = slab_shape(shape, voxels)
    n_i, n_j, n_k = shape
    for i, j in ((across, along), (along, across)):
        assert math.prod((min(i, n_i), min(j, n_j), min(height, n_k))) <= voxels


@laws
@given(survey_shapes, budgets)
def test_a_slab_wastes_less_than_two_thirds_of_the_budget(shape, voxels):
    across, along, height = slab_shape(shape, voxels)
    if math.prod(shape) <= voxels:
        assert min(across, along) >= max(shape[:2])
    else:
        assert across * along * height >= voxels / 3


def test_a_slab_has_full_height_and_is_long_where_it_can_be():
    assert slab_shape((400, 700, 120), 32_000) == (8, 33, 120)
    assert slab_shape((1, 700, 250), 100_000) == (1, 400, 250)
    assert slab_shape((400, 4, 250), 100_000) == (4, 100, 250)
    assert slab_shape((400, 700, 4000), 32_000) == (8, 16, 250)
    assert slab_shape((64, 96, 120), 10_000_000) == (96, 96, 120)


@laws
@given(survey_shapes, st.integers(64_000, 50_000_000))
@example((64, 96, 120), 192_000)
@example((401, 701, 463), 192_000)
@example((10, 2000, 2000), 192_000)
@example((1, 5000, 2000), 192_000)
def test_a_tile_with_its_halo_is_within_the_budget(shape, voxels):
    tile = tile_shape(shape, voxels)
    assert all(1 <= length <= extent for length, extent in zip(tile, shape, strict=True))
    longest = [
        max(min(extent, start + length + margin) - max(0, start - margin) for start in starts)
        for length, extent, margin in zip(tile, shape, HALO, strict=True)
        for starts in [range(0, extent, length)]
    ]
    assert math.prod(longest) <= voxels


def test_tiles_waste_little_on_their_halos():
    """Of all ways to cut that fit, the one with the fewest voxels, halos included."""
    shape, budget = (90, 100, 60), 100_000
    found = tile_shape(shape, budget)

    def cost(tile):
        outer = [size(grown(box, HALO, shape)) for box in tiles(shape, tile)]
        return sum(outer) if max(outer) <= budget else math.inf

    others = itertools.product((30, 45, 90), (20, 25, 34, 50, 100), (15, 20, 30, 60))
    assert cost(found) <= min(map(cost, others))


def test_what_fits_is_one_tile():
    assert tile_shape((20, 30, 40), 192_000) == (20, 30, 40)
    assert tile_shape((1, 400, 400), 192_000) == (1, 400, 400)


@pytest.mark.parametrize(("axis", "index", "expected"), [(0, 2, 2), (1, -4, 0), (2, 99, 7)])
def test_a_section_is_one_sample_thick_and_within_the_survey(axis, index, expected):
    box = section((6, 7, 8), axis, index)
    assert box[axis] == (expected, expected + 1)
    assert size(box) == 6 * 7 * 8 / (6, 7, 8)[axis]


def test_distance_from_a_section():
    box = ((4, 8), (0, 1), (0, 1))
    assert [distance(box, 0, index) for index in (2, 3, 4, 7, 8, 10)] == [2, 1, 0, 0, 1, 3]
    assert size(whole((2, 3, 4))) == 24
