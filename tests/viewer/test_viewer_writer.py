"""File > Save Selected Layers, through napari's own choice of the writer."""

from __future__ import annotations

import numpy as np
import pytest
import zarr
from napari.components import ViewerModel
from napari.layers import Image, Labels

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.export.opening import open_zarr_volume
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.viewer.layers import prediction_layers
from napari_hyperseg.viewer.reader import read
from napari_hyperseg.viewer.tags import Role, Tag, tagged

pytestmark = pytest.mark.usefixtures("plugins")


@pytest.fixture
def shown(shown, project, predicted):
    """The tiny project with a prediction, some of it labelled."""
    tag = Tag(Role.AMPLITUDE, "tiny", project.open_survey("tiny"), project.folder)
    for data, arguments, kind in prediction_layers(predicted, project.legend, tag):
        shown._add_layer_from_data(data, arguments, kind)
    next(tagged(shown.layers, Role.LABELS)).data[2, :, 3:9] = 1
    return shown


def save(viewer: ViewerModel, layer, path):
    viewer.layers.selection = {layer}
    return viewer.layers.save(str(path), selected=True)


@pytest.mark.parametrize("suffix", [".sgy", ".zarr", ".ome.zarr"])
@pytest.mark.parametrize("role", [Role.AMPLITUDE, Role.LABELS, Role.PREDICTION, Role.CONFIDENCE])
def test_every_layer_of_a_survey_is_saved(shown, tmp_path, role, suffix):
    layer, path = next(tagged(shown.layers, role)), tmp_path / f"saved{suffix}"
    assert save(shown, layer, path) == [str(path)]
    if suffix == ".sgy":
        back = open_survey(path)
        found, geometry = back.volume[:], back.geometry
    else:
        volume = open_zarr_volume(path)
        found, geometry = np.asarray(volume.levels[0][:]), volume.description.geometry
    assert np.array_equal(found, np.asarray(layer.data))
    assert geometry.inlines.tolist() == list(range(10, 22, 2))
    assert geometry.start_ms == 100


def test_saved_amplitudes_are_the_file_unless_they_were_changed(shown, project, tmp_path):
    layer = next(tagged(shown.layers, Role.AMPLITUDE))
    save(shown, layer, tmp_path / "same.sgy")
    assert (tmp_path / "same.sgy").read_bytes() == project.entry().path.read_bytes()
    layer.data = np.asarray(layer.data) * 0.5
    save(shown, layer, tmp_path / "half.sgy")
    assert np.array_equal(open_survey(tmp_path / "half.sgy").volume[:], layer.data)


def test_saved_facies_say_their_classes(shown, project, tmp_path):
    project.legend = project.legend.renamed(2, "Salt")
    project.save()
    save(shown, next(tagged(shown.layers, Role.PREDICTION)), tmp_path / "f.zarr")
    classes = open_zarr_volume(tmp_path / "f.zarr").description.content.classes
    assert [(c.code, c.name) for c in classes] == [(1, "Class 1"), (2, "Salt")]


def test_what_was_opened_from_zarr_is_saved_again_with_its_geometry(shown, tmp_path):
    save(shown, next(tagged(shown.layers, Role.PREDICTION)), tmp_path / "one.ome.zarr")
    viewer = ViewerModel()
    (layer,) = read(str(tmp_path / "one.ome.zarr"))
    again = viewer._add_layer_from_data(*layer)[0]
    save(viewer, again, tmp_path / "two.zarr")
    one, two = (open_zarr_volume(tmp_path / name) for name in ("one.ome.zarr", "two.zarr"))
    assert two.description.content == one.description.content
    assert two.description.geometry.start_ms == 100
    assert np.array_equal(two.levels[0][:], one.levels[0][:])


LAYERS = {
    "image": lambda: Image(np.random.default_rng(0).normal(size=(3, 4, 5)), name="other"),
    "labels": lambda: Labels(np.ones((3, 4, 5), int), name="other"),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_of_no_survey_cannot_be_segy(tmp_path, kind):
    viewer = ViewerModel()
    layer = viewer.add_layer(LAYERS[kind]())
    with pytest.raises(ExportError, match="other belongs to no survey") as caught:
        save(viewer, layer, tmp_path / "other.sgy")
    assert "\n" not in str(caught.value)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".zarr", ".ome.zarr"])
@pytest.mark.parametrize("kind", LAYERS)
def test_layers_of_no_survey_keep_their_place(tmp_path, kind, suffix):
    viewer = ViewerModel()
    layer = viewer.add_layer(LAYERS[kind]())
    layer.scale, layer.translate = (2, 3, 4), (5, 6, 7)
    save(viewer, layer, tmp_path / f"other{suffix}")
    node = zarr.open(tmp_path / f"other{suffix}", mode="r")
    assert np.array_equal((node["0"] if suffix == ".ome.zarr" else node)[:], layer.data)
    if suffix == ".ome.zarr":
        transform = node.attrs["ome"]["multiscales"][0]["datasets"][0]["coordinateTransformations"]
        assert [list(part.values())[1] for part in transform] == [[2, 3, 4], [5, 6, 7]]


def test_refusals_are_lines_that_napari_shows(shown, project, tmp_path):
    prediction = next(tagged(shown.layers, Role.PREDICTION))
    with pytest.raises(ExportError, match="is the survey itself"):
        save(shown, prediction, project.entry().path)
    flat = shown.add_image(np.zeros((4, 5)), name="flat")
    with pytest.raises(ExportError, match=r"flat has shape \(4, 5\)"):
        save(shown, flat, tmp_path / "flat.zarr")
    project.entry().path.unlink()
    with pytest.raises(ExportError, match="does not exist"):
        save(shown, prediction, tmp_path / "gone.sgy")
