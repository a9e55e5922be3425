"""Models on disk: what is saved comes back, and nothing else is taken for a model."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.below import STEPS
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.card import CARD, WEIGHTS
from napari_hyperseg.learn.model import load_model

CPU = torch.device("cpu")


@pytest.fixture
def model(make_model):
    return make_model()


@pytest.fixture
def folder(model, tmp_path):
    folder = tmp_path / "models" / "1"
    model.step = 41
    model.save(folder)
    return folder


def edit_card(folder, change):
    card = json.loads((folder / CARD).read_text())
    change(card)
    (folder / CARD).write_text(json.dumps(card))


def test_a_saved_model_predicts_the_same(model, folder, random):
    channels = random.normal(size=(model.encoding.n_channels, 9, 6, 13)).astype(np.float32)
    loaded = load_model(folder, CPU)
    assert loaded.encoding == model.encoding
    assert loaded.net.config == model.net.config
    assert loaded.step == 41
    for ours, theirs in zip(
        model.predict(Block(channels)), loaded.predict(Block(channels)), strict=True
    ):
        assert np.array_equal(ours, theirs)


def test_balance_and_held_out_patches_are_kept(model, tmp_path):
    model.balance, model.sides = 0.25, {"made": 16}
    model.save(tmp_path)
    loaded = load_model(tmp_path, CPU)
    assert loaded.balance == 0.25
    assert loaded.sides == {"made": 16}


@pytest.mark.parametrize(
    ("balance", "network", "tracked"),
    [(0, 0, 1), (0.2, 0.25, 1), (0.5, 1, 1), (0.8, 1, 0.25), (1, 1, 0)],
)
def test_the_balance_is_the_networks_share(make_model, random, balance, network, tracked):
    model = make_model(n_classes=3)
    channels = random.normal(size=(model.encoding.n_channels, 4, 4, 8)).astype(np.float32)
    expected = random.normal(size=(3, 4, 4, 8)).astype(np.float32)
    evidence = model.evidence(Block(channels, expected))
    logits = model.logits(evidence, Block(channels, expected), balance).numpy()
    assert np.allclose(logits, network * evidence.numpy() + tracked * expected, atol=1e-5)
    assert torch.equal(model.logits(evidence, Block(channels), balance), evidence)


def test_codes_are_classes_from_one_and_confidence_is_their_probability(model, random):
    channels = random.normal(size=(model.encoding.n_channels, 8, 8, 8)).astype(np.float32)
    codes, confidence = model.predict(Block(channels))
    probabilities = torch.softmax(model.net(torch.from_numpy(channels)[None])[0], dim=0)
    assert codes.dtype == confidence.dtype == np.uint8
    assert np.array_equal(codes, probabilities.argmax(dim=0).numpy() + 1)
    assert np.abs(confidence - 100 * probabilities.amax(dim=0).detach().numpy()).max() <= 0.51


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_below_a_boundary_are_all_classes_further_down(model, random, order):
    channels = random.normal(size=(model.encoding.n_channels, 8, 6, 10)).astype(np.float32)
    codes, confidence, below = model.predict(Block(channels), order=order)
    assert np.array_equal(codes, model.predict(Block(channels))[0])
    assert np.array_equal(confidence, model.predict(Block(channels))[1])
    probabilities = torch.softmax(model.net(torch.from_numpy(channels)[None])[0], dim=0)
    assert below.dtype == np.uint8
    assert below.shape == (model.n_classes - 1, 8, 6, 10)
    for boundary, found in enumerate(below):
        deeper = [code - 1 for code in order[boundary + 1 :]]
        expected = probabilities[deeper].sum(dim=0).detach().numpy()
        assert np.abs(found - STEPS * expected).max() <= 0.51
    assert (below[:-1] >= below[1:]).all()


def test_saving_replaces_and_leaves_nothing_beside(model, folder):
    model.step = 42
    model.save(folder)
    assert sorted(path.name for path in folder.iterdir()) == [CARD, WEIGHTS]
    assert load_model(folder, CPU).step == 42


def truncate_weights(folder):
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) // 2])


def foreign_weights(folder):
    save_file({"conv.weight": torch.zeros(3, 3)}, folder / WEIGHTS)


def other_shapes(folder):
    edit_card(folder, lambda card: card["network"].update(path=[[0, 0, 4], [1, 1, 6], [0, 0, 4]]))


def saw_boundaries(folder):
    edit_card(folder, lambda card: card.update(format=3))
    edit_card(folder, lambda card: card["encoding"].update(prior_classes=3))


DAMAGE = {
    "a network that saw tracked boundaries": saw_boundaries,
    "no card": lambda folder: (folder / CARD).unlink(),
    "no weights": lambda folder: (folder / WEIGHTS).unlink(),
    "empty card": lambda folder: (folder / CARD).write_text(""),
    "binary card": lambda folder: (folder / CARD).write_bytes(b"\x93NUMPY\xff"),
    "a list for a card": lambda folder: (folder / CARD).write_text("[1, 2]"),
    "a number for a network": lambda folder: edit_card(folder, lambda c: c.update(network=5)),
    "card of a later version": lambda folder: edit_card(folder, lambda c: c.update(format=99)),
    "unknown field": lambda folder: edit_card(folder, lambda c: c["network"].update(colour=1)),
    "unknown activation": lambda folder: edit_card(
        folder, lambda c: c["network"].update(activation="gelu")
    ),
    "an axis too many": lambda folder: edit_card(folder, lambda c: c["network"].update(axes=[3])),
    "words for numbers": lambda folder: edit_card(folder, lambda c: c["network"].update(width="8")),
    "other channels": lambda folder: edit_card(folder, lambda c: c["encoding"].update(octaves=3)),
    "no time": lambda folder: edit_card(folder, lambda c: c["encoding"].update(stop_ms=0.0)),
    "endless steps": lambda folder: edit_card(folder, lambda c: c.update(step=float("inf"))),
    "truncated weights": truncate_weights,
    "foreign weights": foreign_weights,
    "weights of another shape": other_shapes,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_no_model_is_refused_in_one_line(folder, damage):
    damage(folder)
    with pytest.raises(ModelError) as refused:
        load_model(folder, CPU)
    assert "\n" not in str(refused.value)
    assert str(folder) in str(refused.value)
    assert len(str(refused.value)) < 600
