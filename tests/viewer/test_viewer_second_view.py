"""The second view beside the viewer's section; no window needed."""

from __future__ import annotations

import numpy as np
import pytest
from napari.layers import Surface

from napari_hyperseg.jobs.events import BlockPredicted, JobFinished
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.cut_mark import NAME, plane_line
from napari_hyperseg.viewer.second_view import SecondView
from napari_hyperseg.viewer.section_picture import SectionReader, section_values
from napari_hyperseg.viewer.sections import Section, first_look, go_to_place
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace

INLINE, CROSSLINE, TIME_SLICE = Section


@pytest.fixture
def workspace(predicted, shown):
    workspace = Workspace(shown, SessionModel())
    first_look(shown, workspace.layer(Role.AMPLITUDE))
    yield workspace
    workspace.close()


@pytest.fixture
def second(workspace) -> SecondView:
    workspace.second.open()
    return workspace.second


@pytest.fixture
def told(second) -> list[str]:
    """What the second view tells those who draw it."""
    told: list[str] = []
    second.changed.connect(lambda: told.append("changed"))
    second.moved.connect(lambda: told.append("moved"))
    return told


def mark(viewer) -> Surface | None:
    return next((layer for layer in viewer.layers if layer.name == NAME), None)


def marked(viewer) -> np.ndarray:
    """Return where the line is, as (inline, crossline, sample) of its two ends."""
    layer = mark(viewer)
    corners = layer.vertices[np.unique(layer.faces[layer.faces.any(axis=1)])]
    return np.rint([corners.min(axis=0), corners.max(axis=0)]).astype(int)


def test_it_is_cut_across_the_viewers_section_at_its_place(second, shown):
    assert (second.section, second.line) == (CROSSLINE, 2)
    assert second.crossing == (INLINE, 2)
    assert marked(shown).tolist() == [[2, 2, 0], [2, 2, 19]]


def test_the_viewer_goes_on_and_the_mark_with_it(second, workspace, shown, told):
    workspace.navigation.go_to(4)
    assert second.crossing == (INLINE, 4)
    assert (second.section, second.line) == (CROSSLINE, 2)
    assert marked(shown).tolist() == [[4, 2, 0], [4, 2, 19]]
    assert set(told) == {"moved"}


def test_where_it_goes_the_viewer_comes_when_it_turns(second, workspace, shown, told):
    second.go_to(3)
    assert "changed" in told
    assert marked(shown).tolist() == [[2, 3, 0], [2, 3, 19]]
    assert workspace.navigation.place == (0, 2)
    workspace.navigation.show(CROSSLINE)
    assert workspace.navigation.place == (1, 3)
    second.move(100)
    assert second.line == 5
    second.move(-100)
    assert second.line == 0


def test_both_never_cut_along_the_same_axis(second, workspace):
    for turn, expected in (
        (CROSSLINE, INLINE),
        (TIME_SLICE, INLINE),
        (INLINE, TIME_SLICE),
        (CROSSLINE, TIME_SLICE),
        (TIME_SLICE, CROSSLINE),
    ):
        workspace.navigation.show(turn)
        assert (workspace.navigation.section, second.section) == (turn, expected)
    second.show(TIME_SLICE)
    assert (workspace.navigation.section, second.section) == (CROSSLINE, TIME_SLICE)
    second.show(INLINE)
    assert (workspace.navigation.section, second.section) == (CROSSLINE, INLINE)


def test_beside_3d_it_stays_and_marks_nothing(second, workspace, shown):
    workspace.navigation.show_volume()
    assert (second.crossing, second.section) == (None, CROSSLINE)
    assert not mark(shown).faces.any()
    second.go_to(3)
    workspace.navigation.show(CROSSLINE)
    assert second.section is INLINE


def test_a_jump_of_the_viewer_takes_it_along(second, workspace, shown, told):
    go_to_place(shown, workspace.layer(Role.AMPLITUDE), (4, 1, 7))
    assert (second.crossing, second.line) == ((INLINE, 4), 1)
    assert "changed" in told


def test_edits_looks_and_predictions_are_drawn_again(second, workspace, told):
    def tells(act) -> bool:
        told.clear()
        act()
        return "changed" in told

    def block(box):
        event = BlockPredicted(survey="tiny", box=box, step=1, done=1, total=2)
        return lambda: workspace.model.reported.emit(event)

    facies = workspace.interpretation.facies
    assert tells(lambda: facies.__setitem__((slice(0, 2), 2, 3), 1))
    assert tells(workspace.interpretation.undo)
    assert tells(lambda: setattr(workspace.layer(Role.LABELS), "opacity", 0.3))
    assert tells(lambda: workspace.look.choose_colours("red-blue"))
    assert tells(lambda: setattr(workspace.layer(Role.PREDICTION), "visible", False))
    assert tells(lambda: workspace.horizons.add({"Top": (np.full((6, 5), 120.0), "")}))
    assert tells(block(((0, 6), (2, 4), (0, 20))))
    assert not tells(block(((0, 6), (3, 5), (0, 20))))
    assert tells(lambda: workspace.model.reported.emit(JobFinished(reason="done")))


