"""What a process is told of a step survives its way as bytes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.objective import Objective
from napari_hyperseg.learn.penalties import Penalties, ShareBounds
from napari_hyperseg.learn.sampling import Sampler
from napari_hyperseg.learn.task import Task
from napari_hyperseg.net.execution import Execution

CPU = torch.device("cpu")
ENCODING = InputEncoding(0.0, 100.0)


@pytest.fixture
def sampler(make_labelled):
    codes = np.zeros((8, 10, 24), np.uint8)
    codes[3, :, :12], codes[3, :, 12:] = 1, 2
    codes[:, 5, :12] = 1
    return Sampler([make_labelled(codes)], ENCODING, (3, 6, 16), 2, np.random.default_rng(4))


def test_a_task_is_the_same_elsewhere(sampler):
    drafts = sampler.plan()
    task = Task(
        Objective((1, 2, 3), torch.tensor([1.0, 0.5, 0.0]), Penalties(0.2, (ShareBounds(2, 0.1),))),
        Execution("checkpoint(3)", "bf16", 2**20),
        tuple(drafts),
        tuple(sampler.known(draft) for draft in drafts),
    )
    packed = task.packed()
    found = Task.unpacked(packed, CPU)
    assert found.drafts == task.drafts
    assert found.execution == task.execution
    assert (found.objective.order, found.objective.penalties) == (
        (1, 2, 3),
        task.objective.penalties,
    )
    assert torch.equal(found.objective.weights, task.objective.weights)
    data = {source.data.key: source.data for source in sampler.labelled}
    here, there = sampler.cut(drafts), found.batch(data, ENCODING)
    known = here.limits[:, 0] > 0
    assert known.any()
    assert torch.equal(here.channels, there.channels)
    assert torch.equal(here.limits, there.limits)
    assert torch.equal(here.weights[known], there.weights[known])


def test_parts_of_a_batch_have_the_loss_of_the_whole(make_model, sampler):
    model = make_model()
    net, sampler.encoding = model.net, model.encoding
    objective = Objective(
        (1, 2, 3), torch.ones(3), Penalties(0.5, (ShareBounds(1, most=0.1), ShareBounds(3, 0.5)))
    )
    drafts = sampler.plan()
    whole = objective.sums(net, sampler.cut(drafts))
    parts = [objective.sums(net, sampler.cut([draft])) for draft in drafts]
    assert whole.shape == (objective.n_sums,)
    torch.testing.assert_close(sum(parts), whole)
    torch.testing.assert_close(objective.loss(sum(parts)), objective.loss(whole))


def test_a_part_without_labels_has_no_gradient(make_model, sampler):
    model = make_model()
    net, sampler.encoding = model.net, model.encoding
    objective = Objective((1, 2, 3), torch.ones(3))
    batch = sampler.cut(sampler.plan())
    batch.limits[:, 0], batch.limits[:, 1] = 0, 255
    sums = objective.sums(net, batch)
    objective.loss(sums).backward()
    assert objective.loss(sums).item() == 0
    assert all(p.grad is None or not p.grad.any() for p in net.parameters())
