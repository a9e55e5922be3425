"""Picked horizons train with the real worker, and come back as surfaces."""

from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtCore import Qt

from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session import Phase
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.sample import synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

pytestmark = [pytest.mark.window, pytest.mark.slow]
NAMES = ("H2", "H4")
LINES = ["Inline 1004", "Inline 1010", "Inline 1016", "Inline 1019"]


@pytest.fixture
def files(tmp_path):
    write_synthetic(make_synthetic((20, 30, 60), seed=3), tmp_path, "cube")
    return synthetic_files(tmp_path, "cube")


@pytest.fixture
def dock(window, files, tmp_path, wait):
    project = Project.create(tmp_path / "cube.hyperseg", [files.segy])
    window.open(str(project.folder), plugin="napari-hyperseg")
    _, dock = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    wait(lambda: dock.model.session.labelled == ())
    yield dock
    handle = dock.model.handle
    dock.let_go()
    assert handle is None or handle.wait(30)


@pytest.fixture
def true(dock, files):
    geometry = dock.workspace.geometry
    return {name: read_horizon_file(files.horizons[name], geometry).values for name in NAMES}


def picked(times, lines):
    """The times on some inlines alone."""
    return np.where(np.isin(np.arange(len(times)), lines)[:, None], times, np.nan)


def peaks_near(dock, times):
    """Samples of a horizon, and of the peaks within two samples of it."""
    geometry, volume = dock.workspace.geometry, dock.workspace.tag.opened.volume
    at = ((times - geometry.start_ms) / geometry.sample_interval_ms).ravel()
    traces = np.asarray(volume[:]).reshape(len(at), -1)
    return at, snap(traces, at, Event.PEAK, 2.0)


def test_picked_horizons_come_back_as_surfaces(dock, true, qtbot, wait):
    horizons = dock.workspace.horizons

    def session():
        return dock.model.session

    upper, lower = NAMES
    horizons.add_picks({upper: (picked(true[upper], [3, 15]), "picked")})
    horizons.add_picks({lower: (picked(true[lower], [3, 9, 18]), "picked")})
    wait(lambda: session().parting == NAMES)
    rows = dock.lines.list.lines
    wait(lambda: [row.title for row in rows.rows] == LINES)
    assert [row.amount for row in rows.rows] == [
        "2 horizons",
        "1 horizon",
        "1 horizon",
        "1 horizon",
    ]
    dock.workspace.navigation.visit((0, 3))
    dock.workspace.navigation.next_labelled()
    assert dock.workspace.navigation.place == (0, 9)
    qtbot.mouseClick(dock.training.train, Qt.MouseButton.LeftButton)
    assert dock.workspace.legend.names == ("above H2", "H2 to H4", "below H4")
    wait(lambda: session().phase is Phase.TRAINING and session().step > 2, 120)

    lines = picked(true[upper], [9])  # what is picked while it trains is read, too
    horizons.add_picks({upper: (lines, "picked")})
    wait(lambda: session().progress.predicted == 1, 120)
    dock.stop()
    wait(lambda: session().phase is Phase.READY, 60)

    horizons.snap_to(upper, "peak")
    before = {name: horizons.picks(name).times for name in NAMES}
    dock.tabs.setCurrentWidget(dock.horizons)
    dock.horizons.from_prediction.trigger()
    wait(lambda: all(entry.surface is not None for entry in horizons.entries), 30)
    assert tuple(entry.name for entry in horizons.entries) == NAMES
    for name in NAMES:
        assert np.array_equal(horizons.picks(name).times, before[name], equal_nan=True)
        missed = (
            np.abs(horizons.grid(name) - true[name]) / dock.workspace.geometry.sample_interval_ms
        )
        assert np.nanmedian(missed) < 1
        assert np.isfinite(horizons.grid(name)).mean() > 0.8
    at, near = peaks_near(dock, horizons.grid(upper))
    free = np.isfinite(near) & np.isnan(before[upper].ravel())
    assert np.allclose(at[free], near[free], atol=0.01)
