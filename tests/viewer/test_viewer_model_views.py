"""Which model's prediction is shown, and where another one differs: with the viewer's model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.viewer.overlays import as_layer
from napari_hyperseg.viewer.reader import read
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.workspace import Workspace

OLD, NEW = "20260101-120000", "20260202-120000"


def predict(project: Project, model: str, code: int) -> None:
    shape = project.entry("tiny").shape
    store = PredictionStore.open_or_create(project.prediction_path(model, "tiny"), shape, 2)
    codes = np.full(shape, code, np.uint8)
    store.write(tuple((0, extent) for extent in shape), codes, codes, origin=Origin(step=1))


@pytest.fixture
def workspace(tiny_segy: Path):
    project = Project.create_beside(tiny_segy)
    predict(project, OLD, 1)
    predict(project, NEW, 2)
    viewer = ViewerModel()
    for layer in read(str(project.folder)):
        viewer.add_layer(as_layer(layer))
    workspace = Workspace(viewer, SessionModel())
    yield workspace
    workspace.close()


def test_the_newest_prediction_is_shown_first(workspace: Workspace):
    assert workspace.models.shown == NEW
    assert workspace.models.compared is None
    assert workspace.models.share() is None


def test_two_predictions_are_compared_and_switched(workspace: Workspace):
    views = workspace.models
    views.compare(OLD)
    names = [layer.name for layer in workspace.viewer.layers]
    assert names.index("tiny prediction") < names.index("tiny differs") < names.index("tiny labels")
    share = views.share()
    assert share is not None
    assert share() == 1.0
    views.swap()
    assert (views.shown, views.compared) == (OLD, NEW)
    views.swap()
    assert (views.shown, views.compared) == (NEW, OLD)
    views.end()
    assert workspace.layer(Role.DIFFERENCE) is None
    assert views.shown == NEW


def test_another_prediction_ends_the_comparison(workspace: Workspace):
    workspace.models.compare(OLD)
    workspace.models.show(OLD)
    assert (workspace.models.shown, workspace.models.compared) == (OLD, None)
    with pytest.raises(ProjectError, match="no prediction of tiny by"):
        workspace.models.show("20990101-000000")
    assert workspace.models.shown == OLD


def test_a_model_that_is_gone_is_shown_no_more(workspace: Workspace):
    views, project = workspace.models, workspace.project
    assert project is not None
    for model, left in ((NEW, OLD), (OLD, None)):
        path = project.prediction_path(model, "tiny")
        path.rename(path.with_suffix(".gone"))
        views.leave(model)
        assert views.shown == left
    assert workspace.layer(Role.CONFIDENCE) is None


def test_what_a_survey_brings_back_of_an_old_comparison_goes(workspace: Workspace):
    workspace.models.compare(OLD)
    layer = workspace.layer(Role.DIFFERENCE)
    workspace.models.end()
    workspace.viewer.add_layer(layer)
    workspace.changed.emit()
    assert workspace.layer(Role.DIFFERENCE) is None
