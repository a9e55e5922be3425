"""``hyperseg models`` and ``hyperseg train --from``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.project.claim import claimed
from napari_hyperseg.project.folder import Project
from napari_hyperseg.survey.sample import SampleFiles, synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

MODEL = "20260101-120000"
FACTS = {
    "model", "name", "origin", "classes", "steps", "saved", "pixel_accuracy", "mean_iou",
    "surveys", "newest", "in_training",
}  # fmt: skip


@pytest.fixture
def trained(project: Path) -> Path:
    """The project with a model that nobody trained."""
    encoding = InputEncoding(0.0, 160.0, octaves=2)
    config = NetConfig(encoding.n_channels, 6, width=8, path=((0, 1, 2),))
    model = Model(HyperbolicNet(config), encoding, step=5)
    model.save(Project.open(project).model_folder(MODEL))
    return project


def test_models_are_listed_and_named(run, trained: Path):
    assert run("models", trained, f"--rename={MODEL}=north flank v2").status == 0
    answer = run("models", trained)
    assert "north flank v2" in answer.stdout
    assert MODEL in answer.stdout
    told = json.loads(run("models", trained, "--json").stdout)
    assert set(told) == {"models"}
    (one,) = told["models"]
    assert set(one) == FACTS
    assert (one["model"], one["name"], one["steps"]) == (MODEL, "north flank v2", 5)
    assert one["newest"] is True
    assert one["mean_iou"] is None
    assert run("models", trained, "--rename=north flank v2=").status == 0
    assert json.loads(run("models", trained, "--json").stdout)["models"][0]["name"] is None


def test_a_project_without_models_says_what_to_do(run, project: Path):
    assert "Run 'hyperseg train' first" in run("models", project).stdout
    assert json.loads(run("models", project, "--json").stdout) == {"models": []}


@pytest.mark.parametrize("command", [
    ("predict", "--model", "south"), ("export", "--model", "south", "--facies", "f.sgy"),
    ("evaluate", "--model", "south", "--facies", "f.npy"), ("models", "--delete", "south"),
    ("models", "--rename", "south=north"), ("models", "--export", "south=x.zip"),
    ("train", "--model", "south", "--steps", "1"), ("train", "--from", "south", "--steps", "1"),
])  # fmt: skip
def test_a_wrong_name_is_one_line(
    run, trained: Path, predicted: Path, cube: SampleFiles, command: tuple[str, ...]
):
    run("label", trained, "--facies", cube.facies, "--crosslines", "2003,2013")
    name, *options = command
    said = [str(cube.facies) if option == "f.npy" else option for option in options]
    answer = run(name, trained, *said)
    assert answer.status == 2
    assert "'south'" in answer.stderr
    assert MODEL in answer.stderr  # what there is
    assert answer.stderr.count("\n") == 1
    assert Project.open(trained).model_ids() == [MODEL]


@pytest.mark.parametrize("options", [
    ("--rename", "north"), ("--export", MODEL), ("--export", f"{MODEL}="), ("--rename", "=x"),
    ("--delete", MODEL, "--rename", f"{MODEL}=x"), ("--import", "absent.zip"),
    ("--rename", f"{MODEL}=a/b"),
])  # fmt: skip
def test_what_is_not_said_well_changes_nothing(run, trained: Path, options: tuple[str, ...]):
    answer = run("models", trained, *options)
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    assert Project.open(trained).model_ids() == [MODEL]
    assert Project.open(trained).model_names() == {}


def test_a_file_that_is_no_model_leaves_the_project_alone(run, trained: Path, tmp_path: Path):
    (tmp_path / "x.zip").write_bytes(b"\x80\x04pickle")
    answer = run("models", trained, "--import", tmp_path / "x.zip")
    assert answer.status == 2
    assert "no zip file" in answer.stderr
    assert [path.name for path in (trained / "models").iterdir()] == [MODEL]


@pytest.mark.slow
def test_models_are_handed_on_and_removed(run, trained: Path, tmp_path: Path):
    file = tmp_path / "north=1.zip"
    assert run("models", trained, f"--export={MODEL}={file}").status == 0
    assert run("models", trained, f"--import={file}").status == 0
    assert run("models", trained, f"--import={file}=south").status == 0
    opened = Project.open(trained)
    _, _, last = opened.model_ids()
    assert opened.model_names() == {last: "south"}
    assert run("models", trained, "--delete", "South").status == 0
    assert last not in opened.model_ids()


def test_a_project_that_a_window_has_open_keeps_its_models(run, trained: Path):
    with claimed(trained, "a window"):
        answer = run("models", trained, "--delete", MODEL)
        assert run("models", trained).status == 0  # looking is free
    assert answer.status == 2
    assert "open in a window" in answer.stderr


def test_a_model_goes_on_or_begins_with_another_not_both(run, trained: Path):
    answer = run("train", trained, "--model", MODEL, "--from", MODEL, "--steps", 1)
    assert answer.status == 2
    assert "--from begins a new one" in answer.stderr


@pytest.mark.slow
def test_a_model_of_one_survey_starts_the_next(run, project: Path, cube, tmp_path: Path):
    run("label", project, "--facies", cube.facies, "--crosslines", "2003,2013")
    learn = ("--device", "cpu", "--no-prior", "--json")
    assert run("train", project, "--steps", 60, *learn).status == 0
    run("models", project, f"--rename={Project.open(project).model_ids()[0]}=first")
    assert run("models", project, f"--export=first={tmp_path / 'first.zip'}").status == 0

    write_synthetic(make_synthetic((12, 16, 40), seed=4), tmp_path, "next")
    files = synthetic_files(tmp_path, "next")
    other = tmp_path / "next.hyperseg"
    assert run("init", other, files.segy).status == 0
    run("label", other, "--facies", files.facies, "--crosslines", "2003,2013")

    def first_loss(*options: object) -> float:
        told = run("train", other, "--steps", 2, *learn, *options)
        assert told.status == 0, told.stderr
        folder = other / "models" / json.loads(told.stdout)["model"]
        events = map(json.loads, (folder / "metrics.jsonl").read_text().splitlines())
        return next(event["loss"] for event in events if event["event"] == "step_finished")

    fresh, transferred = first_loss(), first_loss("--from", tmp_path / "first.zip")
    assert transferred < 0.8 * fresh
    new = Project.open(other).model_ids()[-1]
    told = json.loads(run("train", other, "--model", new, "--steps", 2, *learn).stdout)
    assert (told["model"], told["steps"]) == (new, 4)
    (*_, last) = json.loads(run("models", other, "--json").stdout)["models"]
    assert (last["model"], last["origin"]) == (new, "file first.zip")
