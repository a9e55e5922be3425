"""The made scene: what it promises; and the bands and the half-resolution map of any scene."""

from __future__ import annotations

import numpy as np
import pytest

from examples.hyperspectral.bands import prepare_bands
from examples.hyperspectral.scene import Scene, SceneError, halve_cube, halve_map
from examples.hyperspectral.season import KINDS
from examples.hyperspectral.sensor import WAVELENGTHS_NM, opaque
from examples.hyperspectral.spectra import COVERS, Traits, reflectance
from examples.hyperspectral.synthetic import synthetic_scene


@pytest.fixture(scope="module")
def made() -> Scene:
    return synthetic_scene((48, 56), seed=3)


def cubes(rows: int = 6, columns: int = 8, bands: int = 10) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    pair = rng.random((2, rows, columns, bands), np.float32)
    return pair[0], pair[1]


def test_shapes_and_range(made: Scene):
    assert made.before.shape == made.after.shape == (48, 56, len(WAVELENGTHS_NM))
    assert made.truth.shape == made.half_shape == (24, 28)
    assert set(np.unique(made.truth)) == {1, 2}
    for cube in (made.before, made.after):
        assert cube.dtype == np.float32
        assert 0 <= cube.min() < cube.max() <= 1
        assert (cube[..., opaque()] == 0).all()


def test_a_seed_makes_one_scene(made: Scene):
    again, other = synthetic_scene((48, 56), seed=3), synthetic_scene((48, 56), seed=4)
    np.testing.assert_array_equal(again.before, made.before)
    np.testing.assert_array_equal(again.after, made.after)
    np.testing.assert_array_equal(again.truth, made.truth)
    assert (other.truth != made.truth).any()


def test_kinds_are_a_finer_truth_of_the_same_scene(made: Scene):
    kinds = synthetic_scene((48, 56), seed=3, kinds=True)
    assert kinds.class_names == KINDS
    np.testing.assert_array_equal(kinds.before, made.before)
    assert np.mean((kinds.truth > 1) == (made.truth > 1)) > 0.97  # draws between kinds


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_change_is_seen_in_the_spectra_but_not_everywhere_at_once(seed: int):
    """Changed pixels differ more, yet the scene is no matter of a threshold alone."""
    scene = synthetic_scene((64, 64), seed=seed)
    light = ~opaque()
    length = np.abs(halve_cube(scene.after - scene.before)[..., light]).mean(axis=2)
    changed, same = length[scene.truth == 2], length[scene.truth == 1]
    assert np.median(changed) > 1.5 * np.median(same)
    assert same.max() > np.percentile(changed, 10)


def test_spectra_have_the_marks_of_their_materials():
    nm = np.arange(400.0, 2501.0, 10.0)
    at = {wanted: int(np.abs(nm - wanted).argmin()) for wanted in (550, 670, 800, 2100, 2200)}
    spectrum = {name: reflectance(name, nm, Traits()) for name in COVERS}
    for crop in ("alfalfa", "potatoes", "trees"):
        green = spectrum[crop]
        assert green[at[800]] > 4 * green[at[670]]
        assert green[at[550]] > green[at[670]]
    assert spectrum["water"][at[800]] < 0.05
    assert spectrum["stubble"][at[2100]] < spectrum["stubble"][at[2200]]
    assert all(((curve > 0) & (curve < 1)).all() for curve in spectrum.values())


def test_a_scene_without_room_is_refused():
    with pytest.raises(SceneError, match="too small"):
        synthetic_scene((16, 64))


def test_halving_by_majority_and_by_any():
    codes = np.array([[1, 1, 0, 0, 2], [2, 1, 0, 3, 2], [0, 1, 1, 2, 0]], np.uint8)
    np.testing.assert_array_equal(halve_map(codes), [[1, 0, 2], [1, 1, 0]])
    np.testing.assert_array_equal(halve_map(codes, sparse=True), [[1, 3, 2], [1, 1, 0]])
    nothing = np.zeros((4, 4), np.uint8)
    np.testing.assert_array_equal(halve_map(nothing, sparse=True), nothing[:2, :2])


def test_halving_a_cube_takes_means():
    before, _ = cubes(5, 8)
    half = halve_cube(before)
    assert half.shape == (3, 4, 10)
    np.testing.assert_allclose(half[1, 2], before[2:4, 4:6].mean(axis=(0, 1)), rtol=1e-6)
    np.testing.assert_allclose(half[2, 0], before[4, :2].mean(axis=0), rtol=1e-6)


def test_empty_bands_are_left_out_and_the_rest_is_scaled():
    before, after = cubes()
    before[..., 3], after[..., 7] = 0, np.nan
    bands = prepare_bands(Scene(before, after, ("a", "b")), 4)
    assert bands.left_out.tolist() == [3, 7]
    both = np.stack([bands.before, bands.after])
    assert both.shape == (2, 6, 8, 4)
    np.testing.assert_allclose(both.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(both.std(axis=(0, 1, 2)), 1, atol=1e-4)
    assert bands.valid.all()


def test_missing_pixels_are_known_and_filled():
    before, after = cubes()
    before[:2, :2], after[4, 4, 2] = np.nan, np.nan
    bands = prepare_bands(Scene(before, after, ("a", "b")), None)
    assert not bands.valid[0, 0]
    assert bands.valid.sum() == bands.valid.size - 1
    assert np.isfinite(bands.before).all()
    assert np.isfinite(bands.after).all()


@pytest.mark.parametrize(("wanted", "part"), [(2, "Choose 4 to 10"), (11, "Choose 4 to 10")])
def test_a_wrong_number_of_bands_is_refused(wanted: int, part: str):
    with pytest.raises(SceneError, match=part):
        prepare_bands(Scene(*cubes(), ("a", "b")), wanted)


def test_a_scene_without_spectra_is_refused():
    flat = np.ones((6, 8, 10), np.float32)
    with pytest.raises(SceneError, match="Only 0 of 10 bands"):
        prepare_bands(Scene(flat, flat, ("a", "b")), None)
