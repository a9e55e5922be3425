"""What the keys of horizons do, and what is told where they cannot; no window needed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from napari.utils.notifications import notification_manager

from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.horizon_keys import NOT_IN_HAND, HorizonKeys
from napari_hyperseg.viewer.key_table import Action
from napari_hyperseg.viewer.picking import NO_HORIZON, NO_LINE
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.workspace import Workspace

SHAPE = (6, 5)


@pytest.fixture
def workspace(shown) -> Iterator[Workspace]:
    workspace = Workspace(shown, SessionModel())
    workspace.navigation.show(Section.INLINE)
    yield workspace
    workspace.close()


@pytest.fixture
def keys(workspace: Workspace) -> HorizonKeys:
    return HorizonKeys(workspace.picking, workspace.tracking)


@pytest.fixture
def three(workspace: Workspace) -> Workspace:
    """Horizons Top, Middle and Base."""
    times = {"Top": 120.0, "Middle": 140.0, "Base": 160.0}
    workspace.horizons.add({name: (np.full(SHAPE, time), "") for name, time in times.items()})
    return workspace


def told() -> str:
    """The last notification."""
    return notification_manager.records[-1].message


def test_next_and_previous_stop_at_the_ends(three: Workspace, keys: HorizonKeys):
    seen = []
    for step in (keys.next, keys.next, keys.next, keys.previous, keys.previous, keys.previous):
        step()
        seen.append(three.picking.horizon)
    assert seen == ["Middle", "Base", "Base", "Middle", "Top", "Top"]
    assert three.viewer.status == "Horizon Top"


def test_the_horizon_in_hand_stays_when_it_is_renamed_moved_or_another_removed(
    three: Workspace, keys: HorizonKeys
):
    keys.next()
    three.horizons.rename("Middle", "Reef")
    three.horizons.move("Reef", 1)
    three.horizons.remove("Top")
    assert three.picking.horizon == "Reef"
    three.horizons.remove("Reef")
    assert three.picking.horizon == "Base"
    three.interpretation.undo()
    assert three.picking.horizon == "Reef"


def test_without_a_horizon_keys_say_what_to_do(workspace: Workspace, keys: HorizonKeys):
    for call in (keys.pick, keys.track_line, keys.next):
        call()
        assert told() == NO_HORIZON
    keys.track_volume()
    assert not workspace.tracking.state.running


def test_a_line_is_erased_only_while_it_is_picked(three: Workspace, keys: HorizonKeys):
    keys.erase_line()
    assert told() == NOT_IN_HAND
    assert np.isfinite(three.horizons.grid("Top")).all()
    keys.pick()
    three.navigation.go_to(2)
    keys.erase_line()
    assert np.isnan(three.horizons.grid("Top")[2]).all()
    assert np.isnan(three.horizons.grid("Top")).sum() == 5
    assert three.interpretation.can_undo.tool == "Line erased"
    three.navigation.show(Section.CROSSLINE)
    three.navigation.go_to(1)
    keys.erase_line()
    assert (three.horizons.picks("Top").kinds[:, 1] == PickKind.ERASED).all()
    three.navigation.show(Section.TIME_SLICE)
    for call in (keys.erase_line, keys.track_line):
        call()
        assert told() == NO_LINE


def test_what_is_refused_is_told(three: Workspace, keys: HorizonKeys):
    keys.track_volume()
    assert "Top has no picks yet" in told()
    three.interpretation.suspend("shown as it was")
    keys.pick()
    assert told() == "Nothing can be changed: the project is shown as it was."
    assert not three.picking.in_hand
    three.interpretation.resume()
    keys.pick()
    assert three.picking.in_hand
    three.interpretation.suspend("shown as it was")
    keys.erase_line()
    assert "Nothing can be changed" in told()
    three.interpretation.resume()


def test_escape_puts_the_tool_away(three: Workspace, keys: HorizonKeys):
    keys.pick()
    layer = three.viewer.layers.selection.active
    escape = next(call for key, call in layer.keymap.items() if str(key) == "Escape")
    escape(layer)
    assert not three.picking.in_hand
    assert layer.mouse_pan
    assert three.keys.tip(Action.TRACK_VOLUME) == "Track the whole survey, or stop (Shift+K)"
