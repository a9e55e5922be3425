"""Memory that runs short is recognised, and training goes on with less."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.errors import JobError
from napari_hyperseg.learn.memory import free_bytes, is_out_of_memory
from napari_hyperseg.learn.trainer import Trainer
from napari_hyperseg.net.execution import Execution

CPU = torch.device("cpu")
TOO_MUCH = 2**60


def test_torchs_refusal_is_recognised():
    with pytest.raises(RuntimeError) as refused:
        torch.empty(TOO_MUCH, dtype=torch.uint8)
    assert is_out_of_memory(refused.value)
    assert is_out_of_memory(MemoryError())
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))


def test_other_errors_are_not():
    with pytest.raises(RuntimeError) as refused:
        torch.ones(2) @ torch.ones(3)
    assert not is_out_of_memory(refused.value)
    assert not is_out_of_memory(ValueError("out of memory"))


def test_there_is_some_memory_here():
    assert 2**26 < free_bytes(CPU) < 2**50


@pytest.fixture
def make_trainer(make_model, make_labelled, random):
    def make(**fields):
        codes = np.zeros((24, 20, 40), np.uint8)
        codes[12], codes[:, 10] = 1, 2
        labelled = make_labelled(codes, random.normal(size=codes.shape))
        return Trainer(make_model(**fields), [labelled], CPU, seed=0)

    return make


@pytest.fixture
def trainer(make_trainer):
    return make_trainer()


def leave_room_for(trainer, fits):
    """Let torch refuse, as it does when memory is short, whatever does not fit."""
    net = trainer.model.net
    forward = net.forward

    def checked(data, where=None):
        if not fits(net.execution, data):
            torch.empty(TOO_MUCH, dtype=torch.uint8)
        return forward(data, where)

    net.forward = checked


def test_it_recomputes_instead_of_storing(trainer):
    assert str(trainer.model.net.execution.mode) == "store"
    leave_room_for(trainer, lambda execution, data: str(execution.mode) != "store")
    assert np.isfinite(trainer.step(0.0).loss)
    assert str(trainer.model.net.execution.mode) == "reversible"
    assert trainer.warnings == [
        "Memory ran out: training goes on in mode reversible, with less scratch."
    ]


def test_then_its_blocks_become_smaller(trainer):
    voxels = trainer.step(0.0).voxels
    leave_room_for(trainer, lambda execution, data: data[:, 0].numel() <= voxels // 2)
    assert trainer.step(0.0).voxels <= voxels // 2
    assert "blocks of" in trainer.warnings[-1]
    assert trainer.steps_in_run == 2


def test_it_gives_up_where_nothing_fits(trainer):
    leave_room_for(trainer, lambda execution, data: False)
    with pytest.raises(JobError, match="not enough memory for one training step"):
        trainer.step(0.0)


def test_a_step_with_states_that_drifted_is_not_taken(make_trainer):
    trainer = make_trainer(path=((0, 20, 4),))
    trainer._execute(Execution("reversible"))
    with torch.no_grad():
        for kernel in trainer.model.net.kernels:
            kernel.mul_(6)
    before = [kernel.detach().clone() for kernel in trainer.model.net.kernels]
    trainer.step(0.0)
    for kernel, former in zip(trainer.model.net.kernels, before, strict=True):
        assert torch.equal(kernel, former)
    assert str(trainer.model.net.monitor.mode) != "reversible"
    assert "off by" in trainer.warnings[-1]
