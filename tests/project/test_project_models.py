"""Models of a project: names, figures, handing on and removing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from napari_hyperseg.errors import ModelError, ProjectError
from napari_hyperseg.jobs.in_training import marked
from napari_hyperseg.jobs.model_checking import check_model
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.project.beginnings import find_beginning
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.model_files import delete_model, export_model, import_model
from napari_hyperseg.project.model_list import model_facts
from napari_hyperseg.project.model_names import Naming, read_naming, rename, write_naming

OLD, NEW = "20260101-120000", "20260202-120000"


def save_model(project: Project, model: str, n_classes: int = 2) -> Path:
    encoding = InputEncoding(0.0, 100.0, octaves=1)
    config = NetConfig(encoding.n_channels, n_classes, width=4, path=((0, 1, 2),))
    folder = project.model_folder(model)
    Model(HyperbolicNet(config), encoding, step=5).save(folder)
    return folder


@pytest.fixture
def models(project: Project) -> Project:
    """A project with two models."""
    for model in (OLD, NEW):
        save_model(project, model)
    return project


def give(project: Project, model: str, name: str) -> None:
    rename(project.models_folder, model, name, project.model_ids())


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_name_is_as_good_as_an_id(models: Project):
    give(models, OLD, "  north flank v2 ")
    assert models.find_model("North Flank V2") == OLD
    assert models.find_model(OLD) == OLD
    assert models.find_model() == NEW
    assert models.prediction_job("north flank v2").model.name == OLD


def test_a_wrong_name_is_told_what_there_is(models: Project):
    give(models, OLD, "north")
    with pytest.raises(ProjectError) as refused:
        models.find_model("south")
    assert str(refused.value) == f"There is no model 'south'; there are {OLD} (north), {NEW}."


def test_a_name_is_for_one_model_and_can_be_taken_away(models: Project):
    give(models, OLD, "north")
    with pytest.raises(ProjectError, match="already"):
        give(models, NEW, "NORTH")
    give(models, OLD, "North")  # its own, written otherwise
    give(models, OLD, "")
    give(models, NEW, "north")
    assert models.model_names() == {NEW: "north"}


@pytest.mark.parametrize(
    "name", ["a/b", "a\\b", ".hidden", "a=b", "--json", "x" * 61, "a\nb", "a:b", NEW]
)
def test_names_that_would_be_taken_for_something_else_are_refused(models: Project, name: str):
    with pytest.raises(ProjectError, match="cannot be the name"):
        give(models, OLD, name)
    assert models.model_names() == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"name": 3}', '{"name": null}', "[" * 99999])
def test_a_damaged_name_is_none(models: Project, content: str):
    (models.model_folder(OLD) / "name.json").write_text(content)
    assert models.model_names() == {}
    assert read_naming(models.model_folder(OLD)) == Naming()


def test_the_figures_of_the_list(models: Project):
    give(models, OLD, "north")
    write_naming(models.model_folder(NEW), Naming(origin="north"))
    scores = {"pixel_accuracy": 0.25, "mean_iou": 0.125}
    lines = [
        json.dumps({"event": "validation_finished", "scores": {**scores, "mean_iou": 0.9}}),
        json.dumps({"event": "validation_finished", "scores": scores}),
        json.dumps({"event": "step_finished", "loss": 1.0}),
    ]
    # Events are written without spaces.
    text = "\n".join(line.replace('": "', '":"') for line in lines)
    (models.model_folder(OLD) / "metrics.jsonl").write_text(text)
    models.prediction_path(OLD, "tiny").mkdir(parents=True)
    with marked(models.model_folder(NEW)):
        old, new = model_facts(models)
    assert (old.model, old.name, old.title) == (OLD, "north", "north")
    assert (old.accuracy, old.mean_iou, old.surveys) == (0.25, 0.125, ("tiny",))
    assert (old.newest, old.in_training, old.n_classes, old.steps) == (False, False, 2, 5)
    assert (new.accuracy, new.surveys, new.newest, new.in_training) == (None, (), True, True)
    assert (new.title, new.origin) == (NEW, "north")
    assert not any(one.in_training for one in model_facts(models))


def test_a_model_goes_from_project_to_project(models: Project, tmp_path: Path, tiny_segy: Path):
    models.legend = Legend.named(("Sand", "Clay"))
    give(models, OLD, "north")
    file = export_model(models, "north", tmp_path / "north.zip")
    other = Project.create(tmp_path / "other.hyperseg", [tiny_segy])
    first = import_model(other, file, check=lambda folder: None)
    second = import_model(other, file, check=lambda folder: None)
    third = import_model(other, file, "mine", check=lambda folder: None)
    assert other.model_ids() == [first, second, third]
    assert other.model_names() == {first: "north", second: "north (2)", third: "mine"}
    assert model_facts(other)[0].origin == "file north.zip"
    # Its classes are its own until it is trained here.
    again = export_model(other, first, tmp_path / "again.zip")
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.slow
def test_a_model_is_tried_in_another_process(models: Project, tmp_path: Path):
    check_model(models.model_folder(OLD))
    (models.model_folder(OLD) / "weights.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be read"):
        check_model(models.model_folder(OLD))


def test_a_file_that_does_not_load_leaves_the_project_as_it_was(models: Project, tmp_path: Path):
    file = export_model(models, OLD, tmp_path / "north.zip")
    before = everything(models.folder)

    def refuse(folder: Path) -> None:
        assert len(models.model_ids()) == 2  # not visible yet
        raise ModelError(f"{folder}: the model cannot be read (ValueError). Train a new one.")

    with pytest.raises(ModelError) as refused:
        import_model(models, file, check=refuse)
    assert str(refused.value).startswith(f"{file} is no model that can be used: the model cannot")
    assert everything(models.folder) == before
    assert sorted(path.name for path in models.models_folder.iterdir()) == [OLD, NEW]


@pytest.mark.parametrize("name", ["north", "a/b"])
def test_a_name_that_cannot_be_given_stops_an_import(models: Project, tmp_path: Path, name: str):
    give(models, OLD, "north")
    file = export_model(models, OLD, tmp_path / "north.zip")
    with pytest.raises(ProjectError):
        import_model(models, file, name, check=lambda folder: None)
    assert models.model_ids() == [OLD, NEW]


def test_what_an_interrupted_import_left_is_no_model_and_goes(models: Project, tmp_path: Path):
    file = export_model(models, OLD, tmp_path / "north.zip")

    def die(folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_model(models, file, check=die)
    left = models.models_folder / ".20260303-120000.4711.partial"  # of a process that was killed
    left.mkdir()
    (left / "weights.safetensors").write_bytes(b"half")
    assert models.model_ids() == [OLD, NEW]
    import_model(models, file, check=lambda folder: None)
    assert not left.exists()
    assert len(models.model_ids()) == 3


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_no_model(models: Project, tmp_path: Path):
    file = export_model(models, OLD, tmp_path / "north.zip")
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from napari_hyperseg.project.folder import Project\n"
        "from napari_hyperseg.project.model_files import import_model\n"
        "def wait(folder):\n"
        "    print(folder, flush=True)\n"
        "    time.sleep(60)\n"
        "import_model(Project.open(sys.argv[1]), Path(sys.argv[2]), check=wait)\n"
    )
    command = [sys.executable, "-c", script, str(models.folder), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as importing:
        assert importing.stdout is not None
        left = Path(importing.stdout.readline().strip())
        importing.kill()
    assert (left / "weights.safetensors").exists()  # all of it was there already
    assert models.model_ids() == [OLD, NEW]
    assert [one.model for one in model_facts(models)] == [OLD, NEW]
    new = import_model(models, file, check=lambda folder: None)
    assert not left.exists()
    assert models.model_ids() == [OLD, NEW, new]


@pytest.mark.parametrize("place", ["", "models/x.zip", "no/such/folder/x.zip"])
def test_a_file_cannot_be_written_there(models: Project, place: str):
    with pytest.raises(ProjectError):
        export_model(models, OLD, models.folder / place)


def test_a_model_goes_with_its_predictions(models: Project):
    models.prediction_path(OLD, "tiny").mkdir(parents=True)
    give(models, OLD, "north")
    assert delete_model(models, "north") == OLD
    assert models.model_ids() == [NEW]
    assert not (models.predictions_folder / OLD).exists()
    assert [path.name for path in models.models_folder.iterdir()] == [NEW]


def test_a_model_in_training_stays(models: Project):
    with marked(models.model_folder(OLD)), pytest.raises(ProjectError, match="being trained"):
        delete_model(models, OLD)
    assert delete_model(models, OLD) == OLD


def test_what_a_new_model_can_begin_with(models: Project, tmp_path: Path):
    give(models, OLD, "north")
    file = export_model(models, OLD, tmp_path / "north.zip")
    assert find_beginning(models, "north").path == models.model_folder(OLD)
    assert find_beginning(models, OLD).title == "north"
    assert find_beginning(models, str(file)).path == file
    with pytest.raises(ProjectError, match=r"no file 'south'.*\(north\)"):
        find_beginning(models, "south")
    with pytest.raises(ModelError, match="no zip file"):
        find_beginning(models, str(models.folder / "project.json"))


def test_a_training_that_begins_with_a_model(labelled_project: Project):
    project = labelled_project
    save_model(project, OLD)
    give(project, OLD, "north")
    spec = project.training_job(steps=1, begin_with="north")
    assert spec.begin_with == project.model_folder(OLD)
    assert spec.model.name not in (OLD, NEW)
    assert read_naming(spec.model).origin == "north"
    assert project.training_job(steps=1).begin_with is None
    with pytest.raises(ProjectError, match="goes on"):
        project.training_job("north", steps=1, begin_with="north")
