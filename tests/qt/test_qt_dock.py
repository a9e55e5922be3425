"""The dock as a whole: nothing cut off, nothing without a word, usable without a mouse."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from napari.settings import get_settings
from qtpy.QtCore import QPoint, QSize, Qt
from qtpy.QtGui import QAction
from qtpy.QtTest import QTest
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QScrollBar,
    QTabBar,
)

from napari_hyperseg.project.claim import claimed
from napari_hyperseg.project.controls import NO_SURVEY_OPEN
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.preferences import FIRST_STEPS, preference
from napari_hyperseg.project.session import Phase
from napari_hyperseg.project.wording import ONLY_LOOK
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
INPUTS = (QAbstractButton, QAbstractSpinBox, QAbstractSlider, QComboBox)
ELSEWHERE = "open in another window since 14:02 (process 4711)"


@pytest.fixture
def trainable(window, dock, labelled, wait):
    """The dock with a project that has labels."""
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    wait(dock.training.train.isEnabled)
    return dock


@pytest.fixture
def read_only(window, dock, labelled, wait):
    """The dock with a project that another window has."""
    with claimed(labelled.folder, "another window"):
        window.open(str(labelled.folder), plugin="napari-hyperseg")
        wait(lambda: dock.model.session.labelled not in (None, ()))
        wait(dock.panels.banner.isVisible)
        yield dock


def shown(dock, kind):
    """Widgets that a person sees; not the parts that Qt makes of them."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    found = (w for one in kinds for w in dock.findChildren(one) if w.isVisible())
    own = (w for w in found if not isinstance(w, QScrollBar))
    return [w for w in own if not w.objectName().startswith("qt_")]


def told(widget):
    return widget.toolTip() or widget.parent().toolTip()


def states(dock, qtbot):
    """The dock in each of its states, one after the other."""
    panels, model = dock.panels, dock.model
    yield "labelled"
    dock.tabs.setCurrentWidget(dock.horizons)
    yield "horizons"
    dock.tabs.setCurrentWidget(dock.classes)
    dock.train()
    qtbot.waitUntil(lambda: model.session.progress.predicted == 1.0, timeout=30_000)
    yield "training"
    panels.training.pause.click()
    qtbot.waitUntil(lambda: model.session.phase is Phase.PAUSED, timeout=30_000)
    yield "paused"
    model.handle.kill()
    qtbot.waitUntil(lambda: model.session.phase is Phase.FAILED, timeout=30_000)
    yield "failed"
    panels.first_steps.want(True)
    panels.banner.display(f"Read-only: {ELSEWHERE}.")
    yield "all notices"


def check_looks(dock, state):
    """Nothing is wider than the dock, nothing is cut off, everything says what it is for."""
    assert dock.widget().minimumSizeHint().width() <= dock.viewport().width(), state
    for widget in shown(dock, INPUTS):
        assert told(widget), (state, type(widget).__name__, widget.accessibleName())
    for button in shown(dock, QAbstractButton):
        needed = button.minimumSizeHint() if isinstance(button.parent(), QTabBar) else sized(button)
        assert button.width() >= needed.width(), (state, button.text())
        assert button.height() >= needed.height() - 1, (state, button.text())
    for label in shown(dock, QLabel):
        right = label.mapTo(dock.widget(), QPoint(label.width(), 0)).x()
        assert right <= dock.widget().width(), (state, label.text())
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), (state, label.text())
    for view in shown(dock, QAbstractItemView):
        assert view.horizontalScrollBar().maximum() == 0, state


def sized(button):
    """What a button's text takes; one that stretches may be as wide as it likes."""
    return button.minimumSizeHint().boundedTo(button.sizeHint()) or QSize(0, 0)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_nothing_is_cut_off_or_without_a_word_in_any_state(window, trainable, qtbot, theme):
    window.theme = theme
    for state in states(trainable, qtbot):
        qtbot.wait(250)
        check_looks(trainable, state)


def test_nothing_needs_scrolling_on_a_small_screen(window, trainable, qtbot):
    assert window.window.geometry()[2:] == (1366, 768)
    trainable.panels.first_steps.want(False)
    for state in states(trainable, qtbot):
        qtbot.wait(250)
        assert trainable.horizontalScrollBar().maximum() == 0, state
        if state != "all notices":
            assert trainable.verticalScrollBar().maximum() == 0, state


