"""Whatever edits the labels in napari is told exactly once, with the box it changed."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from napari.layers import Labels

from napari_hyperseg.project.interpretation import FACIES, Interpretation
from napari_hyperseg.viewer.overlays import interpretation_in
from napari_hyperseg.viewer.sections import Section, show_section
from napari_hyperseg.viewer.tags import Role, tagged


@pytest.fixture
def layer(shown) -> Labels:
    show_section(shown, Section.INLINE)
    found = next(tagged(shown.layers, Role.LABELS))
    assert isinstance(found, Labels)
    return found


@pytest.fixture
def interpretation(shown, layer) -> Interpretation:
    found = interpretation_in(shown, "tiny")
    assert found is not None
    return found


@pytest.fixture
def told(interpretation):
    events = []
    interpretation.edited.connect(events.append)
    return events


def changed_voxels(told) -> np.ndarray:
    """Return the voxels that one edit changed."""
    (event,) = told
    changed = np.zeros((6, 5, 20), bool)
    for patch in event.patches(FACIES):
        before, after = patch.values()
        changed[tuple(slice(a, b) for a, b in patch.box)] |= before != after
    told.clear()
    return changed


EDITS = {
    "paint": lambda layer: layer.paint((2, 2, 9), 1),
    "fill": lambda layer: layer.fill((2, 2, 9), 2),
    "polygon": lambda layer: layer.paint_polygon([(2, 0, 1), (2, 4, 1), (2, 4, 9)], 1),
    "data_setitem": lambda layer: layer.data_setitem(
        (np.array([1, 2]), np.array([1, 0]), np.array([1, 4])), 2
    ),
    "in place": lambda layer: layer.data.__setitem__((2, slice(1, 3), 4), 3),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edit_undo_and_redo_are_told_once_with_their_voxels(layer, interpretation, told, edit):
    layer.brush_size = 4
    edit(layer)
    after = np.asarray(layer.data)
    assert after.any()
    assert np.array_equal(changed_voxels(told), after != 0)
    interpretation.undo()
    assert np.array_equal(changed_voxels(told), after != 0)
    assert not np.any(layer.data)
    interpretation.redo()
    assert np.array_equal(changed_voxels(told), after != 0)
    assert np.array_equal(layer.data, after)


def test_napari_s_own_undo_is_an_edit_like_any_other(layer, told):
    layer.paint((2, 2, 9), 1)
    after = np.asarray(layer.data)
    told.clear()
    layer.undo()
    assert np.array_equal(changed_voxels(told), after != 0)
    layer.redo()
    assert np.array_equal(changed_voxels(told), after != 0)


@pytest.mark.parametrize("section", list(Section))
def test_what_is_painted_is_shown_in_every_orientation(shown, layer, told, section):
    show_section(shown, section)
    layer.brush_size = 1
    layer.paint((2, 2, 9), 1)
    assert np.argwhere(changed_voxels(told)).tolist() == [[2, 2, 9]]
    shown.dims.point = layer.data_to_world((2, 2, 9))
    assert layer.get_value(layer.data_to_world((2, 2, 9)), world=True) == 1


def test_looking_around_is_no_edit(shown, layer, told):
    for line in (10, 12, 14, 20):
        shown.dims.set_point(0, line)
    for section in Section:
        show_section(shown, section)
    shown.dims.ndisplay = 3
    layer.visible = False
    layer.visible = True
    layer.refresh()
    assert told == []


def test_an_undo_of_ours_takes_back_what_napari_painted(layer, interpretation, told):
    layer.paint((2, 2, 9), 1)
    told.clear()
    interpretation.undo()
    assert not np.asarray(layer.data).any()
    assert len(told) == 1


def test_a_copy_of_the_layer_is_nobodys_labels(layer, interpretation, told):
    twin = copy.deepcopy(layer.data)
    twin[0, 0, 0] = 1
    assert told == []
    assert interpretation.facies[0, 0, 0] == 0
