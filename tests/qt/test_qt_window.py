"""A real window: opening, looking, painting and training with the mouse."""

from itertools import pairwise

import numpy as np
import pytest
from napari.components import overlays
from napari.layers import Labels
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QApplication

from napari_hyperseg.project.request_transitions import NO_LABELS
from napari_hyperseg.project.session import Phase
from napari_hyperseg.viewer.napari_versions import camera_of, text_of
from napari_hyperseg.viewer.sections import Section, shown_section
from napari_hyperseg.viewer.tags import Role

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


def press(qtbot, button):
    """Click as soon as the button can be pressed: panels follow within a tenth of a second."""
    qtbot.waitUntil(button.isEnabled, timeout=20_000)
    qtbot.mouseClick(button, LEFT)


@pytest.fixture
def opened(window, dock, tiny_segy, wait):
    """The dock with the tiny survey, opened as napari opens files."""
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    wait(lambda: dock.model.session.labelled is not None)
    return dock


@pytest.fixture
def trainable(window, dock, labelled, wait):
    """The dock with a project that has labels."""
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    return dock


def test_an_empty_window_says_what_to_do(dock):
    assert "SEG-Y" in dock.training.message.text()
    assert not dock.training.train.isEnabled()
    assert not dock.survey.isEnabled()


def test_a_segy_file_opens_as_an_inline_section_with_its_project(window, opened, tiny_segy):
    assert shown_section(window) is Section.INLINE
    assert window.dims.point[0] == 14
    assert opened.workspace.project.folder == tiny_segy.with_suffix(".hyperseg")
    assert str(opened.workspace.project.folder) in opened.survey.texts["project"].toolTip()
    assert [layer.name for layer in window.layers] == ["tiny", "tiny labels"]
    assert text_of(window).text == "Inline 14"


def test_layers_that_were_there_before_the_dock_are_adopted(window, labelled, wait):
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    assert len(window.layers) == 2
    _, dock = window.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    wait(lambda: dock.model.session.labelled not in (None, ()))
    assert len(window.layers) == 2
    assert dock.classes.tree.topLevelItem(0).text(2) == "50"


def test_a_file_that_cannot_be_read_leaves_the_window_usable(
    window, dock, tmp_path, tiny_segy, wait
):
    bad = tmp_path / "bad.sgy"
    bad.write_bytes(b"no seismic")
    with pytest.raises(ValueError, match=r"bad\.sgy"):
        window.open(str(bad), plugin="napari-hyperseg")
    window.open(str(tiny_segy), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)


def test_the_buttons_turn_the_section(window, opened, qtbot, wait):
    for section, button in opened.survey.buttons.items():
        press(qtbot, button)
        assert shown_section(window) is section
        wait(button.isChecked)
    press(qtbot, opened.survey.volume)
    assert window.dims.ndisplay == 3


def test_the_line_box_goes_to_a_survey_number(window, opened, qtbot, wait):
    box = opened.survey.line
    wait(lambda: box.number.value() == 14)
    box.number.setValue(18)
    assert window.dims.point[0] == 18
    press(qtbot, opened.survey.buttons[Section.TIME_SLICE])
    wait(lambda: box.number.suffix() == " ms")
    box.number.setValue(120)
    wait(lambda: text_of(window).text == "Time slice 120 ms")


def canvas_point(window, layer, voxel):
    """Return where on the canvas widget a voxel is drawn."""
    world = np.asarray(layer.data_to_world(voxel))[list(window.dims.displayed)]
    camera = camera_of(window)
    canvas = native_canvas(window)
    height, width = canvas.height(), canvas.width()
    offset = (world - np.asarray(camera.center)[-2:]) * camera.zoom
    return QPoint(round(width / 2 + offset[1]), round(height / 2 + offset[0]))


def native_canvas(window):
    """Return the widget that draws the canvas: the largest one that paints OpenGL."""
    widgets = QApplication.allWidgets()
    return next(w for w in widgets if type(w).__name__ == "CanvasBackendDesktop" and w.isVisible())


