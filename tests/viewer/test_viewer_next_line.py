"""Going to the line to label next, and on to the next best."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zarr

from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer import next_line
from napari_hyperseg.viewer.next_line import NextLines
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace


@pytest.fixture
def told(monkeypatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(next_line, "show_info", messages.append)
    return messages


@pytest.fixture
def workspace(predicted, shown, told) -> Iterator[Workspace]:
    zarr.open_group(predicted, mode="r+")["confidence"][:, 1] = 30
    workspace = Workspace(shown, SessionModel())
    yield workspace
    workspace.close()


def answer(lines: NextLines) -> list[int]:
    """Search where it asks to; returns how often it did."""
    searches = [0]

    def search(find):
        searches[0] += 1
        lines.take(find(lambda: False))

    lines.asked.connect(search)
    return searches


def test_it_shows_the_doubtful_line_and_then_the_next_best(workspace, told):
    searches = answer(workspace.next_lines)
    workspace.next_lines.go()
    first = workspace.navigation.place
    assert first == (1, 1)
    assert told[0].startswith("Crossline 32 (1 of ")
    workspace.next_lines.go()
    assert workspace.navigation.place != first
    assert "(2 of " in told[1]
    assert workspace.next_lines.text == told[1]
    assert searches == [1]


def test_after_the_last_it_searches_anew(workspace, told):
    searches = answer(workspace.next_lines)
    workspace.next_lines.go()
    count = int(told[0].split("of ")[1].split(")")[0])
    for _ in range(count):
        workspace.next_lines.go()
    assert searches == [2]
    assert workspace.navigation.place == (1, 1)


def test_from_elsewhere_it_searches_anew(workspace):
    searches = answer(workspace.next_lines)
    workspace.next_lines.go()
    workspace.navigation.visit((0, 4))
    workspace.next_lines.go()
    assert searches == [2]


def test_changed_labels_are_another_search(workspace):
    searches = answer(workspace.next_lines)
    workspace.next_lines.go()
    workspace.layer(Role.LABELS).paint((2, 1, 5), 1)
    workspace.next_lines.go()
    assert searches == [2]


def test_one_search_at_a_time(workspace):
    asked: list[object] = []
    workspace.next_lines.asked.connect(asked.append)
    workspace.next_lines.go()
    workspace.next_lines.go()
    assert len(asked) == 1
    workspace.next_lines.give_up("no prediction yet")
    workspace.next_lines.go()
    assert len(asked) == 2