def test_an_empty_dock_says_how_to_begin(window, dock, qtbot):
    qtbot.wait(250)
    check_looks(dock, "empty")
    panels = dock.panels
    assert panels.welcome.isVisible()
    for panel in (panels.survey, panels.tabs, panels.training, panels.plot, panels.banner):
        assert not panel.isVisible()
    assert not panels.training.train.isEnabled()
    assert NO_SURVEY_OPEN in panels.training.train.toolTip()


def test_open_opens_a_file(window, dock, tiny_segy, wait, monkeypatch):
    answers = ["", str(tiny_segy)]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (answers.pop(0), "SEG-Y"))
    QTest.mouseClick(dock.panels.welcome.open, LEFT)
    assert dock.workspace.tag is None
    QTest.mouseClick(dock.panels.welcome.open, LEFT)
    wait(lambda: dock.workspace.tag is not None)
    wait(dock.survey.isVisible)
    assert not dock.panels.welcome.isVisible()
    window.layers.clear()
    wait(dock.panels.welcome.isVisible)
    assert not dock.survey.isVisible()


def test_open_tells_of_a_file_that_is_none(dock, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("napari_hyperseg.qt.welcome.show_error", told.append)
    (tmp_path / "bad.sgy").write_bytes(b"no seismic")
    dock.panels.welcome.open_file(str(tmp_path / "bad.sgy"))
    assert "bad.sgy" in told[0]


def test_sample_opens_the_sample(dock, wait, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    QTest.mouseClick(dock.panels.welcome.sample, LEFT)
    wait(lambda: dock.model.session.labelled_classes == 6)


def mnemonic(text):
    found = re.search(r"&(\w)", text)
    return found[1].upper() if found else None


def test_no_two_things_have_one_key(window, trainable, qtbot):
    menus = [action.text() for action in window.window._qt_window.menuBar().actions()]
    bound = {str(key) for keys in get_settings().shortcuts.shortcuts.values() for key in keys}
    actions = window.window._qt_window.findChildren(QAction)
    bound |= {key.toString() for action in actions for key in action.shortcuts()}
    seen = Counter()
    for state in states(trainable, qtbot):
        qtbot.wait(150)
        keys = [mnemonic(button.text()) for button in shown(trainable, QAbstractButton)]
        here = Counter(key for key in [*keys, *map(mnemonic, menus)] if key)
        assert max(here.values()) == 1, (state, here)
        seen |= here
        for button in shown(trainable, QAbstractButton):
            key = mnemonic(button.text())
            assert not key or f"(Alt+{key})" in button.toolTip(), button.text()
    assert {"T", "R", "U", "O", "A", "M", "E"} <= set(seen)
    assert not {f"Alt+{key}" for key in seen} & bound


def test_the_tab_key_goes_from_top_to_bottom(window, trainable, qtbot):
    qtbot.wait(250)
    inside = trainable.widget()
    place = {w: w.mapTo(inside, QPoint(0, w.height() // 2)) for w in focusable(trainable)}
    rows, widget = [], trainable.panels.first_steps.dismiss
    while len(rows) < len(place):
        if widget in place:
            rows.append(place[widget].y())
        widget = widget.nextInFocusChain()
    jumps = [(b, a) for b, a in pairwise(rows) if a <= b - 12]
    assert not jumps, (jumps, rows)


def focusable(dock):
    kinds = (*INPUTS, QAbstractItemView, QTabBar)
    widgets = [w for kind in kinds for w in dock.findChildren(kind) if w.isVisible()]
    return [w for w in widgets if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()]


def test_train_and_stop_without_a_mouse(trainable, wait):
    window = trainable.window()
    window.activateWindow()
    trainable.training.train.setFocus()
    QTest.keyClick(trainable.training.train, Qt.Key.Key_Space)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    wait(trainable.training.stop.isVisible)
    assert not trainable.training.train.isVisible()
    QTest.keyClick(trainable.training.stop, Qt.Key.Key_Space)
    wait(lambda: trainable.model.session.phase is Phase.READY)
    wait(trainable.training.predict.isEnabled)


def test_alt_keys_work_from_the_canvas(trainable, qtbot, wait):
    trainable.window().activateWindow()
    wait(trainable.window().isActiveWindow)
    model, phases = trainable.model, []
    model.changed.connect(lambda session: phases.append(session.phase))
    for key, wanted in (("T", Phase.TRAINING), ("O", Phase.READY), ("R", Phase.PREDICTING)):
        widgets = QApplication.allWidgets()
        canvas = next(w for w in widgets if type(w).__name__ == "CanvasBackendDesktop")
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.AltModifier)
        wait(lambda wanted=wanted: model.session.phase is wanted)
        wait(lambda: not model.session.phase.running or model.session.progress.predicted == 1)
        qtbot.wait(250)
    assert Phase.STOPPING in phases


def test_predict_fills_the_survey_with_the_trained_model(trainable, qtbot, wait):
    panel, model = trainable.training, trainable.model
    assert not panel.predict.isEnabled()
    assert "no trained model" in panel.predict.toolTip()
    trainable.train()
    wait(lambda: model.session.progress.predicted == 1.0)
    trainable.stop()
    wait(panel.predict.isEnabled)
    assert "whole survey" in panel.predict.toolTip()
    qtbot.mouseClick(panel.predict, LEFT)
    assert model.session.phase is Phase.PREDICTING
    wait(panel.bar.isVisible)
    wait(lambda: panel.bar.value() == panel.bar.maximum() == 1000)
    wait(lambda: panel.message.text() == "Predicting on cpu.")
    assert "predicted 100%" in panel.figures.text()
    qtbot.mouseClick(panel.stop, LEFT)
    wait(lambda: model.session.phase is Phase.READY)
    wait(lambda: not panel.bar.isVisible())
    assert trainable.workspace.layer(Role.PREDICTION).data[2, 2, 5] == 2


def test_a_project_that_is_only_read_says_so_and_changes_nothing(read_only, qtbot, wait):
    dock, folder = read_only, read_only.workspace.project.folder
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
    qtbot.wait(250)
    check_looks(dock, "read-only")
    assert dock.panels.banner.text().startswith("Read-only: open in another window since ")
    assert dock.training.message.text() == ONLY_LOOK
    assert not dock.panels.first_steps.isVisible()
    changing = (
        dock.training.train,
        dock.training.predict,
        dock.training.minutes,
        dock.classes.add,
        dock.classes.remove,
        dock.classes.colour,
        dock.classes.up,
        dock.classes.down,
        dock.horizons.add,
        dock.horizons.from_prediction,
        dock.survey.choice.add,
        dock.survey.conversion.button,
    )
    assert not any(widget.isEnabled() for widget in changing)
    labels = dock.workspace.layer(Role.LABELS)
    assert not labels.editable
    dock.workspace.choose_class(2)
    assert labels.mode == "pan_zoom"
    for key in (Qt.Key.Key_V, Qt.Key.Key_L, Qt.Key.Key_F2, Qt.Key.Key_Delete):
        QTest.keyClick(dock.classes.tree, key)
    dock.survey.colours.gain.setValue(3)
    for button in dock.survey.buttons.values():
        qtbot.mouseClick(button, LEFT)
    dock.workspace.navigation.show_volume()
    dock.workspace.navigation.show(Section.INLINE)
    assert not labels.editable
    qtbot.wait(600)
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()} == before
    assert Project.open(folder).legend == dock.workspace.legend


def test_the_first_steps_are_ticked_off_and_go_when_all_are_done(trainable, wait):
    steps = trainable.panels.first_steps
    wait(steps.isVisible)
    assert [line.text()[0] for line in steps.lines] == ["\u2713", "\u2713", "3"]
    trainable.train()
    wait(lambda: not steps.isVisible())


def test_the_first_steps_are_dismissed_for_good(window, dock, wait):
    steps = dock.panels.first_steps
    assert steps.isVisible()
    QTest.mouseClick(steps.dismiss, LEFT)
    assert not steps.isVisible()
    assert not preference(FIRST_STEPS, default=True)
    window.window.remove_dock_widget(dock)
    _, again = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    assert not again.panels.first_steps.isVisible()
    again.panels.help.actions()[1].trigger()
    wait(again.panels.first_steps.isVisible)


def test_help_shows_the_tutorial(dock, wait):
    help_menu = dock.panels.help
    assert [action.text() for action in help_menu.actions()][:2] == ["Tutorial", "First steps"]
    help_menu.actions()[0].trigger()
    wait(lambda: help_menu.dialog.isVisible())
    assert "From a seismic cube to facies" in help_menu.dialog.text.toPlainText()
    help_menu.dialog.close()


def test_rows_that_are_folded_away_stay_so(window, dock, tiny_segy, wait):
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(dock.survey.isVisible)
    project = dock.survey.texts["project"]
    assert project.isVisible()
    QTest.mouseClick(dock.survey.details, LEFT)
    wait(lambda: not project.isVisible())
    window.window.remove_dock_widget(dock)
    _, again = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    wait(lambda: again.workspace.tag is not None)
    wait(again.survey.isVisible)
    assert not again.survey.texts["project"].isVisible()
    assert again.survey.conversion.isVisible()
