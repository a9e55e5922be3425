"""Zarr volumes as layers: where they lie, how they look, and which folders are left alone."""

from __future__ import annotations

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.project.volume_export import VolumeTargets, plan_volumes
from napari_hyperseg.survey.export import ome_zarr
from napari_hyperseg.survey.store import store as store_module
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.viewer.layers import amplitude_layer
from napari_hyperseg.viewer.reader import get_reader, project_layers, read
from napari_hyperseg.viewer.tags import Role, Tag, tag_of, volume_of


@pytest.fixture(autouse=True)
def several_levels(monkeypatch):
    for module in (ome_zarr, store_module):
        monkeypatch.setattr(module, "SMALLEST_LEVEL", 8)


@pytest.fixture
def exported(project, predicted, tmp_path):
    """A function that exports to this suffix and returns the folder."""

    def export(suffix, kind="facies", samples=None):
        targets = VolumeTargets(**{kind: tmp_path / f"{kind}{suffix}"})
        (planned,) = plan_volumes(project, "tiny", targets, samples=samples)
        planned.write()
        return planned.path

    return export


def layer_of(path):
    assert get_reader(str(path)) is read
    (layer,) = read(str(path))
    return Layer.create(*layer)


@pytest.mark.parametrize("samples", [None, "int8", "float"])
@pytest.mark.parametrize("suffix", [".zarr", ".ome.zarr"])
def test_exported_facies_are_labels_in_the_legends_colours(exported, project, suffix, samples):
    layer = layer_of(exported(suffix, samples=samples))
    assert isinstance(layer, Labels)
    assert layer.name == "tiny facies"
    assert layer.multiscale == (suffix == ".ome.zarr")
    whole = layer.data[0] if layer.multiscale else layer.data
    assert (np.asarray(whole) == 2).all()
    expected = project.legend[2].color
    assert tuple(np.round(255 * layer.get_color(2)[:3])) == tuple(bytes.fromhex(expected[1:]))


@pytest.mark.parametrize("kind", ["confidence", "amplitude"])
@pytest.mark.parametrize("suffix", [".zarr", ".ome.zarr"])
def test_other_volumes_are_images(exported, survey, suffix, kind):
    layer = layer_of(exported(suffix, kind))
    assert isinstance(layer, Image)
    if kind == "confidence":
        assert (layer.colormap.name, tuple(layer.contrast_limits)) == ("viridis", (0, 100))
    else:
        low, high = layer.contrast_limits
        assert layer.colormap.name == "gray"
        assert low == -high
        assert high == pytest.approx(survey.clip(), rel=0.02)


@pytest.mark.parametrize("suffix", [".zarr", ".ome.zarr"])
def test_they_lie_where_the_survey_lies(exported, survey, suffix):
    layer = layer_of(exported(suffix))
    seismic = Layer.create(*amplitude_layer(survey, Tag(Role.AMPLITUDE, "tiny", survey)))
    assert np.array_equal(layer.extent.world, seismic.extent.world)
    assert layer.axis_labels == seismic.axis_labels
    assert layer.units == seismic.units


def test_a_projects_converted_volume_is_a_pyramid_of_its_survey(project):
    survey = project.open_survey("tiny")
    store = VolumeStore.of(project.kept("tiny").volume, survey.volume, survey.source)
    convert(survey.volume, store)
    layer = layer_of(store.folder)
    assert layer.multiscale
    assert [level.shape for level in layer.data] == [(6, 5, 20), (3, 3, 10), (2, 2, 5)]
    assert tuple(layer.translate[:2]) == (10, 31)
    tag = tag_of(layer)
    assert (tag.role, tag.survey, tag.project) == (Role.COPY, "tiny", project.folder)


def test_a_converted_volume_without_its_project_is_shown_by_index(project, tmp_path):
    survey = project.open_survey("tiny")
    store = VolumeStore.of(tmp_path / "volumes" / "tiny.zarr", survey.volume, survey.source)
    convert(survey.volume, store)
    layer = layer_of(store.folder)
    assert tuple(layer.translate) == (0, 0, 0)
    assert layer.axis_labels == ("inline", "crossline", "sample")
    assert tag_of(layer) is None


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_plain_arrays_are_shown_as_amplitudes_and_read_lazily(tmp_path, zarr_format):
    path = tmp_path / "plain.zarr"
    array = zarr.create_array(path, shape=(4, 5, 60), dtype="f4", zarr_format=zarr_format)
    array[:] = np.random.default_rng(0).normal(0, 3, (4, 5, 60))
    layer = layer_of(path)
    assert isinstance(layer.data, zarr.Array)
    assert layer.name == "plain"
    assert layer.contrast_limits[1] == pytest.approx(np.percentile(np.abs(array[:]), 99), rel=0.1)
    assert layer.axis_labels == ("axis 0", "axis 1", "axis 2")


def test_foreign_folders_are_declined(tmp_path, exported):
    ome = {"version": "0.5", "multiscales": [{"axes": [], "datasets": []}]}
    zarr.create_group(tmp_path / "cells.ome.zarr", attributes={"ome": ome})
    (tmp_path / "empty.zarr").mkdir()
    ours = exported(".zarr")
    for foreign in ("cells.ome.zarr", "empty.zarr", "absent.zarr"):
        assert get_reader(str(tmp_path / foreign)) is None
        assert get_reader([str(ours), str(tmp_path / foreign)]) is None
    assert get_reader([str(ours), "survey.sgy"]) is read


def test_the_dock_does_not_take_a_copy_for_a_survey(project, exported):
    viewer = ViewerModel()
    layers = project_layers(project, "tiny", project.open_survey("tiny"))
    for layer in [*layers, *read(str(exported(".ome.zarr")))]:
        viewer.add_layer(Layer.create(*layer))
    assert volume_of(viewer.layers[-1].metadata) is not None
    assert tag_of(viewer.layers[-1]) is None
