"""Horizons in a real window: imported, looked at, changed and mapped with the mouse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from napari.layers import Labels
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QApplication, QColorDialog, QFileDialog, QLineEdit, QMessageBox

from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.qt.horizon_map_dialog import AMPLITUDE
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role, tagged

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three horizons of the tiny survey; in the third, column 4 could be the time as well."""
    i, j = (index.ravel() for index in np.indices((6, 5)))
    inline, crossline = 10 + 2 * i, 31 + j
    tables = {
        "top": (inline, crossline, 120 + 4 * i),
        "base": (inline, crossline, 148 + 0 * i),
        "doubtful": (inline, crossline, 160 + 0 * i, 132 + 0 * i),
    }
    paths = [tmp_path / f"{name}.txt" for name in tables]
    for path, columns in zip(paths, tables.values(), strict=True):
        np.savetxt(path, np.column_stack(columns), fmt="%d")
    return paths


@pytest.fixture
def opened(window, dock, tiny_segy, wait):
    """The dock with the tiny survey, the horizons in front."""
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    dock.tabs.setCurrentWidget(dock.horizons)
    wait(dock.horizons.isEnabled)
    return dock


@pytest.fixture
def choose(opened, monkeypatch, qtbot, wait):
    """Press *Import horizons...* and choose files; the dialog, when they are read."""

    def choose_files(paths: list[Path]):
        chosen = ([str(path) for path in paths], "")
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: chosen)
        qtbot.mouseClick(opened.horizons.add, LEFT)
        dialog = opened.horizons.importing
        wait(lambda: not any(item.pending for item in dialog.files.items))
        return dialog

    return choose_files


@pytest.fixture
def imported(opened, choose, files, qtbot, wait):
    """The dock with the horizons top and base."""
    qtbot.mouseClick(choose(files[:2]).ok, LEFT)
    wait(lambda: opened.horizons.list.topLevelItemCount() == 2)
    return opened


def names(dock):
    return [entry.name for entry in dock.workspace.horizons.entries]


def choose_in_menu(dock, qtbot, text):
    """Open the *More* menu and press one of its actions."""
    menu = dock.horizons.menu
    action = next(action for action in menu.actions() if action.text() == text)

    def press():
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    QTimer.singleShot(300, press)
    qtbot.mouseClick(dock.horizons.more, LEFT)


def test_without_a_survey_there_is_nothing_to_import(dock):
    assert not dock.horizons.isEnabled()
    dock.horizons.import_files([Path("x.txt")])
    assert dock.horizons.importing is None


def test_from_file_to_line_on_the_section(window, imported, wait):
    assert names(imported) == ["top", "base"]
    again = Project.open(imported.workspace.project.folder)
    assert [entry.name for entry in again.entry().horizons] == ["top", "base"]
    (lines,) = tagged(window.layers, Role.HORIZON_LINES)
    assert lines.faces.any()
    assert isinstance(window.layers.selection.active, Labels)
    imported.workspace.navigation.show(Section.TIME_SLICE)
    imported.workspace.navigation.show_volume()
    wait(lambda: any(tagged(window.layers, Role.HORIZON_SURFACES)))
    imported.workspace.navigation.show(Section.INLINE)
    assert not imported.workspace.project.labels("tiny", writable=False).codes.any()


def test_the_line_is_drawn_in_its_colour_where_the_horizon_is(window, imported, qtbot):
    imported.workspace.horizons.recolour("base", "#00ff00")
    imported.workspace.horizons.show("top", False)
    qtbot.wait(500)
    picture = window.window.screenshot(canvas_only=True, flash=False)[..., :3].astype(int)
    green = (picture[..., 1] > 200) & (picture[..., 0] < 80) & (picture[..., 2] < 80)
    rows = np.unique(np.nonzero(green)[0])
    assert 1 <= len(rows) <= 4
    layer = imported.workspace.layer(Role.AMPLITUDE)
    camera = camera_of(window)
    world = layer.data_to_world((2, 2, 12))[2]
    expected = picture.shape[0] / 2 + (world - camera.center[-2]) * camera.zoom
    assert abs(rows.mean() - expected) < 3


