"""Layers show any state there was; the present comes back exactly, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.editing import journal as journals
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.project.time_line import Standing
from napari_hyperseg.viewer.looking_back import LookingBack
from napari_hyperseg.viewer.overlays import interpretation_in
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace


@pytest.fixture
def workspace(shown: ViewerModel) -> Iterator[Workspace]:
    made = Workspace(shown, SessionModel())
    yield made
    made.close()


@pytest.fixture
def back(workspace: Workspace) -> LookingBack:
    """Three edits of inline 14: classes 1, 2, 3 one over the other."""
    workspace.navigation.go_to(2)
    for code in (1, 2, 3):
        with workspace.interpretation.edit("Brush", f"Class {code}"):
            workspace.interpretation.facies[2, :, code:] = code
    return workspace.looking_back


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown_codes(workspace: Workspace) -> np.ndarray:
    """What the layer draws of the section in view, as (vertical, line)."""
    layer = workspace.layer(Role.LABELS)
    places = [layer.data_to_world((2, 1, k)) for k in range(20)]
    return np.array([layer.get_value(place, world=True) for place in places])


def test_the_layer_shows_what_was_and_then_what_is(workspace, back):
    layer, facies = workspace.layer(Role.LABELS), workspace.interpretation.facies
    layer.mode = "paint"
    workspace.interpretation.flush()
    before, drawn = content(workspace.project.folder), shown_codes(workspace)
    point = workspace.viewer.dims.point
    assert drawn.tolist() == [0, 1, 2, *[3] * 17]
    back.look(back.moments[1])
    assert shown_codes(workspace).tolist() == [0, *[1] * 19]
    assert back.notice.endswith(": Brush, Class 1")
    back.look(back.moments[0])
    assert not shown_codes(workspace).any()
    back.look(back.moments[2])
    assert shown_codes(workspace).tolist() == [0, 1, *[2] * 18]
    assert not layer.editable
    assert layer.mode == "pan_zoom"
    back.leave()
    assert shown_codes(workspace).tolist() == drawn.tolist()
    assert layer.data is facies
    assert (layer.editable, layer.mode, back.notice) == (True, "paint", "")
    assert workspace.viewer.dims.point == point
    workspace.interpretation.flush()
    assert content(workspace.project.folder) == before
    facies[0, 0, 0] = 1
    assert workspace.interpretation.position == 4


@pytest.mark.parametrize("section", list(Section))
def test_every_orientation_shows_it(workspace, back, section):
    workspace.navigation.show(section)
    workspace.navigation.go_to(2)
    back.look(back.moments[1])
    layer = workspace.layer(Role.LABELS)
    assert layer.get_value(layer.data_to_world((2, 2, 2)), world=True) == 1
    back.leave()
    assert layer.get_value(layer.data_to_world((2, 2, 2)), world=True) == 2


def test_nothing_can_be_changed_meanwhile(workspace, back):
    back.look(back.moments[1])
    workspace.undo()
    workspace.redo()
    assert workspace.interpretation.position == 3
    assert "time line" in workspace.tools.refusal
    with pytest.raises(LabelError, match="time line"):
        workspace.interval_fill.fill(None, None)
    with pytest.raises(LabelError, match="time line"):
        workspace.horizons.create()
    assert interpretation_in(workspace.viewer, "tiny") is workspace.interpretation
    back.leave()
    workspace.undo()
    assert workspace.interpretation.position == 2


def test_going_back_is_an_undo_that_the_time_line_takes_back(workspace, back):
    back.look(back.moments[1])
    back.go_back()
    assert back.notice == ""
    assert (workspace.interpretation.facies[2, :, 1:] == 1).all()
    assert [moment.standing for moment in back.moments][1:] == [
        Standing.PRESENT, Standing.UNDONE, Standing.UNDONE,
    ]  # fmt: skip
    back.look(back.moments[3])
    assert shown_codes(workspace).tolist() == [0, 1, 2, *[3] * 17]
    back.go_back()
    assert workspace.interpretation.position == 3


def test_the_present_is_no_look_back(workspace, back):
    back.look(back.moments[3])
    assert back.notice == ""
    back.look(back.moments[1])
    back.look(back.moments[3])
    assert back.notice == ""
    assert workspace.layer(Role.LABELS).editable


def test_horizons_and_colours_are_those_of_the_time(workspace, back):
    workspace.horizons.add({"Top": (np.full((6, 5), 120.0), "")})
    workspace.set_legend(workspace.legend.recoloured(1, "#00ff00"))
    layer = workspace.layer(Role.LABELS)
    green = layer.colormap.map(1)
    back.look(back.moments[3])
    assert workspace.horizons.entries == ()
    assert not np.array_equal(layer.colormap.map(1), green)
    back.look(back.moments[4])
    assert [entry.name for entry in workspace.horizons.entries] == ["Top"]
    back.leave()
    assert [entry.name for entry in workspace.horizons.entries] == ["Top"]
    assert np.array_equal(layer.colormap.map(1), green)


def test_removing_the_survey_ends_it(workspace, back):
    back.look(back.moments[1])
    interpretation = workspace.interpretation
    workspace.viewer.layers.clear()
    assert back.notice == ""
    assert interpretation.read_only == "closed"
    assert back.number is None


def test_a_state_that_is_lost_is_said_and_the_present_stays(workspace, back, monkeypatch):
    monkeypatch.setattr(journals, "changes_at", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    with pytest.raises(LabelError, match="cannot be read"):
        back.look(back.moments[1])
    assert back.notice == ""
    assert workspace.layer(Role.LABELS).editable
    assert shown_codes(workspace).tolist() == [0, 1, 2, *[3] * 17]
