"""``hyperseg export``: volumes in three containers, from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.export.opening import open_zarr_volume
from napari_hyperseg.survey.sample import SampleFiles
from napari_hyperseg.survey.segy.opening import open_survey

OUT = {"facies": "f", "confidence": "c", "amplitude": "a"}


@pytest.mark.parametrize("suffix", [".sgy", ".segy", ".zarr", ".ome.zarr"])
def test_the_suffix_says_how(run, predicted: Path, cube: SampleFiles, tmp_path: Path, suffix: str):
    paths = {name: tmp_path / f"{stem}{suffix}" for name, stem in OUT.items()}
    answer = run("export", predicted, *(f"--{name}={path}" for name, path in paths.items()))
    assert answer.status == 0
    assert sorted(answer.stdout.split()) == sorted(
        word for path in paths.values() for word in ("Wrote", f"{path}.")
    )
    source = open_survey(cube.segy)
    expected = {"facies": np.load(cube.facies), "confidence": 75, "amplitude": source.volume[:]}
    for name, path in paths.items():
        assert (read(path) == expected[name]).all()


def read(path: Path) -> np.ndarray:
    if "zarr" in path.name:
        return np.asarray(open_zarr_volume(path).levels[0][:])
    return open_survey(path).volume[:]


@pytest.mark.parametrize(("samples", "code"), [("int8", 8), ("float", 5)])
def test_the_sample_type_is_chosen(run, predicted: Path, tmp_path: Path, samples: str, code: int):
    out = tmp_path / "f.sgy"
    assert run("export", predicted, "--facies", out, "--samples", samples).status == 0
    assert open_survey(out).source.format_code == code


def test_amplitudes_are_the_file_itself(run, project: Path, cube: SampleFiles, tmp_path: Path):
    assert run("export", project, "--amplitude", tmp_path / "a.sgy").status == 0
    assert (tmp_path / "a.sgy").read_bytes() == cube.segy.read_bytes()
    refused = run("export", project, "--amplitude", tmp_path / "b.sgy", "--samples", "int8")
    assert refused.status == 2
    assert "Choose --samples float." in refused.stderr
    assert not (tmp_path / "b.sgy").exists()


def test_probabilities_are_a_volume_per_boundary(
    run, predicted: Path, cube: SampleFiles, tmp_path: Path
):
    refused = run("export", predicted, "--probability", tmp_path / "p.sgy")
    assert (refused.status, refused.stderr.count("\n")) == (2, 1)
    assert "without probabilities: run 'hyperseg predict' again." in refused.stderr
    codes = np.load(cube.facies)
    below = np.stack([200 * (codes > code) for code in range(1, 6)]).astype(np.uint8)
    opened = Project.open(predicted)
    store = PredictionStore.open_or_create(
        opened.prediction_path("20260101-120000", "cube"), codes.shape, 6, order=(1, 2, 3, 4, 5, 6)
    )
    store.write(tuple((0, n) for n in codes.shape), codes, codes, below, origin=Origin(step=1))
    store.finish()
    assert run("export", predicted, "--probability", tmp_path / "p.ome.zarr").status == 0
    assert run("export", predicted, "--probability", tmp_path / "folder").status == 0
    for code in range(1, 6):
        name = f"Class {code} - Class {code + 1}"
        for path in (tmp_path / f"p_{name}.ome.zarr", tmp_path / "folder" / f"{name}.sgy"):
            assert np.array_equal(read(path), 100 * (codes > code))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("--facies f.npy", "ends in .sgy, .segy, .zarr or .ome.zarr"),
        ("--facies f.sgy --confidence f.sgy", "cannot have one name"),
        ("--facies f.sgy --samples int16", "int16"),
        ("--facies absent/f.zarr", "absent is no folder"),
        ("--facies absent/f.sgy", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    run, predicted: Path, tmp_path: Path, monkeypatch, arguments: str, reason: str
):
    monkeypatch.chdir(tmp_path)
    answer = run("export", predicted, *arguments.split())
    assert answer.status == 2
    assert answer.stderr.count("\n") == 1
    assert reason in answer.stderr
    assert not (tmp_path / "f.sgy").exists()


def test_arrays_of_the_project_are_not_written_over(run, predicted: Path):
    store = Project.open(predicted).prediction_path("20260101-120000", "cube")
    answer = run("export", predicted, "--facies", store)
    assert "exists and is no exported volume" in answer.stderr
    assert run("export", predicted, "--facies", predicted.parent / "f.zarr").status == 0
