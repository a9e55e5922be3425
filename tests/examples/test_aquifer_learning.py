"""Inputs, orientations, windows, tiles and scores of the aquifer map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

pytest.importorskip("rasterio")

from examples.aquifer.failure import AquiferError
from examples.aquifer.holding_out import hold_out
from examples.aquifer.inputs import network_input, standardised
from examples.aquifer.learning import Settings, network, train
from examples.aquifer.orientation import Augmentation
from examples.aquifer.peers import nearest_label, per_pixel_network
from examples.aquifer.prediction import class_probabilities, tiles
from examples.aquifer.scene import OTHER_CLASS, Scene
from examples.aquifer.scores import score
from examples.aquifer.windows import Windows


@pytest.fixture
def stripes() -> Scene:
    """Two classes that one channel tells apart; labelled along two rows."""
    rng = np.random.default_rng(0)
    truth = np.ones((40, 64), np.uint8)
    truth[:, 20:44] = 2
    labels = np.zeros_like(truth)
    labels[[5, 30]] = truth[[5, 30]]
    channel = (truth + 0.1 * rng.standard_normal(truth.shape)).astype(np.float32)
    return Scene(
        {"only": channel}, labels, np.ones(truth.shape, bool), 50.0, ("low", "high"), (1, 2), truth
    )


def test_every_orientation_can_be_undone():
    maps = torch.randn(2, 5, 7)
    seen = set()
    for way in Augmentation.ALL.orientations:
        turned = way.apply(maps)
        torch.testing.assert_close(way.undo(turned), maps)
        seen.add((tuple(turned.shape), turned.flatten()[0].item(), turned.flatten()[1].item()))
    assert len(seen) == 8


def test_mirrors_keep_the_direction_of_lines():
    lines = torch.arange(6.0).expand(4, 6)  # constant along rows' direction
    for way in Augmentation.MIRRORS.orientations:
        assert (way.apply(lines).diff(dim=0) == 0).all()
    assert [tuple(way) for way in Augmentation.NONE.orientations] == [(0, False)]


def test_positions_belong_to_the_place(stripes: Scene):
    """Turned or not, a pixel's position channels and its code are those of one place."""
    inputs = torch.from_numpy(network_input(stripes, positions=True))
    codes = torch.arange(1, stripes.labels.size + 1).reshape(stripes.shape)
    windows = Windows(inputs, codes, 16, Augmentation.ALL, seed=0)
    for _ in range(10):
        shown, there = windows.draw()
        place = np.unravel_index(there.numpy() - 1, stripes.shape)
        for plane, index in zip(shown[0, -2:], place, strict=True):
            np.testing.assert_allclose(plane, 2 * index[0] / 63 - 1, atol=1e-6)


def test_windows_hold_labels_and_fit_small_areas(stripes: Scene):
    inputs = torch.from_numpy(network_input(stripes, positions=False))
    labels = torch.from_numpy(stripes.labels.astype(np.int64))
    windows = Windows(inputs, labels, 256, Augmentation.ALL, seed=0)
    shown, codes = windows.draw()
    assert set(shown.shape[2:]) == {40, 64}
    assert (codes > 0).any()


def test_scaling_knows_only_valid_pixels():
    grid = np.random.default_rng(0).normal(7, 3, (50, 50))
    valid = np.ones(grid.shape, bool)
    valid[:10] = False
    spoilt = np.where(valid, grid, 1e6)
    np.testing.assert_array_equal(
        standardised(grid, valid)[valid], standardised(spoilt, valid)[valid]
    )
    assert np.abs(standardised(spoilt, valid)).max() < 10
    assert abs(standardised(grid, valid)[valid].mean()) < 0.1


def test_a_constant_channel_is_no_trouble():
    flat = standardised(np.full((5, 5), 3.0), np.ones((5, 5), bool))
    np.testing.assert_array_equal(flat, 0)


def test_the_network_learns_stripes(stripes: Scene):
    settings = Settings(steps=80, window=32, width=4, layers=(1, 1), ranks=(4, 4))
    inputs = torch.from_numpy(network_input(stripes, positions=False))
    net = network(len(inputs), 2, settings)
    losses: list[float] = []
    labels = torch.from_numpy(stripes.labels.astype(np.int64))
    averaged = train(net, inputs, labels, settings, lambda _, loss, __: losses.append(loss))
    found = class_probabilities(averaged, inputs, settings.augmentation.orientations)
    torch.testing.assert_close(found.sum(0), torch.ones(stripes.shape))
    assert len(losses) == 80
    assert score(stripes.truth, 1 + found.argmax(0).numpy(), stripes.scored, 2).mean_iou > 0.9


def test_tiles_keep_every_pixel_once():
    kept = np.zeros((1500, 2100), int)
    plane = np.arange(kept.size).reshape(kept.shape)
    for seen, keep, inner in tiles(*kept.shape):
        kept[keep] += 1
        np.testing.assert_array_equal(plane[seen][inner], plane[keep])
    assert (kept == 1).all()


def test_peers_know_their_labels(stripes: Scene):
    found = nearest_label(stripes.labels)
    np.testing.assert_array_equal(found[[5, 30]], stripes.labels[[5, 30]])
    inputs = network_input(stripes, positions=False)
    found = per_pixel_network(inputs, stripes.labels, 2, seed=0, steps=80)
    assert score(stripes.truth, found, stripes.scored, 2).pixel_accuracy > 0.9


def test_scores_by_hand():
    truth = np.array([[1, 1, 2, 2, 2, OTHER_CLASS, 0]])
    found = np.array([[1, 2, 2, 2, 1, 1, 1]])
    got = score(truth, found, truth > 0, 2)
    assert got.pixels == 6
    assert got.pixel_accuracy == pytest.approx(3 / 6)
    assert got.iou == pytest.approx((1 / 4, 2 / 4))
    assert got.class_accuracy == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)
    assert got.mean_iou == pytest.approx((1 / 4 + 2 / 4 + 0) / 3)
    assert score(truth, found, np.zeros(truth.shape, bool), 2) is None


def test_held_out_labels_are_not_shown(stripes: Scene):
    unknown = replace(stripes, truth=None)
    held = hold_out(unknown, 0.3, seed=1)
    assert held.scored.any()
    assert not (held.labels > 0)[held.scored].any()
    np.testing.assert_array_equal(held.labels + held.truth, stripes.labels)
    rare = np.where(stripes.labels == 1, 1, 0).astype(np.uint8)
    rare[30, 30] = 2
    with pytest.raises(AquiferError, match="leaves none of high"):
        hold_out(replace(unknown, labels=rare), 0.9, seed=1)
