"""Inputs, views, the network, its peers and the scores of the hyperspectral change map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

pytest.importorskip("h5py")

from examples.hyperspectral.bands import Bands, prepare_bands
from examples.hyperspectral.learning import (
    ORIENTATIONS,
    PAPER,
    Settings,
    Views,
    as_block,
    class_probabilities,
    network,
    train,
)
from examples.hyperspectral.mapping import map_with_network, network_input, peer_maps
from examples.hyperspectral.peers import change_vectors, logistic_regression
from examples.hyperspectral.scene import Scene
from examples.hyperspectral.scores import score_maps, table


@pytest.fixture
def stripes() -> Scene:
    """A stripe changes colour; another has always been of another colour."""
    rng = np.random.default_rng(0)
    spectra = np.stack([np.linspace(0.2, 0.6, 12), np.linspace(0.5, 0.1, 12)])
    kinds = np.zeros((2, 19, 24), int)
    kinds[:, :, 16:] = 1
    kinds[1, :, 4:10] = 1
    cubes = spectra[kinds] + 0.02 * rng.standard_normal((2, 19, 24, 12))
    truth = np.ones((10, 12), np.uint8)
    truth[:, 2:5] = 2
    labels = np.zeros_like(truth)
    labels[[2, 7]] = truth[[2, 7]]
    before, after = cubes.astype(np.float32)
    return Scene(before, after, ("unchanged", "changed"), truth, labels=labels)


@pytest.fixture
def bands(stripes: Scene) -> Bands:
    return prepare_bands(stripes, 6)


def test_an_odd_row_is_repeated(bands: Bands):
    inputs = network_input(bands)
    assert inputs.shape == (2, 6, 20, 24)
    np.testing.assert_array_equal(inputs[:, :, 18], inputs[:, :, 19])


def test_views_turn_data_and_codes_together():
    """Each block of 2 x 2 pixels spells the code of its pixel in the map."""
    codes = torch.arange(1, 16).reshape(3, 5)
    pixels = codes.repeat_interleave(2, 0).repeat_interleave(2, 1).float()
    views = Views(pixels.expand(2, 4, 6, 10), codes, Settings(noise=0.0), symmetric=False)
    shapes = set()
    for _ in range(20):
        data, turned = views.draw()
        shapes.add(tuple(data.shape))
        assert data.shape[0] == turned.shape[0] == 1
        torch.testing.assert_close(data[0, 0, ::2, ::2, 1], turned[0].float())
        torch.testing.assert_close(data[0, 1, 1::2, 1::2, 3], turned[0].float())
    assert shapes == {(1, 2, 6, 10, 4), (1, 2, 10, 6, 4)}


def test_swapped_dates_turn_the_difference_round():
    inputs = torch.stack([torch.ones(4, 6, 6), torch.full((4, 6, 6), 3.0)])
    codes = torch.ones(3, 3, dtype=torch.int64)
    for symmetric, expected in ((True, {-3.0, 3.0}), (False, {3.0})):
        views = Views(inputs, codes, Settings(noise=0.0), symmetric)
        drawn = [views.draw()[0] for _ in range(20)]
        assert {data[0, 1].unique().item() for data in drawn} == expected
        assert {data[0, 0].unique().item() for data in drawn} == {1.0}


def test_the_map_has_half_the_resolution_and_no_wavelengths():
    net = network(3, Settings(width=2, rank=2))
    inputs = torch.randn(2, 8, 12, 10)
    found = class_probabilities(net, inputs)
    assert found.shape == (3, 6, 5)
    torch.testing.assert_close(found.sum(0), torch.ones(6, 5))
    turned = class_probabilities(net, ORIENTATIONS[3].apply(inputs))
    torch.testing.assert_close(turned, ORIENTATIONS[3].apply(found), atol=1e-5, rtol=1e-4)


def test_the_paper_s_network():
    config = network(2, PAPER).config
    assert config.layers == 18
    assert config.width == 16
    assert config.step_size**2 == pytest.approx(0.04)
    assert config.output_shape((368, 288, 184)) == (184, 144)


@pytest.mark.slow
def test_the_network_learns_the_change(stripes: Scene, bands: Bands):
    losses: list[str] = []
    settings = Settings(steps=60, members=1, noise=0.1)
    found = map_with_network(stripes, bands, settings, torch.device("cpu"), losses.append)
    got = score_maps(stripes, bands.valid, {"net": found.classes}, ())["net"]
    assert got.change_iou > 0.7
    assert got.pixels == 96
    assert found.steps == 60
    assert found.confidence.min() >= 0.5
    assert "step 60/60" in losses[-1]


def test_training_repeats_itself_and_stops_in_time(stripes: Scene, bands: Bands):
    inputs = torch.from_numpy(network_input(bands))
    labels = torch.from_numpy(stripes.labels.astype(np.int64))

    def losses(settings: Settings) -> list[float]:
        kept: list[float] = []
        train(network(2, settings), inputs, labels, settings, lambda _, loss, __: kept.append(loss))
        return kept

    few = Settings(steps=4)
    assert losses(few) == losses(few)
    assert len(losses(replace(few, minutes=1e-9))) < 4


@pytest.mark.slow
def test_where_data_is_missing_there_is_no_map(stripes: Scene):
    stripes.before[:6, :6] = np.nan
    bands = prepare_bands(stripes, 6)
    found = map_with_network(
        stripes, bands, Settings(steps=2, members=2), torch.device("cpu"), lambda _: None
    )
    assert not bands.valid[:3, :3].any()
    for classes in (found.classes, *peer_maps(stripes, bands).values()):
        np.testing.assert_array_equal(classes > 0, bands.valid)


def test_peers_find_an_easy_change(stripes: Scene, bands: Bands):
    scores = score_maps(stripes, bands.valid, peer_maps(stripes, bands), ())
    assert len(scores) == 3
    assert min(got.change_iou for got in scores.values()) > 0.95


def test_the_threshold_of_change_vectors_is_fitted():
    before, after = np.zeros((1, 8, 4), np.float32), np.zeros((1, 8, 4), np.float32)
    after[0, :, 0] = np.arange(8)
    labels = np.array([[1, 1, 0, 0, 1, 2, 0, 2]], np.uint8)
    np.testing.assert_array_equal(change_vectors(before, after, labels), [[1, 1, 1, 1, 1, 2, 2, 2]])


def test_logistic_regression_tells_three_classes_apart():
    features = np.zeros((3, 6, 3), np.float32)
    features[[0, 1, 2], :, [0, 1, 2]] = 1
    labels = np.zeros((3, 6), np.uint8)
    labels[:, 0] = 1, 2, 3
    found = logistic_regression(features, labels, 3)
    np.testing.assert_array_equal(found, np.array([[1], [2], [3]]) * np.ones((1, 6)))


def test_scores_by_hand(stripes: Scene):
    truth = np.array([[1, 1, 2, 3, 0, 2]], np.uint8)
    labels = np.array([[0, 0, 0, 0, 0, 2]], np.uint8)
    scene = replace(stripes, class_names=("a", "b", "c"), codes=(), truth=truth, labels=labels)
    maps = {"kinds": np.array([[1, 3, 2, 2, 1, 1]], np.uint8), "change": truth}
    scores = score_maps(scene, np.ones(truth.shape, bool), maps, ("change",))
    got = scores["kinds"]
    assert got.pixels == 4
    assert got.accuracy == pytest.approx(2 / 4)
    assert got.change_iou == pytest.approx(2 / 3)
    assert scores["change"].accuracy is None
    assert scores["change"].change_iou == 1
    assert table(scores).splitlines()[-1].split() == ["change", "-", "-", "-", "1.000"]
    assert score_maps(replace(scene, truth=None), truth > 0, maps, ()) == {}


def test_the_batch_is_one_block_of_rows_columns_and_wavelengths():
    inputs = torch.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    block = as_block(inputs)
    assert block.shape == (1, 2, 4, 5, 3)
    assert block[0, 1, 2, 3, 0] == inputs[1, 0, 2, 3]
