"""The horizons of a workspace: kept, drawn, following the viewer; no window needed."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import zarr
from napari.layers import Labels
from napari.utils.notifications import notification_manager

from napari_hyperseg.errors import HorizonError, ProjectError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.viewer.napari_versions import VERSION, camera_of
from napari_hyperseg.viewer.sections import Section, show_section, show_volume
from napari_hyperseg.viewer.tags import Role, tag_of, tagged
from napari_hyperseg.viewer.workspace import Workspace

SHAPE = (6, 5)


def dipping(start_ms: float) -> np.ndarray:
    """A horizon that dips by a sample from inline to inline."""
    return np.full(SHAPE, start_ms) + 4.0 * np.arange(6)[:, None]


@pytest.fixture
def workspace(shown):
    workspace = Workspace(shown, SessionModel())
    yield workspace
    workspace.close()


@pytest.fixture
def horizons(workspace):
    """Top from 120 ms and Base from 140 ms, with a hole at trace (2, 3)."""
    base = dipping(140)
    base[2, 3] = np.nan
    workspace.horizons.add({"Base": (base, "base.txt"), "Top": (dipping(120), "top.txt")})
    return workspace.horizons


def layers_of(viewer, role):
    return list(tagged(viewer.layers, role))


def drawn(viewer, number=None):
    """Return the corners of what is drawn, of one horizon or of all, without the dark edges."""
    (lines,) = layers_of(viewer, Role.HORIZON_LINES)
    faces = lines.faces[lines.faces.any(axis=1)]
    corners = lines.vertices[np.unique(faces)]
    values = lines.vertex_values[np.unique(faces)]
    return corners[values > 1] if number is None else corners[values == number + 1.5]


def test_lines_lie_on_the_section_and_follow_it(shown, workspace, horizons):
    for section, index, samples in (
        (Section.INLINE, 2, {7, 12}),
        (Section.INLINE, 5, {10, 15}),
        (Section.CROSSLINE, 1, set(range(5, 16))),
    ):
        workspace.navigation.show(section)
        workspace.navigation.go_to(index)
        corners = drawn(shown)
        assert np.all(corners[:, section] == index)
        centres = corners.reshape(-1, 4, 3).mean(axis=1)
        assert samples >= set(np.floor(centres[:, 2] + 1e-3).astype(int).tolist())


@pytest.mark.parametrize("zoom", [0.3, 3, 30])
def test_lines_leave_the_sliders_as_they_are(shown, workspace, horizons, zoom):
    shape = workspace.geometry.shape
    for section in Section:
        workspace.navigation.show(section)
        camera_of(shown).zoom = zoom
        workspace.navigation.go_to(1)
        assert shown.dims.nsteps == shape


def test_a_gap_is_a_gap(shown, workspace, horizons):
    workspace.navigation.show(Section.INLINE)
    workspace.navigation.go_to(2)
    scale = shown.layers[0].scale
    width = 2 / camera_of(shown).zoom / scale[1]
    base = drawn(shown, 1)
    inside = (base[:, 1] > 2 + width) & (base[:, 1] < 3.5 - width)
    assert not inside.any()
    top = drawn(shown, 0)
    assert np.ptp(top[:, 1]) >= 4
    assert len(top) == 4 * 4


def test_a_time_slice_shows_contours(shown, workspace, horizons):
    workspace.navigation.show(Section.TIME_SLICE)
    workspace.navigation.go_to(12)
    assert np.allclose(drawn(shown, 1).reshape(-1, 4, 3).mean(axis=1)[:, 0], 2)
    workspace.navigation.go_to(1)
    assert not len(drawn(shown))


def test_lines_are_two_pixels_wide_whatever_the_zoom(shown, workspace, horizons):
    workspace.navigation.show(Section.INLINE)
    scale = shown.layers[0].scale[2]
    for zoom in (1.0, 40.0):
        camera_of(shown).zoom = zoom
        heights = np.ptp(drawn(shown, 0).reshape(-1, 4, 3)[:, :, 2], axis=1) * scale * zoom
        assert np.allclose(heights, 2, atol=1e-3)


def test_what_is_drawn_is_what_napari_last_saw(shown, workspace, horizons):
    """Arrays are written in place: after every move the layer must have been drawn again."""
    (lines,) = layers_of(shown, Role.HORIZON_LINES)
    seen = []
    lines.events.set_data.connect(lambda event: seen.append(lines.vertices.copy()))
    for section in Section:
        show_section(shown, section)
        for index in (1, 4):
            workspace.navigation.go_to(index)
            assert np.array_equal(seen[-1], lines.vertices)


def test_surfaces_come_in_3d_and_go_in_2d(shown, workspace, horizons):
    assert not layers_of(shown, Role.HORIZON_SURFACES)
    show_volume(shown)
    (surfaces,) = layers_of(shown, Role.HORIZON_SURFACES)
    assert len(surfaces.vertices) == 30 + 29
    extent = surfaces.extent.world
    amplitude = shown.layers[0].extent.world
    assert np.all(extent[0] >= amplitude[0] - 1e-6)
    assert np.all(extent[1] <= amplitude[1] + 1e-6)
    assert not len(drawn(shown))
    show_section(shown, Section.INLINE)
    assert len(surfaces.faces) == 1
    assert len(drawn(shown))
    assert len(shown.dims.range) == 3


def test_surfaces_lie_where_napari_puts_vertices_in_3d(shown, workspace, horizons):
    """Napari 0.9 does not reorder vertices in 3D; others do, and then `joined` must not."""
    show_volume(shown)
    (surfaces,) = layers_of(shown, Role.HORIZON_SURFACES)
    order = list(shown.dims.displayed)
    assert order == [0, 2, 1]
    view = surfaces._data_view if VERSION == (0, 8) else surfaces._view_vertices
    world = view * surfaces.scale[order] + surfaces.translate[order]
    top = world[surfaces.vertex_values == 0.5]
    step = shown.layers[0].scale[2]
    first = shown.layers[0].translate[2]
    assert np.isclose(top[:, 1].min(), first + 5 * step)
    assert np.isclose(top[:, 1].max(), first + 10 * step)


def test_the_brush_stays_with_the_labels(shown, workspace, horizons):
    assert tag_of(shown.layers.selection.active).role is Role.LABELS
    show_volume(shown)
    assert isinstance(shown.layers.selection.active, Labels)
    labels = workspace.project.labels("tiny", writable=False)
    assert not labels.codes.any()


def test_hidden_recoloured_and_moved_horizons_are_drawn_so(shown, workspace, horizons):
    workspace.navigation.show(Section.INLINE)
    horizons.show("Top", False)
    (lines,) = layers_of(shown, Role.HORIZON_LINES)
    assert set(np.floor(drawn(shown)[:, 2] + 0.5)) <= {12, 11, 13, 10}
    horizons.recolour("Base", "#123456")
    assert np.allclose(lines.colormap.map(0.75)[0, :3] * 255, (0x12, 0x34, 0x56), atol=1)
    horizons.show("Base", False)
    assert not len(drawn(shown))
    assert [entry.visible for entry in horizons.entries] == [False, False]


def test_a_layer_removed_by_hand_comes_back_with_the_next_change(shown, workspace, horizons):
    (lines,) = layers_of(shown, Role.HORIZON_LINES)
    shown.layers.remove(lines)
    workspace.navigation.show(Section.CROSSLINE)
    workspace.navigation.go_to(3)
    camera_of(shown).zoom = 3
    show_volume(shown)
    shown.layers.remove(layers_of(shown, Role.HORIZON_SURFACES)[0])
    show_section(shown, Section.INLINE)
    assert not layers_of(shown, Role.HORIZON_LINES)
    horizons.recolour("Top", "#ff0000")
    assert len(drawn(shown))


def test_the_layers_go_with_the_survey(shown, workspace, horizons):
    shown.layers.remove(workspace.layer(Role.AMPLITUDE))
    assert not layers_of(shown, Role.HORIZON_LINES)
    assert horizons.entries == ()
    with pytest.raises(ProjectError, match="No survey"):
        horizons.remove("Top")


def test_another_survey_has_its_own_horizons(viewer_model, tiny_segy, tmp_path):
    from napari.layers import Layer

    from napari_hyperseg.viewer.reader import read

    second = shutil.copy(tiny_segy, tmp_path / "second.sgy")
    project = Project.create(tmp_path / "both.hyperseg", [tiny_segy, second])
    Horizons(project, "second").add("Only here", dipping(120))
    for data, arguments, kind in read(str(project.folder)):
        viewer_model.add_layer(Layer.create(data, arguments, kind))
    workspace = Workspace(viewer_model, SessionModel())
    assert workspace.horizons.entries == ()
    workspace.choose_survey("second")
    assert [entry.name for entry in workspace.horizons.entries] == ["Only here"]
    assert [tag_of(layer).survey for layer in layers_of(viewer_model, Role.HORIZON_LINES)] == [
        "second"
    ]
    workspace.choose_survey("tiny")
    assert not layers_of(viewer_model, Role.HORIZON_LINES)
    workspace.close()


def test_a_damaged_horizon_is_told_of_and_the_others_are_drawn(project, viewer_model, shown):
    kept = Horizons(project, "tiny")
    kept.add("Top", dipping(120))
    kept.add("Base", dipping(140))
    project.horizon_path("tiny", kept.entry("Top").surface).write_bytes(b"no grid")
    before = len(notification_manager.records)
    workspace = Workspace(shown, SessionModel())
    (told,) = notification_manager.records[before:]
    assert "Top is not shown" in told.message
    assert not len(drawn(shown, 0))
    assert len(drawn(shown, 1))
    workspace.close()


def test_names_in_use_are_counted_on_or_replaced(workspace, horizons):
    horizons.add({"Top": (dipping(124), "")})
    assert [entry.name for entry in horizons.entries] == ["Top", "Top (2)", "Base"]
    horizons.add({"Top": (dipping(122), "")}, keep_others=False)
    assert [entry.name for entry in horizons.entries] == ["Top", "Top (2)", "Base"]
    assert horizons.grid("Top")[0, 0] == 122


def test_a_horizon_that_is_replaced_again_and_again_is_drawn_anew(shown, workspace, horizons):
    workspace.navigation.show(Section.INLINE)
    workspace.navigation.go_to(0)
    for start_ms in (120, 132, 116):
        horizons.add({"Top": (np.full(SHAPE, float(start_ms)), "")}, keep_others=False)
        assert np.isclose(drawn(shown, 0)[:, 2].mean(), (start_ms - 100) / 4, atol=1e-3)


def test_what_leaves_the_survey_is_not_drawn(shown, workspace):
    below = dipping(170)
    workspace.horizons.add({"Deep": (below, "")})
    workspace.navigation.show(Section.CROSSLINE)
    (lines,) = layers_of(shown, Role.HORIZON_LINES)
    assert drawn(shown)[:, 2].max() < 20.5
    assert lines.extent.world[1][2] <= shown.layers[0].extent.world[1][2] + 1


def test_going_to_a_trace_moves_all_three_axes(shown, workspace, horizons):
    workspace.navigation.show(Section.TIME_SLICE)
    horizons.go_to("Top", 3, 4)
    assert horizons.place == (3, 4, 8)
    assert workspace.navigation.line == 8
    horizons.go_to("Base", 2, 3)  # a gap: the time stays
    assert horizons.place == (2, 3, 8)


def test_an_import_that_fails_leaves_nothing(workspace, horizons):
    bad = np.full(SHAPE, np.nan)
    position = workspace.interpretation.position
    for call in (horizons.add, horizons.add_picks):
        with pytest.raises(ProjectError, match="Bad has no value"):
            call({"New": (dipping(124), ""), "Top": (dipping(130), ""), "Bad": (bad, "")})
        assert [entry.name for entry in horizons.entries] == ["Top", "Base"]
        assert horizons.grid("Top")[0, 0] == 120
        assert workspace.interpretation.position == position


def test_what_is_erased_is_drawn_no_more(shown, workspace, horizons):
    workspace.navigation.show(Section.INLINE)
    workspace.navigation.go_to(0)
    before = len(drawn(shown, 0))
    with workspace.interpretation.edit("Erased"):
        horizons.erase("Top", np.zeros(5, int), np.arange(5))
    assert before
    assert not len(drawn(shown, 0))
    workspace.interpretation.undo()
    assert len(drawn(shown, 0)) == before


def test_what_is_exported_is_read_again(workspace, horizons, tmp_path):
    horizons.export("Base", tmp_path / "base.txt", "opendtect")
    geometry = workspace.geometry
    assert np.array_equal(
        read_horizon_file(tmp_path / "base.txt", geometry).values,
        horizons.grid("Base"),
        equal_nan=True,
    )
    with pytest.raises(HorizonError, match="not written as"):
        horizons.export("Base", tmp_path / "base.txt", "word")


def test_amplitudes_are_the_survey_s(workspace, horizons, addressed_volume):
    found = horizons.amplitudes("Top")(lambda: False)
    i, j = np.indices(SHAPE)
    assert np.array_equal(found, addressed_volume[i, j, 5 + i])


def test_boundaries_of_a_prediction_become_horizons(workspace, predicted):
    found, _ = workspace.horizons.boundaries()()
    assert found == {}  # all of it is one class
    group = zarr.open_group(predicted)
    group["facies"][:, :, :7] = 1
    workspace.horizons.add_boundaries(*workspace.horizons.boundaries()())
    (entry,) = workspace.horizons.entries
    assert "prediction of model" in entry.source
    assert workspace.horizons.grid(entry.name) == pytest.approx(np.full(SHAPE, 100 + 4 * 7))
    kept = Horizons(workspace.project, "tiny")
    assert (kept.confidence(entry.name) > 0.9).all()


def test_without_a_prediction_there_is_no_boundary(workspace):
    with pytest.raises(ProjectError, match="predict"):
        workspace.horizons.boundaries()
