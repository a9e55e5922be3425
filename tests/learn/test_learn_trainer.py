"""Training on what can be learnt in a few steps, and going on from a checkpoint."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from napari_hyperseg.errors import JobError, LabelError, ModelError
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.checkpoint import TRAINING, restore_checkpoint, save_checkpoint
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.learn.penalties import Penalties, ShareBounds
from napari_hyperseg.learn.predictor import predict_box
from napari_hyperseg.learn.trainer import Trainer

CPU = torch.device("cpu")


@pytest.fixture
def two_layers(make_labelled, random):
    """Positive above, negative below a dipping boundary; labelled on two lines."""
    depth = 8 + (np.arange(24)[:, None] + np.arange(20)) / 6
    layers = np.where(np.arange(24) < depth[:, :, None], 1, 2)
    amplitude = np.where(layers == 1, 1.0, -1.0) + 0.3 * random.normal(size=layers.shape)
    codes = np.zeros(layers.shape, np.uint8)
    codes[12], codes[:, 10] = layers[12], layers[:, 10]
    return make_labelled(codes, amplitude)


@pytest.fixture
def make_trainer(make_model, two_layers):
    def make(model=None, seed=0):
        return Trainer(model or make_model(seed), [two_layers], CPU, seed)

    return make


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.net.parameters()])


def test_two_layers_are_learnt(make_trainer):
    trainer = make_trainer()
    results = [trainer.step(step / 200) for step in range(200)]
    assert trainer.model.step == trainer.steps_in_run == 200
    first, last = results[:5], results[-5:]
    assert np.mean([r.loss for r in last]) < 0.5 * np.mean([r.loss for r in first])
    assert np.mean([r.accuracy for r in last]) > 0.85
    assert all(r.voxels > 0 for r in results)


def test_the_seed_decides(make_trainer):
    runs = []
    for _ in range(2):
        trainer = make_trainer(seed=3)
        runs.append([trainer.step(0.0).loss for _ in range(3)])
    assert runs[0] == runs[1]


@pytest.mark.parametrize(("axes", "alike"), [((0, 1, 2), True), ((2,), True), ((1, 2), False)])
def test_blocks_are_turned_where_the_network_takes_both_directions_alike(
    make_model, two_layers, axes, alike
):
    trainer = Trainer(make_model(axes=axes), [two_layers], CPU, 0)
    assert trainer.sampler.exchanges == alike


def test_the_averaged_weights_follow_at_a_distance(make_trainer):
    trainer = make_trainer()
    start = weights(trainer.model)
    for _ in range(12):
        trainer.step(0.0)
    moved = torch.linalg.norm(weights(trainer.model) - start)
    behind = torch.linalg.norm(weights(trainer.averaged) - weights(trainer.model))
    assert 0 < behind < moved
    assert trainer.averaged.step == 12


@pytest.mark.parametrize("codes", [(), (2,)])
def test_less_than_two_classes_are_refused(make_labelled, make_model, codes):
    volume = np.zeros((9, 9, 9), np.uint8)
    for place, code in enumerate(codes):
        volume[place, 0] = code
    with pytest.raises(LabelError, match="at least two classes"):
        Trainer(make_model(), [make_labelled(volume)], CPU, 0)


def test_labels_that_changed_take_part(make_trainer, two_layers):
    trainer = make_trainer()
    assert trainer.weights[2] == 0
    two_layers.labels.facies.codes[20] = 3
    two_layers.refresh()
    trainer.refresh_labels([two_layers])
    assert trainer.weights[2] > 0
    assert any(int(trainer.sampler.draw().limits[:, 0].max()) == 3 for _ in range(20))


def test_what_is_asked_besides_the_labels_is_learnt(make_model, two_layers):
    asked = Penalties(smoothness=0.1, shares=(ShareBounds(1, most=0.2),))
    shares = []
    for penalties in (Penalties(), asked):
        trainer = Trainer(make_model(0), [two_layers], CPU, 0, penalties=penalties)
        for step in range(40):
            trainer.step(step / 40)
        codes, _ = predict_box(trainer.model, two_layers.data, whole(two_layers.data.shape))
        shares.append(np.mean(codes == 1))
    assert shares[1] < shares[0]


def like_in_the_middle(trainer):
    """No warm-up to come."""
    trainer.steps_in_run = 100
    return trainer


@pytest.fixture
def checkpointed(make_trainer, tmp_path):
    """A trainer after four steps, and the folder it was saved to."""
    trainer = make_trainer()
    for _ in range(4):
        trainer.step(0.1)
    save_checkpoint(trainer, tmp_path / "model")
    return trainer, tmp_path / "model"


def test_training_goes_on_as_if_it_had_not_stopped(checkpointed, make_trainer):
    uninterrupted, folder = checkpointed
    restored = make_trainer(load_model(folder, CPU))
    assert torch.equal(weights(restored.model), weights(uninterrupted.averaged))
    restore_checkpoint(restored, folder)
    assert restored.model.step == 4
    for _ in range(3):
        assert torch.equal(weights(restored.model), weights(uninterrupted.model))
        losses = [like_in_the_middle(t).step(0.2).loss for t in (uninterrupted, restored)]
        assert losses[0] == losses[1]
    assert restored.model.step == 7


def test_without_the_optimisers_memory_it_would_not(checkpointed, make_trainer):
    uninterrupted, folder = checkpointed
    forgetful = make_trainer(load_model(folder, CPU))
    restore_checkpoint(forgetful, folder)
    forgetful.descent.momentum.clear()
    for trainer in (uninterrupted, forgetful):
        like_in_the_middle(trainer).step(0.2)
    assert not torch.equal(weights(forgetful.model), weights(uninterrupted.model))


def other_network(folder):
    save_file({"net.kernels.0": torch.zeros(1)}, folder / TRAINING, {"step": "4"})


DAMAGE = {
    "missing": lambda folder: (folder / TRAINING).unlink(),
    "truncated": lambda folder: (folder / TRAINING).write_bytes(b"\x10\0\0\0\0\0\0\0{"),
    "no step": lambda folder: save_file({}, folder / TRAINING),
    "another network": other_network,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_no_checkpoint_is_refused_in_one_line(checkpointed, make_trainer, damage):
    _, folder = checkpointed
    damage(folder)
    with pytest.raises(ModelError, match="cannot go on") as refused:
        restore_checkpoint(make_trainer(), folder)
    assert "\n" not in str(refused.value)


def test_the_average_goes_on_where_it_was(checkpointed, make_trainer):
    uninterrupted, folder = checkpointed
    restored = make_trainer(load_model(folder, CPU))
    restore_checkpoint(restored, folder)
    assert restored.average.steps == uninterrupted.average.steps
    for ours, theirs in zip(
        restored.averaged.net.parameters(), uninterrupted.averaged.net.parameters(), strict=True
    ):
        assert torch.equal(ours, theirs)


def test_a_loss_that_is_no_number_ends_training_with_one_line(make_trainer):
    trainer = make_trainer()
    with torch.no_grad():
        trainer.model.net.kernels[0].fill_(float("nan"))
    with pytest.raises(JobError, match="Training diverged"):
        trainer.step(0.0)
