"""The project folder: what is created comes back, and nothing damaged or foreign gets in."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError, ProjectError, SurveyError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project import models
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.segy.reading import Reading


def change(project: Project, **fields) -> None:
    """Overwrite fields of project.json, as a stranger could."""
    path = project.folder / "project.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def change_survey(project: Project, **fields) -> None:
    surveys = json.loads((project.folder / "project.json").read_text())["surveys"]
    change(project, surveys=[surveys[0] | fields])


def trained(project: Project, model_id: str) -> None:
    folder = project.folder / "models" / model_id
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").touch()


def test_what_is_saved_is_opened_again(project: Project, tmp_path: Path):
    project.legend = Legend.default(3).renamed(2, "Channel").moved(2, -1).locked(1, True)
    horizons = {"Top": tmp_path / "top.txt", "Base": tmp_path / "base.txt"}
    kept = (HorizonEntry("Top", "top", None, "#f0e442", event="trough"),)
    project.surveys["tiny"] = replace(
        project.entry(), boundaries=horizons, boundary_codes=(2, 1, 3), horizons=kept
    )
    project.settings = {"minutes": 2.5, "live": True}
    project.save()
    again = Project.open(project.folder)
    assert again.surveys == project.surveys
    assert again.legend == project.legend
    assert list(again.entry().boundaries) == ["Top", "Base"]
    assert again.settings == project.settings


def test_the_entry_remembers_how_the_survey_was_read(project: Project, survey):
    entry = project.entry()
    assert (entry.key, entry.path) == ("tiny", survey.source.path)
    assert entry.reading.lines == (189, 193)
    assert entry.shape == survey.geometry.shape
    assert entry.clip == survey.clip()
    assert np.array_equal(project.open_survey("tiny").load(), survey.load())


def test_a_project_moves_with_its_data(project: Project, tiny_segy: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(tiny_segy, elsewhere)
    shutil.move(project.folder, elsewhere)
    moved = Project.open(elsewhere / project.folder.name)
    assert moved.open_survey("tiny").source.path == elsewhere / "tiny.sgy"


def test_a_project_that_moves_alone_still_finds_its_data(project: Project, tmp_path: Path):
    (tmp_path / "far" / "away").mkdir(parents=True)
    shutil.move(project.folder, tmp_path / "far" / "away")
    moved = Project.open(tmp_path / "far" / "away" / project.folder.name)
    assert moved.open_survey("tiny").geometry.shape == (6, 5, 20)


def test_a_missing_file_is_named(project: Project, tiny_segy: Path):
    tiny_segy.unlink()
    with pytest.raises(ProjectError, match=r"tiny\.sgy of survey tiny is missing"):
        Project.open(project.folder).open_survey("tiny")


def test_a_new_modification_time_is_not_a_change(project: Project, tiny_segy: Path):
    tiny_segy.write_bytes(tiny_segy.read_bytes())
    assert project.open_survey("tiny").name == "tiny"


def test_a_changed_file_is_refused(project: Project, tiny_segy: Path):
    content = bytearray(tiny_segy.read_bytes())
    content[-1] ^= 1
    tiny_segy.write_bytes(content)
    with pytest.raises(ProjectError, match="changed since"):
        project.open_survey("tiny")


def test_a_used_folder_is_not_covered(project: Project, tiny_segy: Path):
    before = (project.folder / "project.json").read_bytes()
    with pytest.raises(ProjectError, match="not empty"):
        Project.create(project.folder, [tiny_segy])
    assert (project.folder / "project.json").read_bytes() == before


def test_an_unreadable_survey_leaves_no_folder(tmp_path: Path):
    (tmp_path / "noise.sgy").write_bytes(b"noise")
    with pytest.raises(SurveyError):
        Project.create(tmp_path / "new.hyperseg", [tmp_path / "noise.sgy"])
    assert not (tmp_path / "new.hyperseg").exists()


def test_two_files_of_one_name_are_refused(tmp_path: Path, tiny_segy: Path):
    with pytest.raises(ProjectError, match="Two files are called tiny"):
        Project.create(tmp_path / "new.hyperseg", [tiny_segy, tmp_path / "copy" / "tiny.sgy"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("[]", "damaged"),
        ("[" * 100_000, "damaged"),
        ("{}", "format_version"),
        ('{"format_version": "one"}', "damaged"),
        ('{"format_version": 5, "new": 1}', "format version 5"),
        ('{"format_version": 3, "surveys": [{"horizons": 1}], "legend": [1]}', "surveys"),
        ('{"format_version": 3, "legend": {}}', "surveys"),
        ('{"format_version": 1, "surveys": ["x"], "legend": []}', "surveys"),
        ('{"format_version": 2, "surveys": "x", "legend": []}', "surveys"),
        ('{"format_version": 1}', "surveys"),
        ('{"format_version": 1, "surveys": [], "legend": []}', "surveys"),
    ],
)
def test_a_damaged_file_is_one_clear_line(project: Project, content: str, message: str):
    (project.folder / "project.json").write_text(content)
    with pytest.raises(ProjectError, match=message) as caught:
        Project.open(project.folder)
    assert "\n" not in str(caught.value)
    assert "project.json" in str(caught.value)


@pytest.mark.parametrize("place", ["absent", "file", "empty"])
def test_what_is_no_project_is_refused(tmp_path: Path, place: str):
    folder = tmp_path / place
    if place == "file":
        folder.touch()
    if place == "empty":
        folder.mkdir()
    with pytest.raises(ProjectError, match="not a hyperseg project"):
        Project.open(folder)


@pytest.mark.parametrize("key", ["../out", "a/b", "a\\b", "..", "", ".hidden", "C:x", "a\nb"])
def test_a_survey_key_cannot_leave_the_folder(project: Project, key: str):
    change_survey(project, key=key)
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(project.folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"shape": [6, 5, -20]},
        {"shape": [6, 5, 10**30]},
        {"clip": 0},
        {"reading": {"lines": [189]}},
        {"file": "tiny.sgy"},
        {"boundaries": {"a/b": {"relative": None, "absolute": "x"}}},
        {"horizons": [{"name": "A", "stem": "../A", "surface": None, "color": "#000000"}]},
        {"horizons": [{"name": "A", "stem": "A", "surface": None, "color": "red"}]},
        {"horizons": 2 * [{"name": "A", "stem": "A", "surface": "A", "color": "#000000"}]},
        {
            "horizons": [
                {"name": "A", "stem": "A", "surface": "A", "color": "#000000", "event": "top"}
            ]
        },
        {"boundary_codes": [0, 1]},
        {"command": "rm"},
    ],
)
def test_a_strange_survey_is_refused(project: Project, fields: dict):
    change_survey(project, **fields)
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(project.folder)


@pytest.mark.parametrize("name", ["../../out", "/etc", "a/b"])
def test_a_model_name_cannot_leave_the_folder(project: Project, name: str):
    with pytest.raises(ProjectError, match="cannot be the name"):
        project.model_folder(name)
    with pytest.raises(ProjectError, match="cannot be the name"):
        project.prediction_path(name, "tiny")


def test_a_link_cannot_lead_out_of_the_folder(project: Project, tmp_path: Path):
    (tmp_path / "precious").mkdir()
    (project.folder / "labels").symlink_to(tmp_path / "precious")
    with pytest.raises(ProjectError, match="leads out"):
        project.labels("tiny")
    assert not any((tmp_path / "precious").iterdir())


def test_a_strange_legend_is_refused(project: Project):
    change(project, legend=[{"code": 7, "name": "x", "color": "red"}])
    with pytest.raises(ProjectError, match=r"damaged: .*red"):
        Project.open(project.folder)


def test_labels_are_made_on_first_use_and_kept(project: Project):
    assert not project.labels_path("tiny").exists()
    project.labels("tiny").codes[1, 2, 3] = 4
    assert Project.open(project.folder).labels("tiny").counts() == {4: 1}


def test_labels_of_another_shape_are_refused(project: Project):
    project.labels_path("tiny").parent.mkdir(parents=True)
    np.save(project.labels_path("tiny"), np.zeros((2, 2, 2), np.uint8))
    with pytest.raises(LabelError, match="shape"):
        project.labels("tiny")


def test_only_folders_with_weights_are_models_newest_last(project: Project):
    for model_id in ("20260102-000000", "20260101-000000", "20260102-000000-2"):
        trained(project, model_id)
    trained(project, "notes")
    (project.folder / "models" / "20270101-000000").mkdir()
    assert project.model_ids() == ["20260101-000000", "20260102-000000", "20260102-000000-2"]
    assert project.find_model() == "20260102-000000-2"
    with pytest.raises(ProjectError, match="no model '20270101-000000'"):
        project.find_model("20270101-000000")


def test_model_names_are_unique_within_a_second(tmp_path: Path):
    names = [models.reserve_model_id(tmp_path) for _ in range(12)]
    for name in names:
        (tmp_path / name / "weights.safetensors").touch()
    assert models.model_ids(tmp_path) == names


def test_a_failed_save_leaves_what_was_there(project: Project):
    path = project.folder / "project.json"
    path.unlink()
    (path / "kept").mkdir(parents=True)
    with pytest.raises(ProjectError, match="cannot be written"):
        project.save()
    assert sorted(entry.name for entry in project.folder.iterdir()) == ["project.json", "volumes"]
    assert (path / "kept").is_dir()


def test_a_folder_that_cannot_be_written_is_a_clear_line(project: Project):
    shutil.rmtree(project.folder)
    with pytest.raises(ProjectError, match="cannot be written"):
        project.save()


def test_a_project_beside_its_file_is_made_once(tiny_segy: Path):
    first = Project.create_beside(tiny_segy)
    assert first.folder == tiny_segy.with_suffix(".hyperseg")
    first.labels("tiny").codes[0, 0, 0] = 1
    assert Project.create_beside(tiny_segy).labels("tiny").counts() == {1: 1}


def test_a_project_beside_another_file_is_not_taken(tiny_segy: Path):
    Project.create_beside(tiny_segy)
    other = tiny_segy.rename(tiny_segy.with_suffix(".segy"))
    with pytest.raises(ProjectError, match="another file"):
        Project.create_beside(other)


def test_where_the_data_cannot_be_written_the_user_folder_is_used(
    tiny_segy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("os.access", lambda path, mode: False)
    project = Project.create_beside(tiny_segy)
    assert project.folder.is_relative_to(tmp_path / "data")
    assert Project.create_beside(tiny_segy).folder == project.folder


def test_without_a_key_the_only_survey_is_meant(project: Project, tiny_segy: Path, tmp_path: Path):
    assert project.entry().key == "tiny"
    second = Path(shutil.copy(tiny_segy, tmp_path / "second.sgy"))
    both = Project.create(tmp_path / "both.hyperseg", [tiny_segy, second])
    assert both.entry("second").key == "second"
    with pytest.raises(ProjectError, match="tiny, second"):
        both.entry()
    with pytest.raises(ProjectError, match="no survey 'third'"):
        both.entry("third")


def test_a_project_of_the_first_version_is_read(project: Project):
    path = project.folder / "project.json"
    content = json.loads(path.read_text())
    for survey in content["surveys"]:
        del survey["reading"], survey["boundaries"], survey["horizons"], survey["boundary_codes"]
        survey["header_bytes"] = [189, 193]
    path.write_text(json.dumps(content | {"format_version": 1}))
    opened = Project.open(project.folder)
    assert opened.entry().reading == Reading((189, 193))
    assert opened.open_survey("tiny").geometry.shape == project.entry().shape
    opened.save()
    assert json.loads(path.read_text())["format_version"] == 4


def test_a_project_of_the_second_version_is_read(project: Project, tmp_path: Path):
    path = project.folder / "project.json"
    content = json.loads(path.read_text())
    for survey in content["surveys"]:
        del survey["boundaries"], survey["boundary_codes"]
        survey["horizons"] = {"Top": {"relative": None, "absolute": str(tmp_path / "top.txt")}}
    path.write_text(json.dumps(content | {"format_version": 2}))
    entry = Project.open(project.folder).entry()
    assert entry.boundaries == {"Top": tmp_path / "top.txt"}
    assert entry.horizons == ()


def test_a_project_of_the_third_version_is_read(project: Project):
    path = project.folder / "project.json"
    content = json.loads(path.read_text())
    for survey in content["surveys"]:
        del survey["boundary_codes"]
        survey["horizons"] = [{"name": "Top", "grid": "top", "color": "#f0e442", "source": "a"}]
    legend = [{"code": 1, "name": "Sand", "color": "#e69f00"}]
    path.write_text(json.dumps(content | {"format_version": 3, "legend": legend}))
    opened = Project.open(project.folder)
    assert opened.entry().horizons == (
        HorizonEntry("Top", "top", "top", "#f0e442", True, "a", "peak"),
    )
    assert opened.legend == Legend.named(["Sand"])
    opened.save()
    saved = json.loads(path.read_text())
    assert saved["format_version"] == 4
    assert saved["legend"] == [legend[0] | {"visible": True, "locked": False}]
    assert saved["surveys"][0]["horizons"][0]["event"] == "peak"
    assert Project.open(project.folder).surveys == opened.surveys


def test_the_index_is_made_with_the_project(project: Project):
    assert project.kept("tiny").index.exists()
