"""A tiny survey as a project, and viewers to show it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Layer

import napari_hyperseg
from napari_hyperseg.project.folder import Project
from napari_hyperseg.viewer.reader import project_layers

MANIFEST = Path(napari_hyperseg.__file__).with_name("napari.yaml")


@pytest.fixture
def project(tiny_segy: Path) -> Project:
    """The tiny cube's project, with two classes and no labels."""
    return Project.create_beside(tiny_segy)


@pytest.fixture
def predicted(project: Project) -> Path:
    """A prediction store of the tiny cube, all class 2."""
    model = project.new_model_id()
    (project.model_folder(model) / "weights.safetensors").write_bytes(b"")
    store = project.prediction_path(model, "tiny")
    group = zarr.open_group(store, mode="w")
    for name, value in (("facies", 2), ("confidence", 90)):
        array = group.create_array(name, shape=(6, 5, 20), chunks=(6, 5, 20), dtype="uint8")
        array[...] = value
    group.attrs.update(model=model, n_classes=2)
    return store


@pytest.fixture
def plugins(npe2pm: Any) -> Iterator[Any]:
    """A plugin manager that knows napari's own readers and writers, and ours."""
    with npe2pm.tmp_plugin(package="napari"), npe2pm.tmp_plugin(manifest=str(MANIFEST)):
        yield npe2pm


@pytest.fixture
def viewer_model() -> ViewerModel:
    """A viewer without a window."""
    return ViewerModel()


@pytest.fixture
def shown(viewer_model: ViewerModel, project: Project) -> ViewerModel:
    """A viewer that shows the tiny project."""
    layers = project_layers(project, "tiny", project.open_survey("tiny"))
    for data, arguments, kind in layers:
        viewer_model.add_layer(Layer.create(data, arguments, kind))
    return viewer_model