def test_closed_it_tells_and_marks_nothing(second, workspace, shown, told):
    second.close()
    second.close()
    assert mark(shown) is None
    told.clear()
    workspace.navigation.show(CROSSLINE)
    workspace.layer(Role.LABELS).opacity = 0.2
    workspace.interpretation.facies[0, 0, 0] = 1
    assert told == []
    second.open()
    assert (second.section, told) == (INLINE, ["changed"] * len(told))
    assert mark(shown) is not None


def test_the_mark_neither_takes_the_brush_nor_lengthens_the_sliders(workspace, shown):
    before = shown.layers.selection.active, shown.dims.range
    workspace.second.open()
    workspace.second.go_to(0)
    assert (shown.layers.selection.active, shown.dims.range) == before


def test_without_a_survey_there_is_nothing(second, workspace, shown):
    shown.layers.clear()
    workspace.adopt()
    assert (second.tag, second.looks(), second.horizons(), mark(shown)) == (None, [], [], None)
    second.go_to(3)
    second.show(INLINE)


def test_pictures_are_those_of_the_visible_layers_as_they_look(second, workspace):
    workspace.interpretation.facies[1, 2, 5] = 2
    reader = SectionReader()
    amplitude, prediction, labels = reader.read(second.looks(), CROSSLINE, 2)
    survey = workspace.tag.opened
    assert np.array_equal(amplitude.values, survey.volume[:, 2].T)
    assert amplitude.levels == tuple(workspace.layer(Role.AMPLITUDE).contrast_limits)
    assert (amplitude.colors[0].tolist(), amplitude.colors[-1].tolist()) == (
        [0, 0, 0, 255],
        [255, 255, 255, 255],
    )
    assert labels.values[5, 1] == 2
    assert labels.colors[0, 3] == 0
    layer = workspace.layer(Role.LABELS)
    color = np.rint(255 * layer.colormap.map(2) * (1, 1, 1, layer.opacity))
    assert labels.colors[2].tolist() == color.tolist()
    assert np.all(prediction.values == 2)
    layer.visible = False
    assert len(second.looks()) == 2


@pytest.mark.parametrize("section", list(Section))
def test_sections_are_read_as_they_are_drawn(survey, section):
    volume = np.array(survey.volume[:])
    cuts = {INLINE: volume[2].T, CROSSLINE: volume[:, 2].T, TIME_SLICE: volume[:, :, 2]}
    assert np.array_equal(section_values(survey.volume, section, 2), cuts[section])


def test_only_what_may_change_is_read_again(second, workspace):
    reader = SectionReader()
    first = reader.read(second.looks(), CROSSLINE, 2)
    workspace.interpretation.facies[1, 2, 5] = 2
    again = reader.read(second.looks(), CROSSLINE, 2)
    assert again[0].values is first[0].values
    assert again[-1].values[5, 1] == 2
    elsewhere = reader.read(second.looks(), CROSSLINE, 3)
    assert not np.array_equal(elsewhere[0].values, first[0].values)


def test_horizons_are_those_on_its_section(second, workspace):
    workspace.horizons.add({"Top": (np.full((6, 5), 120.0), "top.txt")})
    ((color, segments),) = second.horizons()
    assert color == workspace.horizons.entries[0].color
    assert np.all(segments[..., 0] == 5)
    assert segments[..., 1].max() == 5
    workspace.horizons.show("Top", False)
    assert second.horizons() == []


@pytest.mark.parametrize(
    ("section", "cut", "ends"),
    [
        (INLINE, (CROSSLINE, 3), [[0, 3], [19, 3]]),
        (INLINE, (TIME_SLICE, 7), [[7, 0], [7, 4]]),
        (CROSSLINE, (INLINE, 1), [[0, 1], [19, 1]]),
        (TIME_SLICE, (INLINE, 1), [[1, 0], [1, 4]]),
        (TIME_SLICE, (CROSSLINE, 3), [[0, 3], [5, 3]]),
    ],
)
def test_planes_cut_each_other_in_lines(section, cut, ends):
    assert plane_line((6, 5, 20), section, cut).tolist() == [ends]
