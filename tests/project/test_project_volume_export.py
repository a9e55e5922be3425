"""Volumes of a project: what is written where, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import ExportError, ProjectError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.horizon_export import boundary_names
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.project.volume_export import VolumeTargets, plan_volumes
from napari_hyperseg.survey.export.opening import open_zarr_volume
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.text import read_text

SHAPE = (6, 5, 20)
CODES = np.repeat([1, 2, 3], [5, 6, 9]) * np.ones(SHAPE, np.uint8)


@pytest.fixture
def below():
    """Half per cents: how likely each sample lies below the two boundaries."""
    upper = np.random.default_rng(0).integers(0, 201, SHAPE)
    return np.stack([upper, upper // 2]).astype(np.uint8)


@pytest.fixture
def predicted(project, write_prediction, below):
    project.legend = Legend.named(["Sand", "Mud", "Salt"])
    write_prediction(CODES.astype(np.uint8), 3, below=below)
    return project


def write_all(project, **targets):
    samples = targets.pop("samples", None)
    planned = plan_volumes(project, "tiny", VolumeTargets(**targets), samples=samples)
    for one in planned:
        one.write()
    return [one.path for one in planned]


@pytest.mark.parametrize("samples", ["int8", "float", None])
@pytest.mark.parametrize("suffix", [".sgy", ".zarr", ".ome.zarr"])
def test_volumes_come_back_as_they_were_predicted(predicted, tmp_path, below, suffix, samples):
    names = ("facies", "confidence", "probability")
    targets = {name: tmp_path / f"{name}{suffix}" for name in names}
    written = write_all(predicted, **targets, samples=samples)
    assert [path.name for path in written] == [
        f"{name}{suffix}"
        for name in ("facies", "confidence", "probability_Sand - Mud", "probability_Mud - Salt")
    ]
    facies, confidence, first, second = map(read, written)
    assert np.array_equal(facies, CODES)
    assert (confidence == 90).all()
    tolerance = 0 if samples == "float" else 0.5
    for found, expected in ((first, below[0]), (second, below[1])):
        assert found.dtype == (np.float32 if samples == "float" else read(written[1]).dtype)
        assert np.abs(found - expected / 2).max() <= tolerance


def read(path: Path) -> np.ndarray:
    if path.suffix == ".sgy":
        return open_survey(path).volume[:]
    return np.asarray(open_zarr_volume(path).levels[0][:])


def test_text_header_and_attributes_say_what_it_is(predicted, tmp_path):
    write_all(predicted, facies=tmp_path / "f.zarr", probability=tmp_path / "p.sgy")
    content = open_zarr_volume(tmp_path / "f.zarr").description.content
    assert [(c.code, c.name) for c in content.classes] == [(1, "Sand"), (2, "Mud"), (3, "Salt")]
    assert content.history == "Facies codes, napari-hyperseg model 20260101-120000"
    text = read_text((tmp_path / "p_Mud - Salt.sgy").read_bytes()[:3200])
    assert any("% at or below Mud - Salt, napari-hyperseg model" in line for line in text)


def test_probabilities_keep_the_order_they_were_predicted_in(
    project, write_prediction, tmp_path, below
):
    project.legend = Legend.named(["Sand", "Mud", "Salt"])
    write_prediction(CODES.astype(np.uint8), 3, below=below, order=(3, 1, 2))
    project.legend = project.legend.moved(2, -1)
    written = write_all(project, probability=tmp_path / "p.zarr")
    assert [path.name for path in written] == ["p_Salt - Sand.zarr", "p_Sand - Mud.zarr"]


def test_an_exported_legend_is_in_its_order_and_as_long_as_the_prediction(predicted, tmp_path):
    predicted.legend = predicted.legend.with_class("Coal").moved(4, -3).moved(3, -2)
    write_all(predicted, facies=tmp_path / "f.zarr")
    content = open_zarr_volume(tmp_path / "f.zarr").description.content
    assert [(c.code, c.name) for c in content.classes] == [(3, "Salt"), (1, "Sand"), (2, "Mud")]


def test_a_folder_gets_a_file_per_boundary(predicted, tmp_path):
    written = write_all(predicted, probability=tmp_path / "new" / "folder")
    assert [path.name for path in written] == ["Sand - Mud.sgy", "Mud - Salt.sgy"]
    assert all(path.parent == tmp_path / "new" / "folder" for path in written)
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot be made"):
        write_all(predicted, probability=tmp_path / "file" / "folder")


def test_amplitudes_need_no_prediction(project, tmp_path):
    write_all(project, amplitude=tmp_path / "a.sgy")
    assert (tmp_path / "a.sgy").read_bytes() == project.entry().path.read_bytes()


@pytest.mark.parametrize("state", ["never", "stopped"])
def test_a_prediction_without_probabilities_says_what_to_do(
    project, write_prediction, tmp_path, below, state
):
    path = write_prediction(CODES.astype(np.uint8), 3, below=None if state == "never" else below)
    if state == "stopped":
        zarr.open_group(path)["below"].attrs["complete"] = False
    with pytest.raises(ProjectError, match=r"without probabilities: run 'hyperseg predict' again"):
        write_all(project, facies=tmp_path / "f.sgy", probability=tmp_path / "p.sgy")
    assert not (tmp_path / "f.sgy").exists()
    write_all(project, facies=tmp_path / "f.sgy")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"steps": 0, "complete": True},
        {"steps": "many"},
        {"steps": 200, "complete": True, "order": [1, 1, 2]},
        {"steps": 200, "complete": True, "order": 3},
    ],
)
def test_damaged_probabilities_are_refused(predicted, attributes):
    path = predicted.prediction_path("20260101-120000", "tiny") / "below" / "zarr.json"
    metadata = json.loads(path.read_text()) | {"attributes": attributes}
    path.write_text(json.dumps(metadata))
    with pytest.raises(ProjectError, match="damaged or of another survey"):
        open_prediction(predicted, "tiny")


def test_names_are_looked_at_before_anything_is_written(tmp_path):
    with pytest.raises(ExportError, match="ends in"):
        VolumeTargets(facies=tmp_path / "f.sgy", confidence=tmp_path / "c.tif")
    with pytest.raises(ExportError, match="cannot have one name"):
        VolumeTargets(facies=tmp_path / "f.sgy", confidence=tmp_path / "x" / ".." / "f.sgy")
    assert not VolumeTargets()
    assert not VolumeTargets(amplitude=tmp_path / "a.sgy").from_prediction


def test_boundaries_between_classes_of_one_name_have_files_of_their_own(project):
    legend = Legend.named(["Sand", "Mud", "sand", "mud"])
    names = boundary_names(project.entry(), legend, (1, 2, 3, 4))
    assert names == ["Sand - Mud", "Mud - sand", "sand - mud 2"]
