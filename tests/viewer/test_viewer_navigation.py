"""Moving from section to section and to labelled lines, and the table of keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from napari.utils.key_bindings import coerce_keybinding
from napari.utils.notifications import Notification, notification_manager
from napari.utils.shortcuts import default_shortcuts

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.horizon_keys import HorizonKeys
from napari_hyperseg.viewer.key_table import Action
from napari_hyperseg.viewer.keys import Keys
from napari_hyperseg.viewer.line_rows import UNKNOWN_COLOR, line_row
from napari_hyperseg.viewer.navigation import (
    DEFAULT_STEP,
    NO_LABELLED_LINE,
    NO_LINE_IN_3D,
    STEP_SETTING,
    Navigation,
)
from napari_hyperseg.viewer.next_line import NextLines
from napari_hyperseg.viewer.painting import Painting
from napari_hyperseg.viewer.sections import Section, first_look
from napari_hyperseg.viewer.tags import Role, tagged
from napari_hyperseg.viewer.workspace import Workspace

LABELLED = [(0, 1), (0, 4), (1, 2), (2, 12)]


@pytest.fixture
def lines() -> list[LabelledLine]:
    """The labelled lines; tests may add to them."""
    return [LabelledLine(axis, index, ((1, 10),)) for axis, index in LABELLED]


@pytest.fixture
def navigation(shown, project, lines) -> Navigation:
    navigation = Navigation(shown, lambda: lines)
    amplitude = next(tagged(shown.layers, Role.AMPLITUDE))
    first_look(shown, amplitude)
    navigation.follow(amplitude, project)
    return navigation


def test_it_tells_where_the_viewer_is(navigation):
    assert (navigation.section, navigation.line, navigation.place) == (Section.INLINE, 2, (0, 2))
    navigation.show_volume()
    assert (navigation.section, navigation.line, navigation.place) == (None, None, None)
    navigation.visit((2, 7))
    assert (navigation.section, navigation.line, navigation.place) == (
        Section.TIME_SLICE,
        7,
        (2, 7),
    )
    navigation.follow(None, None)
    assert (navigation.section, navigation.line, navigation.place) == (None, None, None)


def test_the_section_that_was_left_is_shown_again(navigation, project, shown):
    navigation.visit((1, 3))
    navigation.leave("tiny")
    stored = Project.open(project.folder)
    assert stored.settings["section of tiny"] == "1 3"
    navigation.visit((2, 7))
    navigation.come_back("other")
    assert navigation.place == (2, 7)
    navigation.come_back("tiny")
    assert navigation.place == (1, 3)


@pytest.mark.parametrize("known", ["1 99", "3 0", "x", "", None, 5, "1 -2"])
def test_a_section_that_there_is_not_is_not_shown(navigation, project, known):
    project.settings["section of tiny"] = known
    navigation.visit((2, 7))
    navigation.come_back("tiny")
    assert navigation.place == (2, 7)


def test_whoever_only_reads_a_project_leaves_no_trace(navigation, project):
    before = (project.folder / "project.json").read_bytes()
    project.read_only = "open elsewhere"
    navigation.leave("tiny")
    assert (project.folder / "project.json").read_bytes() == before


@pytest.mark.parametrize(("axis", "last"), [(0, 5), (1, 4), (2, 19)])
def test_lines_go_on_to_the_edge_of_the_survey(navigation, axis, last):
    navigation.visit((axis, 1))
    navigation.next_line()
    assert navigation.line == 2
    navigation.step_on()
    assert navigation.line == min(2 + DEFAULT_STEP, last)
    navigation.visit((axis, last))
    navigation.next_line()
    assert navigation.line == last
    navigation.visit((axis, 1))
    navigation.previous_line()
    navigation.previous_line()
    assert navigation.line == 0
    navigation.step_back()
    assert navigation.line == 0


def test_the_step_is_kept_by_the_project(navigation, project):
    assert navigation.step == DEFAULT_STEP
    navigation.choose_step(3)
    navigation.step_on()
    assert navigation.line == 5
    again = Project.open(project.folder)
    assert again.settings == {STEP_SETTING: 3}
    for nonsense in (0, "ten", 10**9, None, 2.5):
        project.settings[STEP_SETTING] = nonsense
        assert navigation.step == DEFAULT_STEP


def test_labelled_lines_follow_each_other_as_they_are_listed(navigation):
    seen = []
    for _ in range(5):
        navigation.next_labelled()
        seen.append(navigation.place)
    assert seen == [(0, 4), (1, 2), (2, 12), (0, 1), (0, 4)]
    for _ in range(5):
        navigation.previous_labelled()
        seen.append(navigation.place)
    assert seen[5:] == [(0, 1), (2, 12), (1, 2), (0, 4), (0, 1)]
    navigation.visit((1, 0))
    navigation.previous_labelled()
    assert navigation.place == (0, 4)
    navigation.show_volume()
    navigation.next_labelled()
    assert navigation.place == LABELLED[0]
    navigation.show_volume()
    navigation.previous_labelled()
    assert navigation.place == LABELLED[-1]


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What napari tells the user."""
    messages: list[str] = []

    def tell(notification: Notification) -> None:
        messages.append(notification.message)

    notification_manager.notification_ready.connect(tell)
    yield messages
    notification_manager.notification_ready.disconnect(tell)


