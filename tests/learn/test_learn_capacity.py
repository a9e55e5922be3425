"""What fits into given memory: cubes, and levels of a network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.learn import capacity
from napari_hyperseg.learn.capacity import (
    LARGEST_SIDE,
    SHARE_OF_MEMORY,
    largest_cube,
    with_levels_that_fit,
)
from napari_hyperseg.learn.fresh import new_model
from napari_hyperseg.net.budget import training_footprint
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.path import valley

CPU = torch.device("cpu")
CONFIG = NetConfig(in_channels=9, n_classes=6, width=12)
LARGE = NetConfig(9, 6, width=12, path=valley((1, 1, 1, 1, 1), (4, 4, 8, 8, 8)))
GIB = 2**30


def test_the_largest_cube_fits_and_the_next_does_not():
    for free in (GIB, 8 * GIB, 80 * GIB):
        side = largest_cube(CONFIG, CPU, free=free)
        fits, too_large = (
            training_footprint(CONFIG, (s, s, s), Execution()).peak
            for s in (side, side + max(CONFIG.multiple))
        )
        assert fits <= SHARE_OF_MEMORY * free < too_large


def test_where_memory_is_plenty_the_libraries_are_the_limit():
    """Rows of many channels are too large for one convolution before they are for the memory."""
    wide = NetConfig(in_channels=21, n_classes=8, width=24)
    plenty = largest_cube(wide, CPU, free=2**44)
    assert 256 <= plenty < LARGEST_SIDE
    assert plenty == largest_cube(wide, CPU, free=2**46)


def test_more_is_predicted_at_once_than_trained():
    for free in (GIB, 24 * GIB):
        trained, predicted = (largest_cube(CONFIG, CPU, t, free) for t in (True, False))
        assert trained < predicted


def test_what_a_machine_can_do():
    found = capacity.capacity(CPU)
    assert found.device == "cpu"
    assert 16 <= found.trained_side < found.predicted_side


@pytest.mark.parametrize(("room", "levels"), [(2**40, 5), (2**28, 4), (2**25, 3), (1, 1)])
def test_levels_follow_from_memory(monkeypatch, room, levels):
    monkeypatch.setattr(capacity, "free_bytes", lambda device: room)
    assert with_levels_that_fit(LARGE, CPU).levels == levels


def test_the_levels_of_the_output_stay(monkeypatch):
    monkeypatch.setattr(capacity, "free_bytes", lambda device: 1)
    coarse_map = NetConfig(9, 6, width=12, path=valley((1, 1, 1), (4, 4, 4))[:2])
    assert with_levels_that_fit(coarse_map, CPU) == coarse_map


def test_a_new_model_says_that_levels_were_left_out(monkeypatch, make_data):
    told: list[str] = []
    geometries = [make_data(np.zeros((16, 16, 16))).geometry]
    path = {"path": LARGE.path}
    model = new_model(geometries, 6, path, CPU, told.append)
    assert (model.net.config.levels, told) == (5, [])
    monkeypatch.setattr(capacity, "free_bytes", lambda device: 2**25)
    model = new_model(geometries, 6, path, CPU, told.append)
    assert model.net.config.levels < 5
    assert len(told) == 1
    assert "Memory is short: the network has" in told[0]
