"""Predictions are found and checked, and their boundaries are written as horizons."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.order import codes_of
from napari_hyperseg.project.boundary_horizons import boundary_horizons
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizon_export import (
    boundary_names,
    export_horizons,
)
from napari_hyperseg.project.predictions import open_prediction, prediction_models
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

SHAPE = (6, 5, 20)


def layered(*tops: int) -> np.ndarray:
    """Codes of flat layers whose first samples are `tops`."""
    codes = np.ones(SHAPE, np.uint8)
    for top in tops:
        codes[..., top:] += 1
    return codes


def test_the_newest_prediction_is_opened(project: Project, write_prediction):
    write_prediction(layered(5), 2, "20260102-000000")
    write_prediction(layered(9), 2, "20260101-000000")
    assert prediction_models(project, "tiny") == ["20260101-000000", "20260102-000000"]
    newest = open_prediction(project, "tiny")
    assert (newest.model, newest.n_classes) == ("20260102-000000", 2)
    assert np.array_equal(newest.facies[:], layered(5))
    assert (newest.confidence[:] == 90).all()
    older = open_prediction(project, "tiny", "20260101-000000")
    assert np.array_equal(older.facies[:], layered(9))


def test_a_missing_prediction_says_what_to_do(project: Project, write_prediction):
    with pytest.raises(ProjectError, match="hyperseg predict"):
        open_prediction(project, "tiny")
    write_prediction(layered(5), 2)
    with pytest.raises(ProjectError, match="by 20260101-120000"):
        open_prediction(project, "tiny", "20270101-000000")


@pytest.mark.parametrize("damage", ["empty", "metadata", "shape", "dtype", "attrs", "old format"])
def test_a_damaged_prediction_is_refused(project: Project, write_prediction, damage: str):
    path: Path = write_prediction(layered(5), 2)
    if damage == "empty":
        shutil.rmtree(path)
        path.mkdir()
    if damage == "metadata":
        (path / "facies" / "zarr.json").write_text("{")
    if damage == "attrs":
        metadata = json.loads((path / "zarr.json").read_text())
        (path / "zarr.json").write_text(json.dumps(metadata | {"attributes": {}}))
    if damage in ("shape", "dtype"):
        shape = (1, 2, 3) if damage == "shape" else SHAPE
        zarr.open_group(path).create_array("facies", shape=shape, dtype="int32", overwrite=True)
    if damage == "old format":
        shutil.rmtree(path)
        zarr.open_group(path, mode="w", zarr_format=2).create_array(
            "facies", shape=SHAPE, dtype="uint8"
        )
    with pytest.raises(ProjectError, match="damaged or of another survey"):
        open_prediction(project, "tiny")


def test_boundaries_come_back_as_horizons(project: Project, write_prediction, tmp_path: Path):
    write_prediction(layered(5, 11), 3)
    geometry = project.open_survey("tiny").geometry
    prediction = open_prediction(project, "tiny")
    folder = tmp_path / "new" / "horizons"
    found = [one.values for one in boundary_horizons(prediction, (1, 2, 3), geometry)]
    paths = export_horizons(found, ["Top", "Base"], geometry, folder)
    assert [path.name for path in paths] == ["Top.txt", "Base.txt"]
    assert np.unique(read_horizon_file(paths[0], geometry).values).tolist() == [
        geometry.times_ms[5]
    ]
    assert np.unique(read_horizon_file(paths[1], geometry).values).tolist() == [
        geometry.times_ms[11]
    ]


def test_boundaries_are_named_by_horizons_or_classes(project: Project):
    legend = Legend.named(["Sand/Silt", "Mud", "Salt"])
    entry = project.entry()
    classes = ["Sand_Silt - Mud", "Mud - Salt"]
    assert boundary_names(entry, legend, (1, 2, 3)) == classes
    known = replace(entry, boundaries={"Top": Path("a"), "Base": Path("b")})
    assert boundary_names(known, legend, (1, 2, 3)) == ["Top", "Base"]
    assert boundary_names(known, legend, (1, 2, 3, 4)) == [*classes, "Salt - Class 4"]


def test_horizons_name_boundaries_only_in_the_order_they_were_labelled_in(project: Project):
    legend = Legend.named(["Sand", "Mud", "Salt"])
    horizons = {"Top": Path("a"), "Base": Path("b")}
    entry = replace(project.entry(), boundaries=horizons, boundary_codes=(3, 1, 2))
    assert boundary_names(entry, legend, (3, 1, 2)) == ["Top", "Base"]
    assert boundary_names(entry, legend, (1, 2, 3)) == ["Sand - Mud", "Mud - Salt"]
    by_number = replace(project.entry(), boundaries=horizons)
    assert boundary_names(by_number, legend, (3, 1, 2)) == ["Salt - Sand", "Sand - Mud"]


def test_boundaries_follow_the_order_of_the_classes(
    project: Project, write_prediction, tmp_path: Path
):
    order = (3, 1, 2)
    write_prediction(codes_of(order)[layered(5, 11)], 3)
    geometry = project.open_survey("tiny").geometry
    prediction = open_prediction(project, "tiny")
    upper, lower = (one.values for one in boundary_horizons(prediction, order, geometry))
    assert np.unique(upper).tolist() == [geometry.times_ms[5]]
    assert np.unique(lower).tolist() == [geometry.times_ms[11]]


def test_a_folder_that_cannot_be_made_is_a_clear_line(project: Project, tmp_path: Path):
    (tmp_path / "file").touch()
    geometry = project.open_survey("tiny").geometry
    with pytest.raises(ProjectError, match="cannot be written"):
        export_horizons([np.zeros(SHAPE[:2])], ["H"], geometry, tmp_path / "file")