def test_without_labelled_lines_it_says_so(navigation, lines, told):
    lines.clear()
    navigation.next_labelled()
    assert navigation.place == (0, 2)
    assert told == [NO_LABELLED_LINE]


def test_a_number_is_asked_for_where_there_are_lines(navigation, told):
    asked = []
    navigation.line_asked.connect(lambda: asked.append(True))
    navigation.ask_line()
    assert asked == [True]
    navigation.show_volume()
    navigation.ask_line()
    assert asked == [True]
    assert told == [NO_LINE_IN_3D]


def test_without_a_survey_nothing_moves(navigation, shown, told):
    navigation.follow(None, None)
    before = shown.dims.point, shown.dims.order
    for move in (
        navigation.show_volume,
        navigation.step_on,
        navigation.next_labelled,
        navigation.previous_labelled,
        navigation.ask_line,
        lambda: navigation.show(Section.CROSSLINE),
        lambda: navigation.choose_step(2),
    ):
        move()
    assert (shown.dims.point, shown.dims.order, shown.dims.ndisplay) == (*before, 2)
    assert told == []


@pytest.fixture
def keys(shown, navigation) -> Iterator[Keys]:
    workspace = Workspace(shown, SessionModel())
    horizons = HorizonKeys(workspace.picking, workspace.tracking)
    yield Keys(shown, navigation, NextLines(workspace), Painting(shown, lambda: None), horizons)
    workspace.close()


def test_each_key_does_one_thing_and_each_thing_has_a_key(keys):
    names = Counter(name for key in keys.table for name in (*key.names, *key.also))
    assert set(names.values()) == {1}
    assert {key.action for key in keys.table} == set(Action)
    assert keys.tip(Action.PREVIOUS_LABELLED) == "Previous labelled line (Shift+N)"


def test_only_known_keys_of_napari_are_taken(keys):
    """All others work on every layer; letters are bound with Shift as well."""
    taken = {str(one) for bound in default_shortcuts.values() for one in bound}
    ours = [key for key in keys.table if key.call and key.on_canvas]
    names = {str(coerce_keybinding(name)) for key in ours for name in key.names}
    assert names & taken == {"C", "D", "I", "T", *"1234567"}
    also = {str(coerce_keybinding(name)) for key in ours for name in key.also}
    assert also == {"Shift+C", "Shift+D", "Shift+I", "Shift+T"}
    assert not also & taken


def test_keys_are_bound_to_the_viewer_and_to_layers_of_ours(keys, shown, navigation):
    stranger = shown.add_points()
    keys.adopt(shown.layers)
    crossline = coerce_keybinding("C")
    for provider in (shown, *(layer for layer in shown.layers if layer is not stranger)):
        navigation.show(Section.INLINE)
        assert provider.keymap[crossline](provider) is None
        assert navigation.section is Section.CROSSLINE
    assert crossline not in stranger.keymap
    keys.unbind()
    assert not any(crossline in provider.keymap for provider in (shown, *shown.layers))


def test_a_labelled_line_is_told_in_survey_numbers(survey):
    legend = Legend.default(2).renamed(1, "salt")
    line = LabelledLine(0, 2, ((1, 1500), (7, 500)))
    row = line_row(line, survey.geometry, legend, {})
    assert (row.place, row.title, row.amount) == ((0, 2), "Inline 14", "2k")
    assert row.bar == ((legend[1].color, 0.75), (UNKNOWN_COLOR, 0.25))
    assert row.tip == "Inline 14: 2,000 painted voxels\nsalt: 1,500 (75.0%)\nclass 7: 500 (25.0%)"
    titles = [
        line_row(LabelledLine(axis, 1, ((1, 1),)), survey.geometry, legend, {}).title
        for axis in (1, 2)
    ]
    assert titles == ["Crossline 32", "Slice 104 ms"]


def test_picks_on_a_line_are_told_with_what_is_painted_or_alone(survey):
    legend, colors = Legend.default(2), {"Top": "#112233", "Base": "#445566"}
    picks = (("Top", 1500), ("Base", 1))
    alone = line_row(LabelledLine(0, 2, (), picks), survey.geometry, legend, colors)
    assert (alone.title, alone.amount) == ("Inline 14", "2 horizons")
    assert alone.bar == (("#112233", 0.5), ("#445566", 0.5))
    told = "Top: picked on 1,500 traces\nBase: picked on 1 trace"
    assert alone.tip == f"Inline 14: {told}"
    both = line_row(LabelledLine(0, 2, ((1, 5),), picks), survey.geometry, legend, colors)
    assert (both.amount, both.bar) == ("5", ((legend[1].color, 1.0),))
    assert both.tip.endswith(f"\n{told}")
    one = line_row(LabelledLine(0, 2, (), (("Gone", 3),)), survey.geometry, legend, colors)
    assert (one.amount, one.bar) == ("1 horizon", ((UNKNOWN_COLOR, 1.0),))
