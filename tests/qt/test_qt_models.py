"""A real window: models are listed, named, shown, compared and handed on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication, QFileDialog, QMessageBox

from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.model_names import read_naming
from napari_hyperseg.project.session import Phase
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
OLD, NEW = "20260101-120000", "20260202-120000"


def add_model(project: Project, model: str, code: int | None) -> None:
    """A model that nobody trained, which says that everything is one class."""
    encoding = InputEncoding(0.0, 100.0, octaves=1)
    config = NetConfig(encoding.n_channels, 2, width=4, path=((0, 1, 2),))
    Model(HyperbolicNet(config), encoding, step=5).save(project.model_folder(model))
    if code is not None:
        shape = project.entry("tiny").shape
        store = PredictionStore.open_or_create(project.prediction_path(model, "tiny"), shape, 2)
        codes = np.full(shape, code, np.uint8)
        codes[:, :, :5] = 1
        store.write(tuple((0, extent) for extent in shape), codes, codes, origin=Origin(step=1))


@pytest.fixture
def dialog(window, dock, labelled: Project, tiny_segy: Path, qtbot, wait):
    """The dialog over a survey that two of three models have predicted."""
    for model, code in ((OLD, 1), (NEW, 2), ("20251231-000000", None)):
        add_model(labelled, model, code)
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled is not None)
    qtbot.mouseClick(dock.panels.models, LEFT)
    dialog = dock.panels.models.dialog
    wait(lambda: dialog.list.chosen is not None)
    return dialog


def names(dialog) -> list[str]:
    items = map(dialog.list.topLevelItem, range(dialog.list.topLevelItemCount()))
    return [item.text(0) for item in items]


def choose(dialog, qtbot, row: int) -> None:
    place = dialog.list.visualItemRect(dialog.list.topLevelItem(row)).center()
    qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=QPoint(20, place.y()))


def test_models_are_listed_and_the_one_on_screen_is_bold(dialog, dock):
    assert names(dialog) == [NEW, OLD, "20251231-000000"]
    assert dock.workspace.models.shown == NEW
    bold = [dialog.list.topLevelItem(row).font(0).bold() for row in range(3)]
    assert bold == [True, False, False]
    assert not dialog.buttons["show"].isEnabled()
    assert all(button.toolTip() for button in dialog.buttons.values())


def test_a_name_is_typed_into_the_list_and_kept(dialog, dock, labelled, qtbot, wait):
    dialog.list.setFocus()
    choose(dialog, qtbot, 1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_F2)
    wait(lambda: QApplication.focusWidget() is not dialog.list)
    editor = QApplication.focusWidget()
    qtbot.keyClicks(editor, "north flank")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    wait(lambda: names(dialog)[1] == "north flank")
    assert read_naming(labelled.model_folder(OLD)).name == "north flank"


def test_another_prediction_is_shown_and_compared_with_the_first(dialog, dock, qtbot, wait):
    views = dock.workspace.models
    choose(dialog, qtbot, 1)
    qtbot.mouseClick(dialog.buttons["compare"], LEFT)
    wait(lambda: "differ on 75.0% of the samples of" in dialog.comparison.text())
    layer = dock.workspace.layer(Role.DIFFERENCE)
    assert np.unique(np.asarray(layer.data[:, :, 5:])).tolist() == [1]
    assert np.unique(np.asarray(layer.data[:, :, :5])).tolist() == [0]
    assert not layer.editable
    assert (views.shown, views.compared) == (NEW, OLD)
    qtbot.mouseClick(dialog.swap, LEFT)
    assert (views.shown, views.compared) == (OLD, NEW)
    assert np.unique(np.asarray(dock.workspace.layer(Role.PREDICTION).data[:])).tolist() == [1]
    qtbot.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    wait(lambda: views.compared is None)
    assert dock.workspace.layer(Role.DIFFERENCE) is None
    assert views.shown == OLD
    choose(dialog, qtbot, 0)
    wait(dialog.buttons["show"].isEnabled)
    qtbot.mouseClick(dialog.buttons["show"], LEFT)
    assert views.shown == NEW


def test_a_model_is_handed_on_and_comes_back(dialog, qtbot, wait, tmp_path, monkeypatch):
    file = tmp_path / "north.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(file), ""))
    qtbot.mouseClick(dialog.buttons["export"], LEFT)
    wait(lambda: str(file) in dialog.hint.text())
    qtbot.mouseClick(dialog.buttons["import"], LEFT)
    wait(lambda: len(names(dialog)) == 4)
    wait(lambda: dialog.list.chosen.origin == "file north.zip")
    file.write_bytes(b"nothing")
    told = []
    monkeypatch.setattr("napari_hyperseg.qt.model_exchange.show_error", told.append)
    qtbot.mouseClick(dialog.buttons["import"], LEFT)
    wait(lambda: bool(told))
    assert "no zip file" in told[0]
    assert len(names(dialog)) == 4


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_deleting_asks_first(dialog, dock, labelled, qtbot, wait, monkeypatch, answer):
    asked = []

    def reply(parent, title, question):
        asked.append(question)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", reply)
    qtbot.mouseClick(dialog.buttons["delete"], LEFT)
    assert f"Delete {NEW}" in asked[0]
    if answer == "No":
        assert labelled.model_ids()[-1] == NEW
        return
    wait(lambda: NEW not in names(dialog))
    wait(lambda: dock.model.session.saved_model == OLD)
    assert dock.workspace.models.shown == OLD


def test_a_new_model_begins_with_a_chosen_one(dialog, dock, labelled, qtbot, wait):
    choose(dialog, qtbot, 2)
    wait(dialog.buttons["begin"].isEnabled)
    qtbot.mouseClick(dialog.buttons["begin"], LEFT)
    wait(lambda: dock.model.session.phase is Phase.TRAINING)
    wait(lambda: dock.model.session.model not in (OLD, NEW, None))
    new = labelled.model_folder(dock.model.session.model)
    assert read_naming(new).origin == "20251231-000000"
    wait(lambda: not dialog.buttons["begin"].isEnabled())
    assert "running" in dialog.buttons["go_on"].toolTip()
