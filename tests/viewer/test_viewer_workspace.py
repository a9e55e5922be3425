"""The workspace with several surveys, and with what it cannot open; no window needed."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import segyio
from napari.layers import Layer

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.jobs.process import ProcessLauncher
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session import Phase
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.viewer.napari_versions import text_of
from napari_hyperseg.viewer.reader import NO_LAYER, read
from napari_hyperseg.viewer.rereading import why_fixed, with_reading
from napari_hyperseg.viewer.tags import Role, tagged
from napari_hyperseg.viewer.timing import Timing
from napari_hyperseg.viewer.workspace import Workspace

TRAINER = Path(__file__).with_name("scripted_trainer.py")


@pytest.fixture
def workspace(viewer_model):
    """A workspace that adopts when `add` or the test says that the burst is over."""
    model = SessionModel(ProcessLauncher((sys.executable, "-P", str(TRAINER))))
    workspace = Workspace(viewer_model, model, Timing(soon=lambda call: lambda: None))
    yield workspace
    workspace.close()


@pytest.fixture
def add(viewer_model, workspace):
    """Insert layers as a reader's are inserted, one after the other, then adopt them."""

    def _add(layers):
        for data, arguments, kind in layers:
            viewer_model.add_layer(Layer.create(data, arguments, kind))
        workspace.adopt()

    return _add


