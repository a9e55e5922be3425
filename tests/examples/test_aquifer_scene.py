"""The made survey obeys the laws it is made from."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("rasterio")

from examples.aquifer.drainage import drain, fill_depressions
from examples.aquifer.ground import Ground, make_ground
from examples.aquifer.instruments import LINE_SPACING_M, layered, levelling_error, on_lines
from examples.aquifer.potential_fields import (
    GRAVITY_CONSTANT,
    MILLIGAL,
    Layer,
    continued_upward,
    gravity_mgal,
    magnetics_nt,
)
from examples.aquifer.scene import MAPPED_SHARE, Scene, make_scene

PIXEL_M = 100.0
SIZE = 96


@pytest.fixture(scope="module")
def scene() -> Scene:
    return make_scene(SIZE, seed=5)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return make_ground(np.random.default_rng(5), (SIZE, SIZE), PIXEL_M)


@pytest.fixture
def rough() -> np.ndarray:
    return np.random.default_rng(1).uniform(0, 100, (20, 31))


def layer(top_m: float, bottom_m: float, density: np.ndarray, susceptibility=0.0) -> Layer:
    return Layer(top_m, bottom_m, density, np.zeros(density.shape) + susceptibility)


def test_a_scene_is_complete(scene: Scene):
    assert list(scene.channels) == [
        "magnetics", "gravity", "potassium", "thorium", "uranium", "elevation",
    ]  # fmt: skip
    for grid in (*scene.channels.values(), scene.truth, scene.labels):
        assert grid.shape == (SIZE, SIZE)
    assert all(np.isfinite(grid).all() for grid in scene.channels.values())
    assert scene.truth.min() == 1


def test_labels_are_the_truth_in_a_few_places(scene: Scene):
    known = scene.labels > 0
    assert MAPPED_SHARE <= known.mean() < 2.5 * MAPPED_SHARE
    np.testing.assert_array_equal(scene.labels[known], scene.truth[known])
    assert set(np.unique(scene.truth)) == set(np.unique(scene.labels[known]))


@pytest.mark.slow
def test_the_seed_decides_everything(scene: Scene):
    again, other = make_scene(SIZE, seed=5), make_scene(SIZE, seed=6)
    for name, grid in scene.channels.items():
        np.testing.assert_array_equal(grid, again.channels[name])
        assert not np.array_equal(grid, other.channels[name])
    np.testing.assert_array_equal(scene.labels, again.labels)


def test_a_uniform_layer_attracts_like_a_bouguer_slab():
    field = gravity_mgal([layer(50, 350, np.full((16, 24), 400.0))], 80, PIXEL_M)
    slab = 2 * np.pi * GRAVITY_CONSTANT * 400 * 300 * MILLIGAL
    np.testing.assert_allclose(field, slab, rtol=1e-9)


def test_a_small_deep_body_attracts_like_a_point():
    density = np.zeros((128, 128))
    density[64, 64] = 500
    field = gravity_mgal([layer(1500, 1600, density)], 0, PIXEL_M)
    mass = 500 * PIXEL_M**2 * 100
    offsets_m = PIXEL_M * np.arange(0, 20, 4)
    expected = GRAVITY_CONSTANT * mass * 1550 / np.hypot(offsets_m, 1550) ** 3 * MILLIGAL
    np.testing.assert_allclose(field[64, 64 + np.arange(0, 20, 4)], expected, atol=3e-5)


def test_a_uniform_sheet_is_not_magnetic():
    sheet = layer(20, 60, np.zeros((16, 16)), susceptibility=0.01)
    np.testing.assert_allclose(magnetics_nt([sheet], 80, PIXEL_M), 0, atol=1e-9)


def test_flying_higher_is_upward_continuation(rough: np.ndarray):
    layers = [layer(10, 200, rough, rough / 1e4), layer(200, 500, rough[::-1], rough / 2e4)]
    for field in (gravity_mgal, magnetics_nt):
        low, high = field(layers, 80, PIXEL_M), field(layers, 330, PIXEL_M)
        np.testing.assert_allclose(continued_upward(low, 250, PIXEL_M), high, atol=1e-9)
        assert high.std() < low.std()


def test_sediment_makes_a_gravity_low(ground: Ground):
    def gravity(basin_m: np.ndarray) -> np.ndarray:
        basement = replace(ground.basement, basin_m=basin_m)
        rng = np.random.default_rng(0)
        return gravity_mgal(layered(rng, replace(ground, basement=basement)), 80, PIXEL_M)

    basin_m = ground.basement.basin_m
    assert basin_m.max() > 100
    low = gravity(basin_m) - gravity(np.zeros_like(basin_m))
    assert low.min() < -2
    assert np.corrcoef(low.ravel(), basin_m.ravel())[0, 1] < -0.8


def test_layers_hold_all_that_lies_in_them(ground: Ground):
    layers = layered(np.random.default_rng(0), ground)
    assert layers[0].top_m == 0
    for above, below in pairwise(layers):
        assert above.bottom_m == below.top_m
    in_alluvium = ground.alluvium_m + ground.cover_m > 10
    assert (layers[0].density[in_alluvium] < -700).all()


def test_water_runs_downhill_and_none_is_lost(rough: np.ndarray):
    filled, rivers = fill_depressions(rough), drain(rough)
    cells = np.arange(rough.size)
    inland = rivers.receiver != cells
    fall = filled.ravel() - filled.ravel()[rivers.receiver]
    assert (fall[inland] > 0).all()
    area = rivers.accumulate(np.ones(rough.shape)).ravel()
    assert (area[rivers.receiver][inland] > area[inland]).all()
    assert area[~inland].sum() == rough.size
    edge = np.ones(rough.shape, bool)
    edge[1:-1, 1:-1] = False
    assert edge.ravel()[~inland].all()


def test_a_bowl_fills_to_its_rim():
    bowl = np.full((7, 7), 5.0)
    bowl[2:5, 2:5] = 1.0
    bowl[0, 3] = bowl[1, 3] = 3.0
    filled = fill_depressions(bowl)
    np.testing.assert_allclose(filled[2:5, 2:5], 3.0)
    assert (filled >= bowl).all()


def test_every_cell_finds_the_river_it_drains_to():
    slope = np.add.outer(np.zeros(5), np.arange(8.0))
    slope[2] -= 0.5
    channel = np.zeros(slope.shape, bool)
    channel[2] = True
    base = drain(slope).at_channel(channel, slope)
    np.testing.assert_array_equal(base[2], slope[2])
    assert (base <= slope).all()


def test_alluvium_lies_in_valleys(ground: Ground):
    low, high = np.percentile(ground.above_river_m, [20, 80])
    lowland, upland = ground.above_river_m <= low, ground.above_river_m >= high
    assert ground.alluvium_m[lowland].mean() > 3 * ground.alluvium_m[upland].mean()


def test_levelling_errors_follow_the_lines():
    error = levelling_error(np.random.default_rng(0), (60, 60), PIXEL_M, 5.0)
    assert np.diff(error, axis=1).std() > 3 * np.diff(error, axis=0).std()


def test_gridding_keeps_what_was_measured_on_lines(rough: np.ndarray):
    gridded = on_lines(rough, PIXEL_M)
    step = round(LINE_SPACING_M / PIXEL_M)
    np.testing.assert_allclose(gridded[:, ::step], rough[:, ::step])
    assert not np.allclose(gridded[:, 1::step], rough[:, 1::step])


def test_cover_hides_the_radioelements(scene: Scene, ground: Ground):
    """What is under metres of cover looks alike, whatever the rocks below."""
    thorium = scene.channels["thorium"]
    buried, bare = ground.cover_m > 4, ground.cover_m == 0
    assert buried.sum() > 50
    assert thorium[buried].std() < 0.6 * thorium[bare].std()
