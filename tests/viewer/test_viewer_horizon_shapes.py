"""Where horizons cut sections: segments, ribbons, contours, surfaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, map_coordinates

from napari_hyperseg.viewer import horizon_contours
from napari_hyperseg.viewer.horizon_contours import Contours
from napari_hyperseg.viewer.horizon_lines import ribbons, section_segments
from napari_hyperseg.viewer.horizon_surface import joined, surface_mesh
from napari_hyperseg.viewer.ribbon_buffer import RibbonBuffer

NAN = np.nan


def rough(shape: tuple[int, int], sigma: float = 3) -> np.ndarray:
    noise = np.random.default_rng(5).normal(size=shape)
    smooth = gaussian_filter(noise, sigma)
    return (20 + 8 * smooth / smooth.std()).astype(np.float32)


def test_neighbours_are_joined_and_gaps_stay_gaps():
    samples = np.array([1, 2, NAN, 4, NAN, NAN, 7, 8, 9], np.float32)
    found = section_segments(samples).tolist()
    assert [[1, 0], [2, 1]] in found
    assert [[7, 6], [8, 7]] in found
    assert [[8, 7], [9, 8]] in found
    assert [[4, 2.5], [4, 3.5]] in found  # alone: a dash as wide as its trace
    assert len(found) == 4


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 5))
def test_lines_cover_the_picked_traces_and_no_gap(there: list[bool], stride: int):
    samples = np.where(there, 3.0, NAN).astype(np.float32)
    segments = section_segments(samples, stride)
    used = [n for n in range(0, len(there), stride) if there[n]]
    covered = {n for (_, left), (_, right) in segments.tolist() for n in used if left <= n <= right}
    assert covered == set(used)
    assert all(right - left <= stride for (_, left), (_, right) in segments.tolist())


def test_a_ribbon_is_as_wide_as_it_is_asked_to_be_in_the_world():
    segment = np.array([[[0, 0], [0, 10]], [[0, 0], [5, 0]]], np.float32)
    corners = ribbons(segment, (4.0, 2.0), 1.0) * np.array([4, 2])
    assert np.allclose(np.ptp(corners[0], axis=0), (1, 21))  # square ends
    assert np.allclose(np.ptp(corners[1], axis=0), (21, 1))


def test_a_contour_lies_where_the_surface_has_its_value():
    samples = rough((70, 53))
    segments = Contours(samples).at(21.3)
    assert len(segments) > 50
    middle = segments.mean(axis=1)
    on_edges = map_coordinates(samples, segments.reshape(-1, 2).T, order=1)
    assert np.abs(on_edges - 21.3).max() < 0.6  # bilinear against triangles, on diagonals
    assert np.abs(map_coordinates(samples, middle.T, order=1) - 21.3).max() < 0.6


def test_a_contour_parts_the_traces_above_from_those_below():
    samples = rough((40, 40))
    mask = samples < 20
    across = np.count_nonzero(mask[:-1] != mask[1:]) + np.count_nonzero(mask[:, :-1] != mask[:, 1:])
    ends = Contours(samples).at(20.0).reshape(-1, 2)
    straight = (np.abs(ends - np.round(ends)) < 1e-5).any(axis=1)
    assert len({tuple(np.round(end, 4)) for end in ends[straight]}) == across


def test_contours_stop_at_gaps():
    i, _ = np.indices((40, 40))
    samples = i.astype(np.float32)
    samples[:, 10:20] = NAN
    ends = Contours(samples).at(17.5).reshape(-1, 2)
    assert np.allclose(ends[:, 0], 17.5)
    assert not ((ends[:, 1] > 9) & (ends[:, 1] < 20)).any()
    assert ends[:, 1].min() == 0
    assert ends[:, 1].max() == 39


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (2, 2), (16, 16), (17, 33)])
def test_grids_of_any_size_have_contours(shape: tuple[int, int]):
    samples = np.add.outer(np.arange(shape[0]), np.arange(shape[1])).astype(np.float32)
    found = Contours(samples).at(0.5)
    assert len(found) == (1 if min(shape) > 1 else 0)
    assert not len(Contours(np.full(shape, NAN, np.float32)).at(0.5))


def test_a_large_grid_has_the_contour_of_every_second_trace(monkeypatch):
    monkeypatch.setattr(horizon_contours, "LONGEST_SIDE", 20)
    i, _ = np.indices((40, 40))
    ends = Contours(i.astype(np.float32)).at(17.0).reshape(-1, 2)
    assert np.allclose(ends[:, 0], 17)
    assert ends[:, 1].max() == 38


@settings(max_examples=30)
@given(st.integers(0, 2**16))
def test_a_surface_is_open_exactly_at_gaps(seed: int):
    there = np.random.default_rng(seed).random((7, 6)) < 0.8
    samples = np.where(there, 5.0, NAN).astype(np.float32)
    vertices, faces = surface_mesh(samples)
    assert len(vertices) == there.sum()
    assert np.isfinite(vertices).all()
    area = sum(
        there[i, j + 1] and there[i + 1, j] and there[corner]
        for i in range(6)
        for j in range(5)
        for corner in ((i, j), (i + 1, j + 1))
    )
    assert len(faces) == area
    assert all(there[int(i), int(j)] for i, j, _ in vertices)


def test_large_surfaces_are_thinned_out():
    vertices, _ = surface_mesh(np.zeros((1100, 300), np.float32))
    assert len(vertices) == 367 * 100
    assert vertices.max(axis=0).tolist() == [1098, 297, 0]


def test_surfaces_are_joined_in_a_cube_the_deepest_first():
    meshes = [surface_mesh(np.full((3, 5), depth, np.float32)) for depth in (2.0, 8.0)]
    vertices, faces, values = joined(meshes, (3, 5, 11), (0, 2, 1))
    assert vertices.min() >= 0
    assert vertices.max() <= 1
    assert values[:15].tolist() == [1.5] * 15
    assert np.allclose(vertices[:15, 1], 0.8)  # displayed second: the sample
    assert np.allclose(vertices[15:, 1], 0.2)
    assert faces.max() == 29
    assert joined([], (3, 5, 11), (0, 1, 2)) is None


def test_ribbons_are_written_in_place_while_there_is_room():
    buffer = RibbonBuffer()
    arrays = buffer.data
    corners = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
    assert not buffer.write(corners, (2, 1), (2, 1), (0, 7))
    assert all(now is before for now, before in zip(buffer.data, arrays, strict=True))
    assert buffer.vertices[:12].tolist() == [[7, y, x] for x, y in corners.reshape(-1, 2)]
    assert buffer.values[:12].tolist() == [0.5] * 8 + [1.5] * 4
    assert not buffer.write(corners[:1], (1,), (2, 1), (0, 8))
    assert np.count_nonzero(buffer.faces.any(axis=1)) == 2
    assert buffer.write(np.zeros((5000, 4, 2), np.float32), (5000,), (2, 1), (0, 7))
    assert np.count_nonzero(buffer.faces.any(axis=1)) == 10_000
    buffer.clear()
    assert not buffer.faces.any()
