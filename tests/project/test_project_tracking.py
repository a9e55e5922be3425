"""Tracking in a process of its own: the surface comes back, and nothing is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.tracking import BackgroundTracking


@pytest.fixture
def waiting() -> tuple[threading.Event, Callable[[], bool]]:
    told = threading.Event()
    return told, lambda: told.wait(60)


@pytest.fixture
def tracking() -> Iterator[BackgroundTracking]:
    job = BackgroundTracking()
    yield job
    job.close()


def picks() -> np.ndarray:
    grid = np.full((6, 5), np.nan, np.float32)
    grid[2, 2] = 130
    return grid


def test_a_surface_comes_back(project: Project, tracking: BackgroundTracking, waiting):
    told, wait = waiting
    came: list[tuple] = []
    tracking.tracked.connect(lambda *what: (came.append(what), told.set()))
    tracking.track(project, "tiny", "Top", picks(), TrackingOptions(threshold=-1))
    assert tracking.state.running
    assert wait(), tracking.state.message
    ((key, name, surface, confidence),) = came
    assert (key, name) == ("tiny", "Top")
    assert surface[2, 2] == 130
    assert surface.shape == confidence.shape == (6, 5)
    assert surface.dtype == np.float32
    assert not tracking.state.running


def test_what_fails_says_why(project: Project, tracking: BackgroundTracking, waiting):
    told, wait = waiting
    tracking.changed.connect(lambda: tracking.state.message and told.set())
    Path(project.entry("tiny").path).unlink()
    tracking.track(project, "tiny", "Top", picks(), TrackingOptions())
    assert wait()
    assert "tiny.sgy" in tracking.state.message
    assert not tracking.state.running


def test_a_stopped_tracking_tells_nothing(project: Project, tracking: BackgroundTracking):
    came: list[tuple] = []
    tracking.tracked.connect(lambda *what: came.append(what))
    tracking.track(project, "tiny", "Top", picks(), TrackingOptions())
    tracking.stop()
    tracking._starting.shutdown(wait=True)
    assert not tracking.state.running
    assert came == []
