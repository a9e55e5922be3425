"""Labels from files in a real window, with mouse and keys."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QFileDialog

from napari_hyperseg.jobs.events import LabelsRead
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
WELLS = """well;inline;crossline;top_ms;base_ms;facies
A;14;33;100;120;Sand
A;14;33;120;160;Shale
gone;99;35;100;140;Coal
"""


@pytest.fixture
def files(tmp_path: Path, survey) -> dict[str, Path]:
    """Wells, a facies volume, two horizons, and wells with a damaged row."""
    facies = np.zeros((6, 5, 20), np.uint8)
    facies[1:4, :, 4:8] = 3
    np.save(tmp_path / "facies.npy", facies)
    (tmp_path / "wells.csv").write_text(WELLS)
    (tmp_path / "bad.csv").write_text(WELLS.replace("160", "deep"))
    for name, twt in (("top", 140.0), ("base", 160.0)):
        grid = np.full((6, 5), twt)
        write_horizon_file(tmp_path / f"{name}.txt", grid, survey.geometry, "opendtect")
    return {
        path.stem: path for path in tmp_path.iterdir() if path.suffix in (".csv", ".npy", ".txt")
    }


@pytest.fixture
def opened(window, dock, tiny_segy, wait):
    """The dock with the tiny survey."""
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled is not None)
    wait(dock.classes.isEnabled)
    return dock


@pytest.fixture
def choose(files, monkeypatch, qtbot, wait):
    """Press *Import labels...*, unless it is open, and choose files."""

    def choose_files(dock, *names: str):
        if dock.classes.importing is None:
            qtbot.mouseClick(dock.classes.load, LEFT)
        dialog = dock.classes.importing
        chosen = ([str(files[name]) for name in names], "")
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: chosen)
        qtbot.mouseClick(dialog.form.browse, LEFT)
        assert not dialog.ok.isEnabled()
        wait(lambda: dialog.bar.isHidden())
        return dialog

    return choose_files


def rows(dialog):
    items = [
        dialog.preview.tree.topLevelItem(n) for n in range(dialog.preview.tree.topLevelItemCount())
    ]
    return [tuple(item.text(column) for column in range(4)) for item in items]


def type_in(qtbot, wait, dialog, field, text: str):
    """Type, and wait until what it means is shown."""
    field.clear()
    qtbot.keyClicks(field, text)
    assert not dialog.ok.isEnabled()
    wait(lambda: dialog.bar.isHidden())


def press_import(dock, dialog, qtbot, wait):
    gone = []
    dialog.destroyed.connect(lambda: gone.append(1))
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: bool(gone))


def test_without_a_survey_there_is_no_dialog(dock):
    assert not dock.classes.isEnabled()
    dock.classes.import_labels()
    assert dock.classes.importing is None


def test_wells_from_file_to_layer(window, opened, choose, qtbot, wait):
    dialog = choose(opened, "wells")
    assert dialog.preview.facts["found"].text() == "1 of 2 wells, radius 50 m"
    assert rows(dialog) == [("1", "Sand", "new", "75"), ("2", "Shale", "new", "150")]
    assert dialog.preview.notes.toPlainText().startswith("gone is left out")
    assert dialog.form.radius.isVisible()
    type_in(qtbot, wait, dialog, dialog.form.radius, "0.5 traces")
    assert rows(dialog)[0][3] == "5"
    press_import(opened, dialog, qtbot, wait)
    layer = opened.workspace.layer(Role.LABELS)
    assert layer.data[2, 2].tolist() == [1] * 5 + [2] * 10 + [0] * 5
    point = layer.data_to_world((2, 2, 5))
    wait(lambda: layer.get_value(point, world=True) == 2)
    wait(lambda: opened.classes.tree.topLevelItem(1).text(2) == "10")
    assert opened.classes.tree.topLevelItem(0).text(1) == "Sand"
    assert Project.open(opened.workspace.project.folder).legend.names == ("Sand", "Shale")


def test_a_facies_volume_on_lines_beside_what_is_painted(opened, choose, qtbot, wait):
    opened.workspace.layer(Role.LABELS).data[2, 0, 5] = 1
    dialog = choose(opened, "facies")
    assert not dialog.form.radius.isVisible()
    assert rows(dialog) == [("3", "Class 3", "new", "60")]
    type_in(qtbot, wait, dialog, dialog.form.inlines, "14-16:2")
    assert dialog.preview.facts["inlines"].text() == "14, 16"
    dialog.form.keep.click()
    wait(lambda: rows(dialog) == [("3", "Class 3", "new", "39")])
    press_import(opened, dialog, qtbot, wait)
    assert opened.workspace.layer(Role.LABELS).data[2, 0, 3:9].tolist() == [0, 3, 1, 3, 3, 0]
    assert not opened.workspace.layer(Role.LABELS).data[1].any()


def test_several_horizons_make_intervals(opened, choose, qtbot, wait):
    dialog = choose(opened, "base", "top")
    assert [row[1] for row in rows(dialog)] == ["above top", "top to base", "below base"]
    press_import(opened, dialog, qtbot, wait)
    assert opened.workspace.project.labels("tiny").counts() == {1: 300, 2: 150, 3: 150}


def test_errors_are_one_line_in_the_dialog(opened, choose, files, qtbot, wait):
    dialog = choose(opened, "bad")
    assert 'bad.csv, row 3: base_ms is "deep", no number.' in dialog.message.text()
    assert dialog.message.isVisible()
    assert dialog.form.unit.isVisible()
    assert not dialog.ok.isEnabled()
    choose(opened, "wells", "top")
    assert "one kind at a time" in dialog.message.text()
    choose(opened, "wells")
    assert dialog.message.isHidden()
    type_in(qtbot, wait, dialog, dialog.form.crosslines, "31-99")
    assert "no such range" in dialog.message.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert opened.workspace.legend.names == ("Class 1", "Class 2")
    assert not np.any(opened.workspace.layer(Role.LABELS).data)


def test_columns_with_other_names_can_be_said(opened, choose, files, qtbot, wait):
    files["wells"].write_text(WELLS.replace("well;", "Loch;").replace("top_ms", "von"))
    dialog = choose(opened, "wells")
    assert "no column for the name of the well" in dialog.message.text()
    type_in(qtbot, wait, dialog, dialog.form.columns, "well=1, top=von")
    assert dialog.message.isHidden()
    assert rows(dialog)[0][:3] == ("1", "Sand", "new")
    dialog.reject()


def test_return_imports_nothing_that_was_not_looked_at(opened, choose, qtbot, wait):
    dialog = choose(opened, "wells")
    qtbot.keyClicks(dialog.form.inlines, "10")
    qtbot.keyClick(dialog.form.inlines, Qt.Key.Key_Return)
    wait(lambda: dialog.bar.isHidden())
    assert dialog.isVisible()
    assert not np.any(opened.workspace.layer(Role.LABELS).data)
    dialog.reject()


def test_cancel_takes_back_what_was_written(opened, choose, qtbot, wait, monkeypatch):
    opened.workspace.layer(Role.LABELS).data[1, 0, 5] = 2
    before = np.array(opened.workspace.layer(Role.LABELS).data)
    dialog = choose(opened, "facies")
    write = dialog.files.write

    def slowly(look, told):
        def wait_then_tell(done, total):
            time.sleep(0.3)
            told(done, total)

        write(look, wait_then_tell)

    monkeypatch.setattr(dialog.files, "write", slowly)
    qtbot.mouseClick(dialog.ok, LEFT)
    wait(lambda: opened.workspace.legend.n_classes == 3)
    wait(lambda: np.any(np.asarray(opened.workspace.layer(Role.LABELS).data) == 3))
    assert not dialog.form.isEnabled()
    closed = []
    dialog.finished.connect(closed.append)
    qtbot.mouseClick(dialog.cancel, LEFT)
    wait(lambda: closed == [0])
    assert np.array_equal(opened.workspace.layer(Role.LABELS).data, before)
    assert opened.workspace.legend.names == ("Class 1", "Class 2")
    assert Project.open(opened.workspace.project.folder).legend.n_classes == 2


def test_a_running_training_is_told(window, dock, labelled, choose, qtbot, wait):
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(dock.training.train.isEnabled)
    wait(lambda: dock.model.session.labelled not in (None, ()))
    qtbot.mouseClick(dock.training.train, LEFT)
    wait(lambda: dock.model.session.progress.predicted == 1.0)
    told = []
    dock.model.reported.connect(
        lambda event: told.append(event) if isinstance(event, LabelsRead) else None
    )
    press_import(dock, choose(dock, "wells"), qtbot, wait)
    wait(lambda: bool(told))
    assert dict(dock.model.session.labelled).keys() == {1, 2, 3, 4}


def test_closing_the_window_during_an_import(window, opened, choose, qtbot, monkeypatch):
    dialog = choose(opened, "facies")
    write, ended = dialog.files.write, []

    def slowly(look, told):
        try:
            write(look, lambda done, total: (time.sleep(0.3), told(done, total)))
        finally:
            ended.append(1)

    monkeypatch.setattr(dialog.files, "write", slowly)
    folder = opened.workspace.project.folder
    qtbot.mouseClick(dialog.ok, LEFT)
    qtbot.wait(400)
    window.close()
    qtbot.waitUntil(lambda: bool(ended), timeout=10_000)
    assert not Project.open(folder).labels("tiny").any()


def test_the_dialog_fits_a_small_screen(opened, choose, qtbot):
    dialog = choose(opened, "wells")
    assert dialog.width() <= 1000
    assert dialog.height() <= 640
    for button in (opened.classes.add, opened.classes.colour, opened.classes.load, dialog.ok):
        assert button.width() >= button.minimumSizeHint().width()
    dialog.reject()