@pytest.mark.parametrize("section", list(Section))
def test_the_brush_paints_the_voxels_under_the_mouse(window, opened, qtbot, wait, section):
    press(qtbot, opened.survey.buttons[section])
    layer = opened.workspace.layer(Role.LABELS)
    assert isinstance(layer, Labels)
    opened.workspace.choose_class(2)
    assert layer.mode == "paint"
    layer.brush_size = 1
    qtbot.wait(200)
    voxel = (2, 2, 9)
    index = opened.workspace.navigation.line
    target = tuple(index if axis == section else v for axis, v in enumerate(voxel))
    qtbot.mouseClick(native_canvas(window), LEFT, pos=canvas_point(window, layer, target))
    wait(lambda: np.any(layer.data))
    assert [tuple(map(int, v)) for v in np.argwhere(layer.data)] == [target]
    assert layer.data[target] == 2
    wait(lambda: dict(opened.model.session.labelled) == {2: 1})
    on_disk = opened.workspace.project.labels("tiny", writable=False).codes
    assert on_disk[target] == 2
    qtbot.keyClick(native_canvas(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not np.any(layer.data)
    wait(lambda: not on_disk.any())
    wait(lambda: opened.model.session.labelled == ())


def test_a_drag_of_the_brush_is_one_edit(window, opened, qtbot):
    layer, kept = opened.workspace.layer(Role.LABELS), opened.workspace.interpretation
    opened.workspace.choose_class(2)
    layer.brush_size = 1
    qtbot.wait(200)
    line = opened.workspace.navigation.line
    points = [canvas_point(window, layer, (line, 2, k)) for k in (3, 8, 13)]
    none = Qt.MouseButton.NoButton
    mouse(window, QEvent.Type.MouseButtonPress, points[0], LEFT, LEFT)
    for point in points[1:]:
        qtbot.wait(30)
        mouse(window, QEvent.Type.MouseMove, point, none, LEFT)
    qtbot.wait(30)
    assert kept.revisions == ()
    mouse(window, QEvent.Type.MouseButtonRelease, points[-1], LEFT, none)
    assert [revision.tool for revision in kept.revisions] == ["Brush"]
    assert np.argwhere(layer.data).tolist() == [[line, 2, k] for k in range(3, 14)]
    qtbot.keyClick(native_canvas(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not np.any(layer.data)


@pytest.mark.skipif(not hasattr(overlays, "LabelsBrushStrokeOverlay"), reason="napari is too old")
def test_what_the_brush_encircles_is_one_edit(window, opened, qtbot, wait):
    layer, kept = opened.workspace.layer(Role.LABELS), opened.workspace.interpretation
    opened.workspace.choose_class(2)
    layer.brush_size = 1
    qtbot.wait(200)
    line, right = opened.workspace.navigation.line, Qt.MouseButton.RightButton
    corners = [(0, 3), (0, 16), (4, 16), (4, 3), (0, 3)]
    points = [canvas_point(window, layer, (line, *corner)) for corner in corners]
    none = Qt.MouseButton.NoButton
    mouse(window, QEvent.Type.MouseButtonPress, points[0], right, right)
    mouse(window, QEvent.Type.MouseButtonRelease, points[0], right, none)
    for begin, end in pairwise(points):
        for share in np.linspace(0, 1, 8):
            mouse(window, QEvent.Type.MouseMove, begin + (end - begin) * float(share), none, none)
            qtbot.wait(20)
    wait(lambda: len(kept.revisions) == 1)
    assert (np.asarray(layer.data)[line, :, 4:16] == 2).all()
    on_disk = opened.workspace.project.labels("tiny", writable=False).codes
    wait(lambda: bool((on_disk[line, :, 4:16] == 2).all()))
    qtbot.keyClick(native_canvas(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not np.any(layer.data)


def mouse(window, kind, point, button, held):
    """Send what Qt sends when a mouse is dragged; `qtbot` moves it without a button."""
    canvas, at = native_canvas(window), QPointF(point)
    modifiers = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, modifiers)
    QApplication.sendEvent(canvas, event)


def test_clicking_a_class_takes_the_brush_to_it(opened, qtbot, wait):
    tree = opened.classes.tree
    layer = opened.workspace.layer(Role.LABELS)
    where = tree.visualItemRect(tree.topLevelItem(1)).center()
    qtbot.mouseClick(tree.viewport(), LEFT, pos=where)
    assert layer.selected_label == 2
    assert layer.mode == "paint"


def test_the_number_keys_choose_classes(window, opened, qtbot):
    layer = opened.workspace.layer(Role.LABELS)
    canvas = native_canvas(window)
    qtbot.keyClick(canvas, Qt.Key.Key_2)
    assert layer.selected_label == 2
    qtbot.keyClick(canvas, Qt.Key.Key_1)
    assert layer.selected_label == 1
    qtbot.keyClick(canvas, Qt.Key.Key_9)
    assert layer.selected_label == 1
    window.layers.selection.active = opened.workspace.layer(Role.AMPLITUDE)
    qtbot.keyClick(canvas, Qt.Key.Key_2)  # also where napari has other tools on digits
    assert window.layers.selection.active == layer
    assert (layer.selected_label, layer.mode) == (2, "paint")


def test_classes_are_added_named_and_kept(opened, qtbot, wait):
    press(qtbot, opened.classes.add)
    wait(lambda: opened.classes.tree.topLevelItemCount() == 3)
    opened.classes.tree.topLevelItem(2).setText(1, "salt")
    wait(lambda: opened.workspace.legend.names[2] == "salt")
    from napari_hyperseg.project.folder import Project

    assert Project.open(opened.workspace.project.folder).legend.names[2] == "salt"
    layer = opened.workspace.layer(Role.LABELS)
    assert layer.colormap.map(3)[3] == 1


def test_a_name_that_is_taken_is_refused(opened, wait):
    row = opened.classes.tree.topLevelItem(1)
    row.setText(1, "Class 1")
    assert opened.classes.tree.topLevelItem(1).text(1) == "Class 2"
    assert opened.workspace.legend.names == ("Class 1", "Class 2")


def test_train_asks_for_labels_first(opened, qtbot, wait):
    press(qtbot, opened.training.train)
    wait(lambda: opened.training.message.text() == NO_LABELS)
    assert opened.model.session.phase is Phase.READY


def test_training_from_button_to_overlay(window, trainable, qtbot, wait):
    panel = trainable.training
    wait(panel.train.isEnabled)
    press(qtbot, panel.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    prediction = trainable.workspace.layer(Role.PREDICTION)
    assert not prediction.editable
    assert [layer.name for layer in window.layers] == [
        "tiny",
        "tiny confidence",
        "tiny prediction",
        "tiny labels",
    ]
    point = prediction.data_to_world((2, 2, 5))
    wait(lambda: prediction.get_value(point, world=True) == 2)
    wait(lambda: "mean IoU 0.70" in panel.figures.text())
    wait(lambda: len(trainable.plot.loss.getData()[0]) == 1)
    wait(trainable.plot.isVisible)
    press(qtbot, panel.pause)
    wait(lambda: panel.pause.text() == "Res&ume")
    press(qtbot, panel.pause)
    wait(lambda: panel.pause.text() == "Pa&use")
    press(qtbot, panel.stop)
    wait(lambda: trainable.model.session.phase is Phase.READY)
    press(qtbot, panel.train)
    wait(lambda: trainable.model.session.device == "cpu")
    assert len(window.layers) == 4
    labels = trainable.workspace.project.labels("tiny", writable=False)
    assert labels.counts() == {1: 50, 2: 50}


def test_a_killed_worker_is_one_message_and_train_works_again(trainable, qtbot, wait):
    panel = trainable.training
    wait(panel.train.isEnabled)
    press(qtbot, panel.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    trainable.model.handle.kill()
    wait(lambda: "ended unexpectedly (signal 9)" in panel.message.text())
    wait(panel.train.isEnabled)
    press(qtbot, panel.train)
    wait(lambda: trainable.model.session.phase is Phase.TRAINING)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)


def test_an_old_prediction_is_shown_with_its_project(window, trainable, qtbot, wait):
    wait(trainable.training.train.isEnabled)
    press(qtbot, trainable.training.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    press(qtbot, trainable.training.stop)
    wait(lambda: trainable.model.session.phase is Phase.READY)
    folder = trainable.workspace.project.folder
    window.layers.clear()
    wait(lambda: trainable.model.session.phase is Phase.EMPTY)
    window.open(str(folder), plugin="napari-hyperseg")
    wait(lambda: trainable.workspace.tag is not None)
    assert trainable.workspace.layer(Role.PREDICTION).data[2, 2, 5] == 2


def test_removing_the_survey_ends_the_worker(window, trainable, qtbot, wait):
    wait(trainable.training.train.isEnabled)
    press(qtbot, trainable.training.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    handle = trainable.model.handle
    window.layers.clear()
    wait(lambda: not handle.alive)
    assert not trainable.training.train.isEnabled()


def test_taking_the_dock_away_ends_the_worker(window, trainable, qtbot, wait):
    wait(trainable.training.train.isEnabled)
    press(qtbot, trainable.training.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    handle = trainable.model.handle
    window.window.remove_dock_widget(trainable)
    wait(lambda: not handle.alive)
    window.dims.set_point(0, 12)


def test_closing_the_window_ends_the_worker(window, trainable, qtbot, wait):
    wait(trainable.training.train.isEnabled)
    press(qtbot, trainable.training.train)
    wait(lambda: trainable.model.session.progress.predicted == 1.0)
    handle = trainable.model.handle
    window.close()
    wait(lambda: not handle.alive)
    assert trainable.model.session.phase is Phase.EMPTY


def test_a_dropped_file_finds_its_reader(window, dock, tiny_segy, wait):
    window.open(str(tiny_segy), plugin=None)
    wait(lambda: dock.workspace.tag is not None)
    assert shown_section(window) is Section.INLINE


def test_the_sample_opens_ready_to_train(window, dock, wait, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    window.open_sample("napari-hyperseg", "sample_cube")
    wait(lambda: dock.model.session.labelled_classes == 6)
    assert shown_section(window) is Section.INLINE


def test_the_mouse_is_told_where_it_is(window, opened, qtbot, wait):
    layer = opened.workspace.layer(Role.AMPLITUDE)
    qtbot.wait(300)
    target = canvas_point(window, layer, (2, 3, 5))

    def told():
        """Move until the window has taken notice: it may still be arranging itself."""
        qtbot.mouseMove(native_canvas(window), pos=target - QPoint(2, 2))
        qtbot.mouseMove(native_canvas(window), pos=target)
        return "crossline 34  twt 120 ms" in text_of(window).text

    wait(told)


def test_nothing_in_the_dock_is_cut_off(window, trainable, qtbot):
    qtbot.wait(300)
    inside = trainable.widget()
    assert inside.minimumSizeHint().width() <= trainable.viewport().width()
    assert not trainable.verticalScrollBar().isVisible()
    for button in (*trainable.survey.buttons.values(), trainable.training.train):
        assert button.width() >= button.minimumSizeHint().width()