def test_a_file_without_a_project_gets_one(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    assert workspace.project.folder == tiny_segy.with_suffix(".hyperseg")
    assert workspace.layer(Role.LABELS) is not None
    assert workspace.model.session.phase is Phase.READY
    assert viewer_model.layers.selection.active is workspace.layer(Role.LABELS)


def test_a_project_of_two_surveys_shares_one_session(
    workspace, viewer_model, add, tiny_segy, tmp_path
):
    second = tmp_path / "second.sgy"
    shutil.copy(tiny_segy, second)
    project = Project.create(tmp_path / "both.hyperseg", [tiny_segy, second])
    add(read(str(project.folder)))
    assert len(list(tagged(viewer_model.layers, Role.LABELS))) == 1
    assert workspace.surveys == ["tiny", "second"]
    assert workspace.project.folder == project.folder
    assert workspace.tag.survey == "tiny"
    session = workspace.model.session
    workspace.choose_survey("second")
    assert workspace.tag.survey == "second"
    assert [layer.visible for layer in viewer_model.layers] == [True, True]
    assert workspace.model.session.folder == session.folder
    viewer_model.layers.clear()
    workspace.adopt()
    assert workspace.tag is None
    assert workspace.model.session.phase is Phase.EMPTY


def test_a_survey_whose_project_is_damaged_can_still_be_looked_at(
    workspace, viewer_model, add, tiny_segy, monkeypatch
):
    shown = []
    monkeypatch.setattr("napari_hyperseg.viewer.workspace.show_error", shown.append)
    folder = tiny_segy.with_suffix(".hyperseg")
    folder.mkdir()
    (folder / "project.json").write_text("{")
    add(read(str(tiny_segy)))
    assert len(shown) == 1
    assert "project.json" in shown[0]
    assert len(viewer_model.layers) == 1
    assert workspace.tag is None


def test_the_legend_is_saved_and_seen(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    workspace.set_legend(workspace.legend.with_class("salt").recoloured(1, "#ff0000"))
    saved = Project.open(workspace.project.folder).legend
    assert saved.names == ("Class 1", "Class 2", "salt")
    color = workspace.layer(Role.LABELS).colormap.map(1)
    assert list(color) == [1, 0, 0, 1]
    assert workspace.model.session.n_classes == 3


def test_keys_choose_rows_of_the_legend(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    workspace.set_legend(workspace.legend.with_class("salt").moved(3, -2))
    keys = workspace.layer(Role.LABELS).keymap
    chosen = []
    for key in "1239":
        next(call for bound, call in keys.items() if str(bound) == key)(None)
        chosen.append(workspace.chosen_class)
    assert chosen == [3, 1, 2, 2]


def test_a_survey_that_waited_wears_the_legend_as_it_is_now(
    workspace, viewer_model, add, tiny_segy, tmp_path
):
    second = tmp_path / "second.sgy"
    shutil.copy(tiny_segy, second)
    project = Project.create(tmp_path / "both.hyperseg", [tiny_segy, second])
    add(read(str(project.folder)))
    workspace.choose_survey("second")
    workspace.set_legend(workspace.legend.shown(1, False).recoloured(2, "#ff0000"))
    workspace.choose_survey("tiny")
    colors = workspace.layer(Role.LABELS).colormap.map(np.array([1, 2]))
    assert colors[0][3] == 0
    assert list(colors[1]) == [1, 0, 0, 1]


def test_moving_tells_the_session_what_to_predict_first(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    viewer_model.dims.order = (1, 2, 0)
    viewer_model.dims.set_point(1, 34)
    view = workspace.model.session.view
    assert (view.survey, view.axis, view.index) == ("tiny", 1, 3)


def test_a_class_that_the_legend_lacks_cannot_be_chosen(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    workspace.choose_class(2)
    workspace.choose_class(7)
    assert workspace.chosen_class == 2


def test_after_closing_the_viewer_is_left_alone(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    workspace.close()
    viewer_model.dims.set_point(0, 12)
    viewer_model.layers.selection.active = viewer_model.layers[0]
    assert workspace.tag is None
    assert workspace.model.session.phase is Phase.EMPTY
    assert text_of(viewer_model).text == ""


def test_a_file_is_opened_as_the_project_beside_it_says(tiny_segy):
    Project.create(tiny_segy.with_suffix(".hyperseg"), [tiny_segy], [Reading((193, 189))])
    ((volume, arguments, _),) = read(str(tiny_segy))
    tag = arguments["metadata"]["hyperseg"]
    assert volume.shape == (5, 6, 20)
    assert tag.project == tiny_segy.with_suffix(".hyperseg")


def test_the_project_beside_keeps_the_index(tiny_segy, monkeypatch):
    Project.create_beside(tiny_segy)
    monkeypatch.setattr("napari_hyperseg.survey.segy.exploring.TraceHeaders", None)
    assert len(read(str(tiny_segy))) == 1


def test_a_file_that_changed_is_opened_without_its_project(workspace, add, tiny_segy, monkeypatch):
    told, shown = [], []
    monkeypatch.setattr("napari_hyperseg.viewer.opening.show_warning", told.append)
    monkeypatch.setattr("napari_hyperseg.viewer.workspace.show_error", shown.append)
    Project.create_beside(tiny_segy)
    with tiny_segy.open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"abcd")
    add(read(str(tiny_segy)))
    assert "changed since it was added" in told[0]
    assert "changed since it was added" in shown[0]
    assert workspace.tag is None


def test_without_a_window_a_guess_is_told(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("napari_hyperseg.viewer.opening.show_warning", told.append)
    spec = segyio.spec()
    spec.format, spec.tracecount, spec.samples = 5, 24, np.arange(4.0)
    with segyio.create(tmp_path / "two.sgy", spec) as file:
        file.bin.update(hdt=4000)
        for n in range(24):
            lines = {5: 1 + n // 6, 21: 1 + n % 6, 9: 1 + n // 8, 13: 1 + n % 8}
            file.header[n], file.trace[n] = {29: 1} | lines, np.ones(4, np.float32)
    assert len(read(str(tmp_path / "two.sgy"))) == 1
    assert "2 ways" in told[0]
    assert "The first is taken" in told[0]


def test_what_is_not_opened_adds_no_layer(tiny_segy):
    class Nothing:
        def of_file(self, path):
            return None

        def of_project(self, project, key):
            return None

    folder = Project.create_beside(tiny_segy).folder
    assert read([str(tiny_segy), str(folder)], Nothing()) == [NO_LAYER]


def test_the_survey_is_shown_as_it_is_read_in_another_way(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    assert why_fixed(workspace) == ""
    with_reading(workspace, open_survey(tiny_segy, Reading((193, 189))))
    workspace.adopt()
    assert [layer.data.shape for layer in viewer_model.layers] == [(5, 6, 20)] * 2
    assert workspace.geometry.shape == (5, 6, 20)


def test_labels_keep_the_layers_as_they_are(workspace, viewer_model, add, tiny_segy):
    add(read(str(tiny_segy)))
    workspace.layer(Role.LABELS).data[1, 1, 1] = 1
    layers = list(viewer_model.layers)
    assert "carries labels" in why_fixed(workspace)
    with pytest.raises(ProjectError, match="carries labels"):
        with_reading(workspace, open_survey(tiny_segy, Reading((193, 189))))
    assert list(viewer_model.layers) == layers
