"""Horizons are picked with the mouse: seeds snap and are tracked, strokes draw and erase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication

from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role, tagged

pytestmark = pytest.mark.window
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_synthetic(make_synthetic((20, 30, 60), seed=3), tmp_path, "cube")
    return Project.create(tmp_path / "cube.hyperseg", [synthetic_files(tmp_path, "cube").segy])


@pytest.fixture
def opened(window, dock, project, wait):
    window.open(str(project.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    dock.tabs.setCurrentWidget(dock.horizons)
    return dock


@pytest.fixture
def canvas():
    """A function that finds the widget that draws the canvas; nothing is held on to."""
    return lambda: next(
        widget
        for widget in QApplication.allWidgets()
        if type(widget).__name__ == "CanvasBackendDesktop" and widget.isVisible()
    )


@pytest.fixture
def at(window, opened, canvas):
    """A function that gives the place on the canvas of a trace and a sample of the section."""

    def point(trace: float, sample: float) -> QPoint:
        section, line = opened.workspace.navigation.section, opened.workspace.navigation.line
        place = [0.0, 0.0, sample]
        place[section], place[1 - section] = line, trace
        layer = opened.workspace.layer(Role.AMPLITUDE)
        world = np.array(layer.data_to_world(place))[list(window.dims.displayed)]
        camera, size = camera_of(window), canvas().size()
        offset = (world - np.asarray(camera.center)[-2:]) * camera.zoom
        return QPoint(round(size.width() / 2 + offset[1]), round(size.height() / 2 + offset[0]))

    return point


def peak(opened, trace: int) -> int:
    """The strongest peak of a trace of the inline in view."""
    volume = np.asarray(opened.workspace.tag.opened.volume[opened.workspace.navigation.line])
    return int(volume[trace, 15:45].argmax()) + 15


def samples(opened) -> np.ndarray:
    """Picks of the inline in view, in samples."""
    geometry = opened.workspace.geometry
    times = opened.workspace.horizons.picks(opened.workspace.picking.horizon).times
    line = times[opened.workspace.navigation.line]
    return (line - geometry.start_ms) / geometry.sample_interval_ms


def drag(qtbot, widget, begin: QPoint, end: QPoint, keys=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mousePress(widget, LEFT, keys, begin)
    for share in np.linspace(0, 1, 12):
        here = begin + (end - begin) * share
        qtbot.mouseMove(widget, here)
        qtbot.wait(20)
    qtbot.mouseRelease(widget, LEFT, keys, end)


def test_a_seed_snaps_is_tracked_and_undone(window, opened, qtbot, wait, canvas, at):
    rows = opened.horizons.picking
    qtbot.mouseClick(rows.new, LEFT)
    assert opened.workspace.picking.in_hand
    assert rows.pick.isChecked()
    qtbot.wait(300)
    sample = peak(opened, 12)
    qtbot.mouseClick(canvas(), LEFT, pos=at(12, sample + 0.8))
    wait(lambda: np.isfinite(samples(opened)).any())
    found = samples(opened)
    assert abs(found[12] - sample) < 0.6
    assert np.isfinite(found).sum() > 3
    picks = opened.workspace.horizons.picks(opened.workspace.picking.horizon)
    kinds = picks.kinds[opened.workspace.navigation.line]
    assert kinds[12] == PickKind.SEED
    assert set(kinds[np.isfinite(found)]) == {PickKind.SEED, PickKind.TRACKED}
    wait(lambda: [len(layer.data) for layer in tagged(window.layers, Role.PICKS)] == [1])
    revision = opened.workspace.interpretation.can_undo
    assert revision.tool == "Seed"
    qtbot.keyClick(canvas(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: np.isnan(samples(opened)).all())


def test_strokes_draw_and_erase(opened, qtbot, wait, canvas, at):
    rows = opened.horizons.picking
    qtbot.mouseClick(rows.new, LEFT)
    rows.event_box.setCurrentIndex(4)  # snap to nothing
    qtbot.wait(300)
    drag(qtbot, canvas(), at(5, 20), at(20, 30))
    wait(lambda: np.isfinite(samples(opened)).sum() == 16)
    assert np.abs(samples(opened)[5:21] - np.linspace(20, 30, 16)).max() < 1
    drag(qtbot, canvas(), at(8, 40), at(11, 40), SHIFT)
    wait(lambda: np.isfinite(samples(opened)).sum() == 12)
    assert np.isnan(samples(opened)[8:12]).all()


def test_the_volume_is_tracked_from_what_is_picked(opened, qtbot, wait, canvas, at):
    rows = opened.horizons.picking
    qtbot.mouseClick(rows.new, LEFT)
    rows.least.setValue(0.0)
    qtbot.wait(300)
    qtbot.mouseClick(canvas(), LEFT, pos=at(12, peak(opened, 12)))
    wait(lambda: np.isfinite(samples(opened)).any())
    qtbot.mouseClick(rows.volume, LEFT)
    name = opened.workspace.picking.horizon
    wait(lambda: opened.workspace.horizons.entries[0].surface is not None, 90)
    surface = opened.workspace.horizons.grid(name)
    assert np.isfinite(surface).mean() > 0.5
    opened.workspace.interpretation.undo()
    assert opened.workspace.horizons.entries[0].surface is None


def flat(opened, sample: float) -> np.ndarray:
    """A horizon at one sample everywhere."""
    geometry = opened.workspace.geometry
    time = geometry.start_ms + sample * geometry.sample_interval_ms
    return np.full(geometry.shape[:2], time)


def test_a_part_of_a_surface_is_erased_and_tracked_again(opened, qtbot, wait, canvas, at):
    horizons, picking = opened.workspace.horizons, opened.workspace.picking
    horizons.add({"Top": (flat(opened, 20), "top.txt")})
    wait(lambda: opened.horizons.list.topLevelItemCount() == 1)
    qtbot.mouseClick(opened.horizons.picking.pick, LEFT)
    qtbot.wait(300)
    line = opened.workspace.navigation.line
    drag(qtbot, canvas(), at(8, 20), at(11, 20), SHIFT)
    wait(lambda: np.isnan(horizons.grid("Top")).sum() == 4)
    assert np.isnan(horizons.grid("Top")[line, 8:12]).all()
    opened.workspace.navigation.show(Section.TIME_SLICE)
    opened.workspace.navigation.go_to(20)
    qtbot.wait(300)
    slice_at = map_point(opened, canvas())
    drag(qtbot, canvas(), slice_at(2, 3), slice_at(2, 9), SHIFT)
    wait(lambda: np.isnan(horizons.grid("Top")).sum() == 11)
    assert np.isnan(horizons.grid("Top")[2, 3:10]).all()
    opened.workspace.interpretation.undo()
    assert np.isnan(horizons.grid("Top")).sum() == 4
    opened.workspace.navigation.show(Section.INLINE)
    picking.track_along = False
    qtbot.wait(300)
    qtbot.mouseClick(canvas(), LEFT, pos=at(5, peak(opened, 5)))
    wait(lambda: horizons.picks("Top").kinds[line, 5] == PickKind.SEED)
    opened.horizons.picking.least.setValue(0.0)
    qtbot.keyClick(canvas(), Qt.Key.Key_K)
    kinds = horizons.picks("Top").kinds[line]
    assert (kinds == PickKind.TRACKED).sum() > 20
    assert np.isfinite(horizons.grid("Top")).all()
    qtbot.keyClick(canvas(), Qt.Key.Key_Delete, SHIFT)
    assert np.isnan(horizons.grid("Top")[line]).all()
    assert np.isfinite(horizons.grid("Top")).sum() == horizons.grid("Top").size - 30
    picks = np.full(horizons.grid("Top").shape, np.nan)
    picks[line - 2] = flat(opened, 22)[0, 0]
    horizons.add_picks({"Top": (picks, "")})
    qtbot.keyClick(canvas(), Qt.Key.Key_K, SHIFT)
    wait(lambda: horizons.entries[0].source == "tracked from picks", 90)
    assert np.isfinite(horizons.grid("Top")[line]).mean() > 0.5
    assert horizons.grid("Top")[line - 2].tolist() == picks[line - 2].astype("f4").tolist()
    assert opened.workspace.interpretation.can_undo.tool == "Tracked volume"
    opened.workspace.interpretation.undo()
    assert np.isnan(horizons.grid("Top")[line]).all()


def map_point(opened, widget):
    """A function that gives the place on the canvas of a trace of the time slice in view."""

    def point(i: float, j: float) -> QPoint:
        viewer = opened.workspace.viewer
        layer = opened.workspace.layer(Role.AMPLITUDE)
        place = layer.data_to_world([i, j, opened.workspace.navigation.line])
        offset = np.array(place)[list(viewer.dims.displayed)]
        camera = camera_of(viewer)
        offset = (offset - np.asarray(camera.center)[-2:]) * camera.zoom
        size = widget.size()
        return QPoint(round(size.width() / 2 + offset[1]), round(size.height() / 2 + offset[0]))

    return point


@pytest.mark.parametrize("where", ["canvas", "dock"])
def test_keys_take_the_tool_and_turn_to_other_horizons(opened, qtbot, wait, canvas, where):
    horizons, picking = opened.workspace.horizons, opened.workspace.picking
    horizons.add({"Top": (flat(opened, 20), ""), "Base": (flat(opened, 40), "")})
    wait(lambda: opened.horizons.list.topLevelItemCount() == 2)
    opened.window().activateWindow()
    wait(lambda: opened.window().isActiveWindow())
    opened.horizons.list.setFocus()
    widget = canvas() if where == "canvas" else opened.horizons.list
    qtbot.keyClick(widget, Qt.Key.Key_Delete, SHIFT)
    assert np.isfinite(horizons.grid("Top")).all()  # the tool is not in hand
    qtbot.keyClick(widget, Qt.Key.Key_H)
    assert picking.in_hand
    assert opened.horizons.picking.pick.isChecked()
    for key, keys, name in (
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "Base"),
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "Base"),
        (Qt.Key.Key_J, SHIFT, "Top"),
        (Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "Base"),
    ):
        qtbot.keyClick(widget, key, keys)
        assert (picking.horizon, opened.horizons.list.chosen) == (name, name)
    qtbot.keyClick(widget, Qt.Key.Key_Delete, SHIFT)
    assert np.isnan(horizons.grid("Base")).sum() == 30
    assert np.isfinite(horizons.grid("Top")).all()
    qtbot.keyClick(widget, Qt.Key.Key_K)
    assert np.isnan(horizons.grid("Base")).sum() == 30  # nothing to track from: no edit
    qtbot.keyClick(canvas(), Qt.Key.Key_Escape)
    assert not picking.in_hand
    qtbot.keyClick(widget, Qt.Key.Key_H)
    qtbot.keyClick(widget, Qt.Key.Key_H)
    assert not picking.in_hand


def test_the_new_horizon_is_the_one_that_is_picked(opened, qtbot, wait):
    horizons, picking = opened.workspace.horizons, opened.workspace.picking
    horizons.add({"Top": (flat(opened, 20), ""), "Base": (flat(opened, 40), "")})
    wait(lambda: opened.horizons.list.topLevelItemCount() == 2)
    qtbot.mouseClick(opened.horizons.picking.new, LEFT)
    wait(lambda: opened.horizons.list.chosen == "Horizon")
    assert picking.horizon == "Horizon"
    horizons.rename("Horizon", "Reef")
    wait(lambda: opened.horizons.list.chosen == "Reef")
    assert picking.horizon == "Reef"
    horizons.move("Reef", -2)
    wait(lambda: opened.horizons.list.topLevelItem(0).text(0) == "Reef")
    assert (picking.horizon, opened.horizons.list.chosen) == ("Reef", "Reef")


def test_another_layer_puts_the_tool_away(window, opened, qtbot):
    qtbot.mouseClick(opened.horizons.picking.new, LEFT)
    assert opened.workspace.picking.in_hand
    opened.workspace.choose_class(1)
    assert not opened.workspace.picking.in_hand
    assert not opened.horizons.picking.pick.isChecked()


def test_a_crossing_line_is_marked(window, opened, qtbot, wait, canvas, at):
    qtbot.mouseClick(opened.horizons.picking.new, LEFT)
    qtbot.wait(300)
    qtbot.mouseClick(canvas(), LEFT, pos=at(12, peak(opened, 12)))
    wait(lambda: np.isfinite(samples(opened)).any())
    inline = opened.workspace.navigation.line
    opened.workspace.navigation.show(Section.CROSSLINE)
    opened.workspace.navigation.go_to(13)
    wait(lambda: [len(layer.data) for layer in tagged(window.layers, Role.PICKS)] == [1])
    (markers,) = tagged(window.layers, Role.PICKS)
    assert markers.data[0][0] == inline
    assert str(markers.symbol[0]) == "diamond"
