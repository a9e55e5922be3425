"""Every kind of edit is heard, and looking around is not taken for one."""

import numpy as np
import pytest

from napari_hyperseg.viewer.label_events import LabelEvents
from napari_hyperseg.viewer.sections import Section, show_section
from napari_hyperseg.viewer.tags import Role, tagged


@pytest.fixture
def layer(shown):
    show_section(shown, Section.INLINE)
    return next(tagged(shown.layers, Role.LABELS))


@pytest.fixture
def heard(shown, layer):
    calls = []
    events = LabelEvents(shown, layer, lambda: calls.append(1))
    yield calls
    events.disconnect()


def paint(layer):
    layer.paint((2, 2, 9), 1)


@pytest.mark.parametrize(
    "edit",
    [
        paint,
        lambda layer: layer.fill((2, 2, 9), 2),
        lambda layer: layer.paint_polygon([(2, 0, 1), (2, 4, 1), (2, 4, 9)], 1),
        lambda layer: layer.data_setitem((np.array([1]), np.array([1]), np.array([1])), 2),
    ],
    ids=["paint", "fill", "polygon", "data_setitem"],
)
def test_edit_undo_and_redo_are_heard(layer, heard, edit):
    edit(layer)
    assert heard
    assert layer.data.any()
    heard.clear()
    layer.undo()
    assert heard
    assert not layer.data.any()
    heard.clear()
    layer.redo()
    assert heard
    assert layer.data.any()


def test_an_edit_in_place_is_heard_with_its_refresh(layer, heard):
    layer.data[2, 2, 2] = 1
    layer.refresh()
    assert heard == [1]


def test_looking_around_is_no_edit(shown, layer, heard):
    for line in (10, 12, 14, 20):
        shown.dims.set_point(0, line)
    for section in Section:
        show_section(shown, section)
    shown.dims.ndisplay = 3
    layer.visible = False
    layer.visible = True
    assert heard == []


def test_an_undo_after_a_move_is_heard(shown, layer, heard):
    paint(layer)
    shown.dims.set_point(0, 20)
    heard.clear()
    layer.undo()
    assert heard == [1]


def test_after_disconnecting_nothing_is_heard(shown, layer):
    calls = []
    events = LabelEvents(shown, layer, lambda: calls.append(1))
    events.disconnect()
    paint(layer)
    layer.undo()
    assert calls == []
