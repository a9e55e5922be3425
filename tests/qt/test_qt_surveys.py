"""A real window: several surveys, the background conversion, colours."""

from __future__ import annotations

import numpy as np
import pytest
import segyio
from qtpy.QtCore import Qt

from napari_hyperseg.errors import ProjectError, SurveyError
from napari_hyperseg.project import conversion
from napari_hyperseg.project.conversion import Stage
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.volumes import add_volume, open_volume
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.viewer import shown_volume
from napari_hyperseg.viewer.napari_versions import text_of
from napari_hyperseg.viewer.sections import Section, shown_section
from napari_hyperseg.viewer.tags import Role, tag_of

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton


def write_cube(path, inlines, crosslines, n_samples=60, dead=()):
    """Write noise at every position that is not dead."""
    places = [(i, j) for i in inlines for j in crosslines if (i, j) not in dead]
    noise = np.random.default_rng(0).normal(0, 50, (len(places), n_samples)).astype(np.float32)
    spec = segyio.spec()
    spec.format, spec.tracecount, spec.samples = 5, len(places), 4.0 * np.arange(n_samples)
    with segyio.create(path, spec) as file:
        file.bin.update(hdt=4000, hns=n_samples)
        for trace, (i, j) in enumerate(places):
            file.header[trace] = {115: n_samples, 117: 4000, 189: i, 193: j}
            file.trace[trace] = noise[trace]
    return path


@pytest.fixture
def several(tmp_path) -> Project:
    """A project of a cube, a line along a crossline and a cube elsewhere."""
    files = [
        write_cube(tmp_path / "cube.sgy", range(10, 20), range(100, 120)),
        write_cube(tmp_path / "line.sgy", range(1, 41), [7]),
    ]
    return Project.create(tmp_path / "several.hyperseg", files)


@pytest.fixture
def opened(window, dock, several, wait):
    """The dock with several surveys."""
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    return dock


def choose(qtbot, combo, text):
    """Choose an entry of a list with the keyboard, as a person would."""
    combo.setFocus()
    combo.showPopup()
    view = combo.view()
    view.setCurrentIndex(combo.model().index(combo.findText(text), 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)


def visible(window):
    return {layer.name for layer in window.layers if layer.visible}


def test_the_list_switches_between_surveys(window, opened, qtbot, wait):
    combo = opened.survey.choice.list
    wait(lambda: combo.count() == 2)
    assert combo.currentText() == "cube"
    assert visible(window) == {"cube", "cube labels"}
    choose(qtbot, combo, "line")
    wait(lambda: opened.workspace.tag.survey == "line")
    assert visible(window) == {"line", "line labels"}
    assert shown_section(window) is Section.CROSSLINE
    assert window.dims.point[1] == 7
    wait(lambda: "(40)" in opened.survey.texts["inlines"].text())
    choose(qtbot, combo, "cube")
    wait(lambda: opened.workspace.tag.survey == "cube")
    assert visible(window) == {"cube", "cube labels"}
    assert text_of(window).text.startswith("Inline")


def test_what_was_hidden_stays_hidden(window, opened, qtbot, wait):
    window.layers["cube labels"].visible = False
    for key in ("line", "cube"):
        opened.workspace.choose_survey(key)
    assert visible(window) == {"cube"}


def test_sliders_and_view_are_of_the_chosen_survey_alone(window, opened, qtbot, wait):
    assert window.dims.nsteps == (10, 20, 60)
    opened.workspace.navigation.go_to(7)
    choose(qtbot, opened.survey.choice.list, "line")
    assert window.dims.nsteps == (40, 1, 60)
    choose(qtbot, opened.survey.choice.list, "cube")
    assert window.dims.nsteps == (10, 20, 60)
    assert opened.workspace.navigation.line == 7
    assert [layer.name for layer in window.layers] == ["cube", "cube labels"]


def test_another_survey_can_be_chosen_when_one_was_removed(window, opened, qtbot, wait):
    window.layers.clear()
    wait(lambda: opened.workspace.tag is None)
    wait(lambda: opened.survey.choice.list.count() == 1)
    choose(qtbot, opened.survey.choice.list, "line")
    wait(lambda: opened.workspace.tag is not None)
    assert visible(window) == {"line", "line labels"}


def test_a_survey_is_added(window, opened, tmp_path, several, wait):
    path = write_cube(tmp_path / "new.sgy", range(5), range(6))
    opened.survey.choice.add_file(path)
    wait(lambda: opened.workspace.tag.survey == "new")
    wait(lambda: opened.survey.choice.list.currentText() == "new")
    assert list(Project.open(several.folder).surveys) == ["cube", "line", "new"]
    assert visible(window) == {"new", "new labels"}


def test_labels_of_each_survey_are_its_own(window, opened, several):
    opened.workspace.choose_survey("line")
    layer = opened.workspace.layer(Role.LABELS)
    assert tag_of(layer).survey == "line"
    layer.data_setitem((np.array([3]), np.array([0]), np.array([5])), 2)
    opened.workspace.interpretation.flush()
    assert several.labels("line").codes[3, 0, 5] == 2
    assert not several.labels("cube").codes.any()


def test_the_button_converts_and_the_picture_stays(window, opened, qtbot, wait):
    row, volume = opened.survey.conversion, opened.workspace.tag.opened.volume
    before = np.asarray(window.layers["cube"].data[3])
    assert row.button.text() == "Convert"
    qtbot.mouseClick(row.button, LEFT)
    wait(lambda: opened.workspace.conversion.state.stage is Stage.CONVERTED)
    assert volume.converted
    wait(lambda: row.text.text() == "converted copy")
    assert not row.button.isVisible()
    assert np.array_equal(window.layers["cube"].data[3], before)


def test_a_large_survey_is_converted_by_itself(window, dock, several, monkeypatch, wait):
    monkeypatch.setattr(conversion, "PAYS_FROM", 1)
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.conversion.state.stage is Stage.CONVERTED)
    assert dock.workspace.tag.opened.volume.converted