def test_a_choice_changes_the_preview_at_once(choose, files, opened, qtbot, wait):
    dialog = choose([files[2]])
    assert "could be z as well" in dialog.form.doubts.toPlainText()
    assert "160 - 160 ms" in dialog.form.facts["range"].text()
    assert [box.currentText() for box in dialog.table.meanings][:2] == ["inline", "crossline"]
    dialog.table.meanings[3].setCurrentText("z")
    assert dialog.table.meanings[2].currentText() == "ignore"
    wait(lambda: "132 - 132 ms" in dialog.form.facts["range"].text())
    assert dialog.form.doubts.toPlainText() == "Nothing is in doubt."
    dialog.table.meanings[0].setCurrentText("ignore")
    wait(lambda: not dialog.ok.isEnabled() and "cannot be imported" in dialog.refusal.text())
    dialog.table.meanings[0].setCurrentText("inline")
    wait(dialog.ok.isEnabled)
    dialog.form.name.setText("chosen")
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: names(opened) == ["chosen"])
    assert opened.workspace.horizons.grid("chosen")[0, 0] == 132


def test_a_file_that_makes_no_sense_is_left_out(choose, files, tmp_path, opened, qtbot, wait):
    broken = tmp_path / "broken.txt"
    broken.write_text("these are\nno picks\n")
    dialog = choose([files[0], broken])
    assert not dialog.ok.isEnabled()
    dialog.list.setCurrentRow(1)
    assert "broken.txt" in dialog.form.doubts.toPlainText()
    dialog.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.ok.isEnabled()
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: names(opened) == ["top"])


def test_an_import_can_be_cancelled(choose, files, opened, qtbot):
    dialog = choose(files)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert names(opened) == []


def test_the_same_file_again_replaces_or_is_counted_on(choose, files, imported, qtbot, wait):
    dialog = choose(files[:1])
    assert dialog.use.replaces.isVisible()
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: names(imported) == ["top", "top (2)", "base"])
    dialog = choose(files[:1])
    dialog.use.replaces.setChecked(True)
    qtbot.mouseClick(dialog.ok, LEFT)
    qtbot.wait(200)
    assert names(imported) == ["top", "top (2)", "base"]


def test_files_come_as_picks_on_lines_in_one_step(choose, files, imported, qtbot, wait):
    base = imported.workspace.horizons.entries[1]
    dialog = choose(files)
    use, geometry = dialog.use, imported.workspace.geometry
    assert not use.inlines.isEnabled()
    assert use.replaces.isVisible()
    dialog.list.setCurrentRow(1)
    use.kind.setFocus()
    qtbot.keyClicks(use.kind, "p")
    assert use.joins.isVisible()
    assert not use.replaces.isVisible()
    qtbot.mouseClick(use.inlines, LEFT)
    qtbot.keyClicks(use.inlines, "10-18:4,5")
    assert "5" in dialog.refusal.text()
    assert not dialog.ok.isEnabled()
    for _ in range(2):
        qtbot.keyClick(use.inlines, Qt.Key.Key_Backspace)
    qtbot.keyClicks(use.crosslines, "33")
    assert dialog.refusal.text() == ""
    on = np.isin(geometry.inlines, (10, 14, 18))[:, None] | (geometry.crosslines == 33)
    assert np.array_equal(np.isfinite(dialog.files.shown(1)), on)
    position = imported.workspace.interpretation.position
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: names(imported) == ["top", "base", "doubtful"])
    for name in names(imported):
        kinds = imported.workspace.horizons.picks(name).kinds
        assert np.array_equal(kinds == PickKind.IMPORTED, on)
    assert imported.workspace.horizons.entries[1] == base
    assert imported.workspace.interpretation.position == position + 1
    imported.workspace.interpretation.undo()
    assert names(imported) == ["top", "base"]
    assert not imported.workspace.horizons.picks("base").kinds.any()


def test_a_long_file_does_not_freeze_the_window(opened, tmp_path, choose, qtbot, monkeypatch):
    inline, crossline = np.meshgrid(np.arange(10, 22, 2), np.arange(31, 36), indexing="ij")
    table = np.column_stack([inline.ravel(), crossline.ravel(), np.full(30, 140)])
    path = tmp_path / "long.txt"
    np.savetxt(path, np.tile(table, (20_000, 1)), fmt="%d")
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(20)
    dialog = choose([path])
    timer.stop()
    assert len(ticks) > 5
    assert dialog.ok.isEnabled()
    assert "600,000 on the survey" in dialog.form.facts["picks"].text()
    dialog.reject()


