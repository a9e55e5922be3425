"""What of the prediction on screen is older than the labels; no window needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Surface

from napari_hyperseg.jobs.events import BlockPredicted, JobFinished
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.napari_versions import text_of
from napari_hyperseg.viewer.overlays import as_layer
from napari_hyperseg.viewer.prediction_age import NAME
from napari_hyperseg.viewer.reader import read
from napari_hyperseg.viewer.sections import first_look
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.timing import Timing
from napari_hyperseg.viewer.workspace import Workspace

SHAPE = (6, 5, 20)
WHOLE, RIGHT = ((0, 6), (0, 5), (0, 20)), ((0, 6), (3, 5), (0, 20))
MODEL, OLDER = "20260202-120000", "20260101-120000"


class Stores:
    """Predictions of the tiny survey: each a store to write into."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def write(self, model: str, box, revision: int | None) -> None:
        store = PredictionStore.open_or_create(self.path(model), SHAPE, 2)
        codes = np.full([stop - start for start, stop in box], 1, np.uint8)
        store.write(box, codes, codes, origin=Origin(12, revision, balance=0.0))

    def path(self, model: str) -> Path:
        return self.project.prediction_path(model, "tiny")


@pytest.fixture
def stores(tiny_segy: Path) -> Stores:
    stores = Stores(Project.create_beside(tiny_segy))
    stores.write(OLDER, WHOLE, None)
    stores.write(MODEL, WHOLE, 0)
    return stores


def opened(stores: Stores, timing: Timing | None = None) -> Workspace:
    viewer = ViewerModel()
    for layer in read(str(stores.project.folder)):
        viewer.add_layer(as_layer(layer))
    workspace = Workspace(viewer, SessionModel(), timing)
    first_look(viewer, workspace.layer(Role.AMPLITUDE))
    return workspace


@pytest.fixture
def workspace(stores: Stores):
    workspace = opened(stores)
    yield workspace
    workspace.close()


def paint(workspace: Workspace, code: int = 1) -> int:
    workspace.interpretation.facies[0, 0, :4] = code
    return workspace.interpretation.position


def marks(workspace: Workspace) -> Surface | None:
    return next((layer for layer in workspace.viewer.layers if layer.name == NAME), None)


def hatched(workspace: Workspace) -> np.ndarray:
    """Return the vertices of the lines that are drawn, shape (n, 3)."""
    layer = marks(workspace)
    return layer.vertices[np.unique(layer.faces[layer.faces.any(axis=1)])]


def fill(workspace: Workspace, stores: Stores, box, revision: int) -> None:
    """Let a worker fill a box, and tell of it."""
    survey = SurveyInput(key="tiny", segy=Path("tiny.sgy"), prediction=stores.path(MODEL))
    job = JobSpec(kind="predict", model=Path(MODEL), surveys=(survey,), n_classes=2)
    workspace.model.launched.emit(job)
    event = BlockPredicted(survey="tiny", box=box, step=13, revision=revision, done=1, total=2)
    workspace.model.reported.emit(event)


def test_as_long_as_nothing_is_painted_nothing_is_hatched(workspace: Workspace):
    assert marks(workspace) is None
    assert workspace.model.session.outdated == 0


def test_a_stroke_makes_the_prediction_older_and_undo_makes_it_new(workspace: Workspace):
    active = workspace.viewer.layers.selection.active
    paint(workspace)
    assert workspace.model.session.outdated == 1
    assert len(hatched(workspace)) > 0
    assert workspace.viewer.layers.selection.active is active
    names = [layer.name for layer in workspace.viewer.layers]
    assert names.index("tiny prediction") < names.index(NAME) < names.index("tiny labels")
    workspace.undo()
    assert marks(workspace) is None
    assert workspace.model.session.outdated == 0


def test_the_hatching_stays_within_the_survey_on_every_section(workspace: Workspace):
    paint(workspace)
    for axis, line in ((0, 0), (0, 5), (1, 4), (2, 19)):
        workspace.navigation.visit((axis, line))
        corners = hatched(workspace)
        assert (corners[:, axis] == line).all()
        assert (corners >= 0).all()
        assert (corners <= np.array(SHAPE) - 1).all()
    workspace.navigation.show_volume()
    assert not marks(workspace).faces.any()


def test_blocks_that_are_predicted_anew_are_hatched_no_more(workspace: Workspace, stores: Stores):
    revision = paint(workspace)
    fill(workspace, stores, RIGHT, revision)
    assert workspace.model.session.outdated == pytest.approx(3 / 5)
    assert hatched(workspace)[:, 1].max() < 2.6
    fill(workspace, stores, WHOLE, revision)
    assert marks(workspace) is None
    assert workspace.model.session.outdated == 0


def test_what_a_worker_left_is_read_when_it_ends(workspace: Workspace, stores: Stores):
    revision = paint(workspace)
    stores.write(MODEL, WHOLE, revision)
    assert workspace.model.session.outdated == 1
    workspace.model.reported.emit(JobFinished(reason="done"))
    assert workspace.model.session.outdated == 0


def test_blocks_of_a_prediction_that_is_not_shown_change_nothing(
    workspace: Workspace, stores: Stores
):
    paint(workspace)
    workspace.models.show(OLDER)
    assert marks(workspace) is None  # it knows no labels of this survey
    fill(workspace, stores, WHOLE, 0)
    assert workspace.model.session.outdated == 0
    workspace.models.show(MODEL)
    assert marks(workspace) is not None


def test_with_the_prediction_its_hatching_is_hidden(workspace: Workspace):
    paint(workspace)
    layer = workspace.layer(Role.PREDICTION)
    layer.visible = False
    assert marks(workspace) is None
    assert workspace.model.session.outdated == 1
    layer.visible = True
    assert marks(workspace) is not None


def test_what_was_out_of_date_is_so_when_it_is_opened_again(workspace: Workspace, stores: Stores):
    paint(workspace)
    workspace.viewer.layers.clear()
    assert workspace.model.session.outdated == 0
    again = opened(stores)
    assert again.model.session.outdated == 1
    assert marks(again) is not None
    again.close()


def test_under_the_mouse_is_told_how_old_it_is(workspace: Workspace, mouse_at):
    assert mouse_at(workspace, (2, 3, 7)).endswith("\nprediction as tracked, step 12")
    paint(workspace)
    told = "\nprediction as tracked, step 12, older than the labels"
    assert mouse_at(workspace, (2, 3, 7)).endswith(told)
    workspace.layer(Role.PREDICTION).visible = False
    assert "prediction" not in mouse_at(workspace, (2, 3, 7))


@pytest.fixture
def mouse_at():
    """A function that moves the mouse to a voxel and returns what is written on the canvas."""

    def mouse_at(workspace: Workspace, voxel: tuple[int, int, int]) -> str:
        viewer = workspace.viewer
        world = workspace.layer(Role.AMPLITUDE).data_to_world(voxel)
        event = type("Event", (), {"position": world})()
        for callback in list(viewer.mouse_move_callbacks):
            callback(viewer, event)
        return text_of(viewer).text

    return mouse_at


def test_closed_it_leaves_no_marks(workspace: Workspace):
    paint(workspace)
    workspace.close()
    assert marks(workspace) is None


def test_a_call_that_comes_late_finds_nothing_to_do(stores: Stores):
    """The window is gone, and so are the layers that it drew."""
    held = []
    timing = Timing(throttle=lambda call: lambda: held.append(call))
    workspace = opened(stores, timing)
    paint(workspace)
    layers = list(workspace.viewer.layers)
    workspace.abandon()
    assert held
    for call in held:
        call()
    assert list(workspace.viewer.layers) == layers