def test_who_stops_a_conversion_is_not_asked_again(window, dock, several, monkeypatch, wait):
    monkeypatch.setattr(conversion, "PAYS_FROM", 1)
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.conversion.state.stage is not Stage.FILE)
    dock.workspace.conversion.stop()
    assert dock.workspace.conversion.state.stage is Stage.FILE
    for key in ("line", "cube"):
        dock.workspace.choose_survey(key)
        assert dock.workspace.conversion.state.stage is not Stage.CONVERTING
    assert Project.open(several.folder).settings["convert"] is False


def test_colours_and_gain_are_remembered(window, opened, several, qtbot, wait):
    row, layer = opened.survey.colours, window.layers["cube"]
    limit = layer.contrast_limits[1]
    choose(qtbot, row.colours, "red-blue")
    row.gain.setValue(2)
    assert layer.colormap.name == "red-blue"
    assert layer.contrast_limits == pytest.approx([-limit / 2, limit / 2])
    wait(lambda: Project.open(several.folder).settings.get("gain") == 2)
    assert Project.open(several.folder).settings["colours"] == "red-blue"


def test_the_project_opens_with_its_colours(window, dock, several, wait):
    several.settings |= {"colours": "blue-red", "gain": 4.0}
    several.save()
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.survey.colours.colours.currentText() == "blue-red")
    assert dock.survey.colours.gain.value() == pytest.approx(4, rel=0.01)


def test_dead_traces_are_transparent(window, dock, tmp_path, wait):
    path = write_cube(tmp_path / "holes.sgy", range(10), range(10), dead={(4, 5), (4, 6)})
    window.open(str(path), plugin="napari-hyperseg")
    layer = window.layers["holes"]
    wait(lambda: dock.workspace.tag is not None)
    assert np.isnan(np.asarray(layer.data[4, 5])).all()
    assert np.isfinite(np.asarray(layer.data[4, 4])).all()
    assert not np.asarray(dock.workspace.tag.opened.volume[4, 5]).any()
    assert np.allclose(layer.colormap.map(np.array([np.nan]))[0, 3], 0)


def test_a_survey_too_large_for_space_is_drawn_coarser_there(
    window, dock, several, monkeypatch, wait
):
    monkeypatch.setattr(shown_volume, "LARGEST_IN_SPACE", 2000)
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    layer = window.layers["cube"]
    assert layer.multiscale
    assert [level.shape for level in layer.data] == [(10, 20, 60), (5, 10, 30)]
    dock.workspace.navigation.show_volume()
    wait(lambda: layer.data_level == 1)
    assert visible(window) == {"cube"}
    dock.workspace.navigation.show(Section.TIME_SLICE)
    assert visible(window) == {"cube", "cube labels"}
    assert layer._slice.image.raw.shape == (10, 20)


def test_a_file_on_the_same_lines_is_shown_beside_the_survey(
    window, opened, several, tmp_path, wait
):
    path = write_cube(tmp_path / "far.sgy", range(10, 20), range(100, 120))
    window.open(str(path), plugin="napari-hyperseg")
    wait(lambda: tag_of(window.layers["far"]).role is Role.VOLUME)
    assert [layer.name for layer in window.layers][:3] == ["cube", "far", "cube labels"]
    assert opened.workspace.tag.survey == "cube"
    assert opened.workspace.surveys == ["cube", "line"]
    (kept,) = Project.open(several.folder).surveys["cube"].volumes
    assert (kept.name, kept.path) == ("far", path)
    assert not (tmp_path / "far.hyperseg").exists()
    opened.workspace.choose_survey("line")
    assert "far" not in visible(window)


def test_an_added_file_on_the_same_lines_is_shown_beside_the_survey(window, opened, tmp_path):
    path = write_cube(tmp_path / "near.sgy", range(10, 20), range(100, 120))
    opened.survey.choice.add_file(path)
    assert [layer.name for layer in window.layers][:3] == ["cube", "near", "cube labels"]
    assert tag_of(window.layers["near"]).role is Role.VOLUME
    assert opened.workspace.tag.survey == "cube"


def test_volumes_beside_a_survey_come_back(window, dock, several, tmp_path, wait):
    far = open_survey(write_cube(tmp_path / "far.sgy", range(10, 20), range(100, 120)))
    add_volume(several, "cube", far)
    with pytest.raises(ProjectError, match="called far already"):
        add_volume(several, "cube", far)
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    assert "far" in window.layers
    assert "far" not in visible(window)
    assert np.array_equal(window.layers["far"].data[2], far.volume[2])


def test_a_volume_that_is_gone_leaves_the_survey_usable(window, dock, several, tmp_path, wait):
    path = write_cube(tmp_path / "far.sgy", range(10, 20), range(100, 120))
    add_volume(several, "cube", open_survey(path))
    path.unlink()
    window.open(str(several.folder), plugin="napari-hyperseg")
    wait(lambda: dock.workspace.tag is not None)
    assert "far" not in window.layers
    with pytest.raises(ProjectError, match="missing"):
        open_volume(several, "cube", several.surveys["cube"].volumes[0])


def test_two_files_of_one_name_are_not_mixed_up(window, opened, tmp_path):
    (tmp_path / "other").mkdir()
    path = write_cube(tmp_path / "other" / "cube.sgy", range(5), range(6))
    with pytest.raises(SurveyError, match="cube is open already"):
        window.open(str(path), plugin="napari-hyperseg")
    assert opened.workspace.surveys == ["cube", "line"]
