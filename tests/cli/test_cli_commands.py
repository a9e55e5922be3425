"""Each command's effect and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import zarr

from napari_hyperseg import __version__
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.horizon_files.writing import WRITERS
from napari_hyperseg.survey.sample import SampleFiles
from napari_hyperseg.survey.segy.opening import open_survey

COMMANDS = ("info", "init", "label", "train", "predict", "evaluate", "export", "open", "sample")
MODEL = "20260101-120000"
AXIS = {"first", "last", "step", "count"}


def test_version_and_help(run):
    assert run("--version").stdout == f"hyperseg {__version__}\n"
    answer = run()
    assert answer.status == 0
    for command in [
        "next",
        "info",
        "init",
        "label",
        "train",
        "predict",
        "evaluate",
        "export",
        "open",
        "sample",
    ]:
        assert command in answer.stdout
        assert run(command, "--help").status == 0


def test_info_prints_the_promised_json(run, cube: SampleFiles):
    answer = run("info", cube.segy, "--json")
    told = json.loads(answer.stdout)
    assert (answer.status, answer.stderr) == (0, "")
    assert told["kind"] == "3d"
    assert set(told["inlines"]) == set(told["crosslines"]) == AXIS
    assert told["inlines"] == {"first": 1001, "last": 1012, "step": 1, "count": 12}
    assert told["samples"] == {
        "count": 40,
        "start_ms": 1000.0,
        "interval_ms": 4.0,
        "domain": "time",
    }
    assert told["header_bytes"] == {"inline": 189, "crossline": 193}
    assert (told["traces"], told["live_traces"], told["duplicates"]) == (192, 192, 0)
    assert {"format", "endian", "candidates", "to_xy", "warnings"} <= set(told)


def test_info_is_readable(run, cube: SampleFiles):
    told = run("info", cube.segy).stdout
    assert "12: 1001-1012 every 1" in told
    assert "40: 1000-1156 ms every 4 ms" in told


def test_info_takes_other_header_bytes(run, cube: SampleFiles):
    told = json.loads(run("info", cube.segy, "--json", "--iline", 193, "--xline", 189).stdout)
    assert (told["inlines"]["count"], told["crosslines"]["count"]) == (16, 12)


def test_init_makes_a_project(run, cube: SampleFiles, tmp_path: Path):
    answer = run("init", tmp_path / "new.hyperseg", cube.segy)
    assert answer.status == 0
    assert "cube: 12 inlines x 16 crosslines x 40 samples" in answer.stdout
    assert Project.open(tmp_path / "new.hyperseg").entry().path == cube.segy


def test_init_keeps_the_header_bytes(run, cube: SampleFiles, tmp_path: Path):
    run("init", tmp_path / "p", cube.segy, "--iline", 193, "--xline", 189)
    assert Project.open(tmp_path / "p").entry().shape == (16, 12, 40)
    assert Project.open(tmp_path / "p").open_survey("cube").geometry.shape == (16, 12, 40)


def test_init_keeps_domain_and_unit(run, cube: SampleFiles, tmp_path: Path):
    run("init", tmp_path / "p", cube.segy, "--domain", "depth", "--unit", "ft", "--x", 0, "--y", 0)
    geometry = Project.open(tmp_path / "p").open_survey("cube").geometry
    assert (geometry.vertical_unit, geometry.to_xy) == ("ft", None)


def test_init_adds_to_a_project(run, cube: SampleFiles, project: Path, tmp_path: Path):
    other = tmp_path / "other.sgy"
    other.write_bytes(cube.segy.read_bytes())
    assert run("init", project, other, "--add").stdout.startswith("other: 12 inlines")
    assert list(Project.open(project).surveys) == ["cube", "other"]
    again = run("init", project, other, "--add")
    assert again.status == 2
    assert "Two files are called other" in again.stderr
    missing = run("init", tmp_path / "none.hyperseg", other, "--add")
    assert "is not a hyperseg project" in missing.stderr
    assert not (tmp_path / "none.hyperseg").exists()


def test_info_lists_the_candidates_and_the_text_header(run, cube: SampleFiles):
    told = run("info", cube.segy, "--text").stdout
    assert "--iline 189 --xline 193" in told
    assert "12 x 16 lines" in told
    assert "100% of the positions with 1.0 traces each" in told
    assert "END TEXTUAL HEADER" in told


def test_convert_keeps_the_samples(run, project: Path):
    file = Project.open(project).open_survey("cube").volume[:]
    assert run("convert", project).stdout.startswith("cube: converted in")
    converted = Project.open(project).open_survey("cube").volume
    assert converted.converted
    assert np.array_equal(converted[:], file)
    assert run("convert", project).status == 0


def test_label_takes_only_the_lines_asked_for(run, project: Path, horizons: list[str]):
    answer = run("label", project, *horizons, "--inlines", "1003", "--crosslines", "2002,2010")
    assert answer.status == 0
    assert f"cube: labelled {(16 + 2 * 11) * 40} voxels on {16 + 2 * 11} traces." in answer.stdout
    assert "above H1, H1 to H2" in answer.stdout
    labels = Project.open(project).labels("cube")
    assert labels.labelled_inlines().tolist() == [2]
    assert labels.labelled_crosslines().tolist() == [1, 9]


def test_label_takes_the_whole_facies_file(run, project: Path, cube: SampleFiles):
    assert run("label", project, "--facies", cube.facies).status == 0
    assert np.array_equal(Project.open(project).labels("cube").codes, np.load(cube.facies))


def test_label_tells_scripts_what_it_did_and_can_keep_labels(
    run, project: Path, cube: SampleFiles, horizons: list[str]
):
    run("label", project, "--facies", cube.facies, "--inlines", "1003")
    told = json.loads(run("label", project, *horizons, "--keep", "--json").stdout)
    assert (told["survey"], told["voxels"], told["traces"]) == ("cube", 11 * 16 * 40, 11 * 16)
    assert sum(one["voxels"] for one in told["classes"]) == told["voxels"]
    assert (told["found"], told["warnings"]) == ("5 horizons", [])


def test_next_names_lines_to_label(run, predicted: Path, cube: SampleFiles):
    run("label", predicted, "--facies", cube.facies, "--inlines", "1001")
    told = json.loads(run("next", predicted, "--count", "3", "--json").stdout)
    assert told["survey"] == "cube"
    assert len(told["lines"]) == 3
    first = told["lines"][0]
    assert first["kind"] in ("inline", "crossline")
    assert 0 < first["share"] < 1
    shown = run("next", predicted).stdout
    assert f"{first['kind']} {first['number']}" in shown


def test_next_without_a_prediction_says_what_to_do(run, project: Path):
    answer = run("next", project)
    assert (answer.status, answer.stdout) == (2, "")
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "predict" in answer.stderr


def test_evaluate_leaves_out_labelled_lines(run, predicted: Path, cube: SampleFiles):
    run("label", predicted, "--facies", cube.facies, "--crosslines", "2001-2003")
    told = json.loads(run("evaluate", predicted, "--facies", cube.facies, "--json").stdout)
    assert told["traces"] == 12 * 13
    assert told["pixel_accuracy"] == told["mean_iou"] == told["fw_iou"] == 1
    assert told["order_violations"] == 0
    assert told["horizons"] == {}


def test_the_legend_says_what_lies_above_what(run, predicted: Path, cube: SampleFiles, tmp_path):
    project = Project.open(predicted)
    project.legend = project.legend.grown_to(6).moved(6, -5)
    project.save()
    told = json.loads(run("evaluate", predicted, "--facies", cube.facies, "--json").stdout)
    assert told["pixel_accuracy"] == 1
    assert told["order_violations"] == 1
    answer = run("export", predicted, "--horizons", tmp_path / "out")
    assert "Class 6 - Class 1.txt has no value" in answer.stderr  # 6 is nowhere above 1


def test_evaluate_against_horizons(run, predicted: Path, horizons: list[str]):
    answer = run("evaluate", predicted, *horizons, "--json")
    told = json.loads(answer.stdout)
    assert answer.stderr == ""
    assert list(told["horizons"]) == ["H1", "H2", "H3", "H4", "H5"]
    for scores in told["horizons"].values():
        assert set(scores) == {"mae_samples", "mae_ms", "within_1", "within_3", "coverage"}
        assert scores["within_1"] > 0.9
        assert scores["mae_ms"] == pytest.approx(4 * scores["mae_samples"])


def test_evaluate_says_when_the_prediction_is_not_complete(run, predicted: Path, cube):
    opened = Project.open(predicted)
    store = zarr.open_group(opened.prediction_path(MODEL, "cube"), mode="r+")
    store["facies"][:3] = 0
    answer = run("evaluate", predicted, "--facies", cube.facies, "--json")
    assert json.loads(answer.stdout)["pixel_accuracy"] == 0.75
    assert "75%" in answer.stderr


def test_evaluate_is_readable(run, predicted: Path, horizons: list[str]):
    told = run("evaluate", predicted, *horizons).stdout
    assert "mean IoU" in told
    assert "MAE samples" in told
    assert "H5" in told


def test_export_reads_back(run, predicted: Path, cube: SampleFiles, tmp_path: Path):
    facies, confidence = tmp_path / "facies.sgy", tmp_path / "confidence.sgy"
    answer = run("export", predicted, "--facies", facies, "--confidence", confidence)
    assert answer.status == 0
    back = open_survey(facies)
    assert np.array_equal(back.load(), np.load(cube.facies))
    assert np.unique(open_survey(confidence).load()).tolist() == [75]
    assert back.geometry.inlines.tolist() == list(range(1001, 1013))


def test_export_writes_horizons(run, predicted: Path, cube: SampleFiles, tmp_path: Path, horizons):
    run("label", predicted, *horizons, "--inlines", "1001")
    answer = run("export", predicted, "--horizons", tmp_path / "out", "--format", "opendtect")
    assert answer.status == 0
    geometry = open_survey(cube.segy).geometry
    for name, truth in cube.horizons.items():
        found = read_horizon_file(tmp_path / "out" / f"{name}.txt", geometry).values
        error = np.abs(found - read_horizon_file(truth, geometry).values)
        assert np.nanmedian(error) <= geometry.sample_interval_ms


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_export_writes_horizons_in_every_format(run, predicted: Path, tmp_path: Path, writer):
    folder = tmp_path / "out"
    assert run("export", predicted, "--horizons", folder, "--format", writer.name).status == 0
    files = sorted(folder.iterdir())
    assert len(files) == 5  # between the six classes of the cube
    assert {file.suffix for file in files} == {writer.suffix}
    if writer.name != "geojson":
        geometry = Project.open(predicted).open_survey("cube").geometry
        picks = read_horizon_file(files[0], geometry)
        assert picks.n_inside > 0.7 * geometry.live_mask.sum()


@pytest.mark.parametrize(("out", "segy"), [("made.sgy", "made.sgy"), ("made", "made/sample_4.sgy")])
def test_sample_makes_a_survey_and_its_truth(run, tmp_path: Path, out: str, segy: str):
    answer = run("sample", tmp_path / out, "--shape", "8,10,40", "--seed", 4, "--channel")
    assert answer.status == 0
    path = tmp_path / segy
    assert open_survey(path).geometry.shape == (8, 10, 40)
    assert np.load(path.with_name(f"{path.stem}_facies.npy")).shape == (8, 10, 40)