def test_ticks_names_colours_and_order(imported, qtbot, wait, monkeypatch):
    listed = imported.horizons.list
    item = listed.topLevelItem(0)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not imported.workspace.horizons.entries[0].visible
    listed.setCurrentItem(listed.topLevelItem(1))
    choose_in_menu(imported, qtbot, "Rename")
    wait(lambda: listed.findChild(QLineEdit) is not None)
    qtbot.keyClicks(listed.findChild(QLineEdit), "seal")
    qtbot.keyClick(listed.findChild(QLineEdit), Qt.Key.Key_Return)
    wait(lambda: names(imported) == ["top", "seal"])
    choose_in_menu(imported, qtbot, "Move up")
    wait(lambda: names(imported) == ["seal", "top"])
    assert listed.chosen == "seal"
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor("#102030"))
    choose_in_menu(imported, qtbot, "Colour...")
    wait(lambda: imported.workspace.horizons.entries[0].color == "#102030")


def test_a_name_that_is_taken_is_refused(imported):
    imported.horizons.list.topLevelItem(1).setText(0, "top")
    assert names(imported) == ["top", "base"]
    assert imported.horizons.list.topLevelItem(1).text(0) == "base"


def test_removing_asks_first(imported, qtbot, wait, monkeypatch):
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    choose_in_menu(imported, qtbot, "Remove...")
    wait(lambda: len(answers) == 1)
    assert names(imported) == ["top", "base"]
    choose_in_menu(imported, qtbot, "Remove...")
    wait(lambda: names(imported) == ["base"])


def test_export_writes_the_chosen_format(imported, qtbot, wait, monkeypatch, tmp_path):
    target = str(tmp_path / "out"), "csv (*.csv)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: target)
    choose_in_menu(imported, qtbot, "Export...")
    wait(lambda: (tmp_path / "out.csv").exists())
    assert len((tmp_path / "out.csv").read_text().splitlines()) >= 30


def test_the_map_by_time_and_by_amplitude_moves_the_viewer(imported, qtbot, wait):
    qtbot.mouseClick(imported.horizons.show_map, LEFT)
    dialog = imported.horizons.map
    assert dialog.isVisible()
    assert dialog.names.currentText() == "top"
    assert dialog.map.image.image[5, 0] == 140
    dialog.kind.setCurrentIndex(AMPLITUDE)
    wait(lambda: dialog.map.image.image is not None)
    assert dialog.map.image.image[5, 0] == 203110  # inline 20, crossline 31, sample 10
    qtbot.wait(300)
    view = dialog.map.plot.getViewBox()
    scene = view.mapViewToScene(view.mapToView(view.mapFromView(QPoint(34, 18))))
    at = dialog.map.mapFromScene(scene)
    qtbot.mouseClick(dialog.map.viewport(), LEFT, pos=at)
    wait(lambda: imported.workspace.horizons.place == (4, 3, 9))
    assert imported.workspace.navigation.line == 4
    wait(lambda: [mark.value() for mark in dialog.map._marks] == [18, 34])
    dialog.close()


def test_the_layer_can_be_taken_away_by_hand(window, imported, qtbot):
    (lines,) = tagged(window.layers, Role.HORIZON_LINES)
    window.layers.remove(lines)
    imported.workspace.navigation.show(Section.CROSSLINE)
    imported.workspace.navigation.show_volume()
    imported.workspace.navigation.show(Section.INLINE)
    qtbot.wait(200)
    imported.horizons.list.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    assert list(tagged(window.layers, Role.HORIZON_LINES))


def test_closing_the_survey_closes_its_horizons(window, imported, qtbot, wait):
    qtbot.mouseClick(imported.horizons.show_map, LEFT)
    window.layers.clear()
    wait(lambda: not imported.horizons.isEnabled())
    assert imported.horizons.list.topLevelItemCount() == 0
    assert imported.horizons.map.message.text() == "no horizon"


def test_many_horizons_leave_the_dock_without_a_scroll_bar(window, imported, files, qtbot):
    for number in range(8):
        imported.workspace.horizons.add({f"H{number}": (np.full((6, 5), 150.0), "")})
    qtbot.wait(400)
    assert not imported.verticalScrollBar().isVisible()
    inside = imported.widget()
    assert inside.minimumSizeHint().width() <= imported.viewport().width()
    for button in (imported.horizons.add, imported.horizons.show_map, imported.horizons.more):
        assert button.width() >= button.minimumSizeHint().width()
    assert QApplication.primaryScreen() is not None
