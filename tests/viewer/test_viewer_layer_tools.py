"""Tools forward to napari's modes, follow them, and say why they cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from napari.components import ViewerModel

from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.layer_tools import LayerTools, Tool
from napari_hyperseg.viewer.open_section import NO_SECTION, NO_SURVEY
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace


@pytest.fixture
def workspace(shown: ViewerModel) -> Iterator[Workspace]:
    made = Workspace(shown, SessionModel())
    yield made
    made.close()


@pytest.fixture
def tools(workspace: Workspace) -> LayerTools:
    return workspace.tools


@pytest.mark.parametrize("tool", list(Tool))
def test_a_tool_is_a_mode_of_napari_and_back(workspace, tools, tool):
    layer = workspace.layer(Role.LABELS)
    told: list[None] = []
    tools.changed.connect(lambda: told.append(None))
    layer.mode = "pick"
    assert tools.tool is None
    tools.choose(tool)
    assert (layer.mode, tools.tool) == (tool.value, tool)
    assert layer.n_edit_dimensions == 2
    assert len(told) >= 2


def test_a_tool_takes_the_labels_even_if_they_are_hidden(workspace, tools):
    layer = workspace.layer(Role.LABELS)
    workspace.viewer.layers.selection.active = workspace.layer(Role.AMPLITUDE)
    layer.visible = False
    assert tools.tool is None
    tools.choose(Tool.ERASER)
    assert tools.tool is Tool.ERASER
    assert layer.visible


def test_the_brush_size_goes_both_ways(workspace, tools):
    tools.choose_brush_size(31)
    assert workspace.layer(Role.LABELS).brush_size == 31
    workspace.layer(Role.LABELS).brush_size = 5
    assert tools.brush_size == 5


def test_why_nothing_can_be_painted_is_said(workspace, tools):
    assert tools.refusal == ""
    workspace.navigation.show_volume()
    assert tools.refusal == NO_SECTION
    workspace.navigation.show(Section.CROSSLINE)
    workspace.interpretation.suspend("open in another window")
    assert "open in another window" in tools.refusal
    tools.choose(Tool.BRUSH)
    assert workspace.layer(Role.LABELS).mode == "pan_zoom"
    workspace.viewer.layers.clear()
    assert tools.refusal == NO_SURVEY
    assert tools.tool is None


def test_labels_that_are_gone_are_not_followed(workspace, tools):
    layer = workspace.layer(Role.LABELS)
    workspace.viewer.layers.clear()
    told: list[None] = []
    tools.changed.connect(lambda: told.append(None))
    layer.brush_size = 40
    assert told == []


def test_the_polygon_has_a_key(workspace, tools):
    layer = workspace.layer(Role.LABELS)
    bound = {str(key): call for key, call in layer.keymap.items()}
    bound["Shift+P"](layer)
    assert tools.tool is Tool.POLYGON
