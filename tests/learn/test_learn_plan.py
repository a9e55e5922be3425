"""Blocks and modes follow from the memory there is."""

from __future__ import annotations

from itertools import pairwise

import torch

from napari_hyperseg.learn import capacity, plan
from napari_hyperseg.learn.capacity import SHARE_OF_MEMORY
from napari_hyperseg.learn.plan import (
    prediction_voxels,
    thriftier_execution,
    training_execution,
    training_voxels,
)
from napari_hyperseg.net.budget import training_footprint
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.modes import Mode

CPU = torch.device("cpu")
CONFIG = NetConfig(in_channels=9, n_classes=6, width=12)


def test_a_cpu_takes_small_steps(monkeypatch):
    assert training_voxels(CONFIG, 120, CPU) == 2 * 400 * 120
    assert training_voxels(CONFIG, 1500, CPU) == 2 * 400 * 256
    monkeypatch.setattr(capacity, "free_bytes", lambda device: 2**23)
    assert training_voxels(CONFIG, 1500, CPU) < 2 * 400 * 256


def test_somebody_who_waits_gets_small_boxes():
    assert prediction_voxels(CONFIG, CPU, live=True) < prediction_voxels(CONFIG, CPU, live=False)


def test_everything_is_stored_where_it_fits(monkeypatch):
    shape = (64, 64, 64)
    stored = training_footprint(CONFIG, shape, Execution("store"), batch=2).peak
    for room, mode in ((1.01, "store"), (0.99, "reversible")):
        monkeypatch.setattr(plan, "free_bytes", lambda d, r=room: r * stored / SHARE_OF_MEMORY)
        assert str(training_execution(CONFIG, shape, 2, CPU).mode) == mode


def test_a_wanted_mode_is_taken():
    execution = training_execution(CONFIG, (16, 16, 16), 1, CPU, "checkpoint(3)")
    assert execution.mode == Mode("checkpoint", 3)
    assert execution.precision == "float32"


def test_each_step_down_needs_less_and_there_is_an_end():
    ladder = [Execution("store")]
    while (thriftier := thriftier_execution(ladder[-1], CPU)) is not None:
        ladder.append(thriftier)
    peaks = [training_footprint(CONFIG, (64, 64, 64), execution).peak for execution in ladder]
    assert len(ladder) >= 3
    assert all(b <= a for a, b in pairwise(peaks))
    assert peaks[1] < 0.7 * peaks[0]
