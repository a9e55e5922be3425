"""``hyperseg share``: what it copies and remembers, and how it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.jobs.spec import ClusterInput
from napari_hyperseg.jobs.survey_input import SharedInput
from napari_hyperseg.project.claim import claimed
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.shared import shared_folder

MODEL = "20260101-120000"
CLUSTER = ClusterInput(address="node7")


def remembered(project: Path) -> object:
    return json.loads((project / "project.json").read_text())["settings"].get("shared")


def test_a_project_is_shared_in_a_folder_and_clusters_use_it(run, predicted: Path, tmp_path: Path):
    folder = tmp_path / "there"
    answer = run("share", predicted, folder)
    assert answer.status == 0
    assert answer.stdout.endswith(f"Clusters use file://{folder} from now on.\n")
    assert {path.name for path in folder.iterdir()} == {"cube.json", "cube.index.npz", "cube.zarr"}
    assert remembered(predicted) == f"file://{folder}"
    project = Project.open(predicted)
    project.model_folder(MODEL).mkdir(parents=True)
    (project.model_folder(MODEL) / "weights.safetensors").touch()
    (there,) = project.prediction_job(MODEL, cluster=CLUSTER).surveys
    fingerprint = project.entry("cube").fingerprint
    assert there.shared == SharedInput(folder=f"file://{folder}", fingerprint=fingerprint)
    (here,) = project.prediction_job(MODEL).surveys
    assert here.shared is None


def test_it_is_shared_again_where_it_was_and_can_be_forgotten(run, project: Path, tmp_path: Path):
    folder = tmp_path / "there"
    run("share", project, folder)
    (folder / "cube.json").unlink()
    assert run("share", project).status == 0
    assert (folder / "cube.json").exists()
    assert run("share", project, "--forget").status == 0
    assert remembered(project) is None
    assert shared_folder(Project.open(project)) is None
    assert (folder / "cube.json").exists()


def check_refused(answer, project: Path, *words: str) -> None:
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr.startswith("hyperseg: ")
    assert answer.stderr.count("\n") == 1
    for word in words:
        assert word in answer.stderr
    assert remembered(project) is None
    assert not (project / "volumes" / "cube.zarr").exists()


def test_what_cannot_be_shared_is_one_line_and_changes_nothing(run, project: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    check_refused(run("share", project), project, "Say where")
    check_refused(run("share", project, "x", "--forget"), project, "--forget")
    check_refused(run("share", project, "s3://key:hush@bucket/x"), project, "password")
    check_refused(run("share", project, tmp_path / "file" / "x"), project, "Not a directory")
    check_refused(run("share", project, "gopher://x/y"), project, "gopher")


def test_a_project_that_is_open_elsewhere_is_not_shared(run, project: Path, tmp_path: Path):
    with claimed(project, "a window"):
        check_refused(run("share", project, tmp_path / "there"), project, "open in a window")


def test_a_password_that_somebody_put_into_the_project_is_refused(project: Path):
    opened = Project.open(project)
    opened.remember("shared", "s3://key:hush@bucket/x")
    with pytest.raises(SharedFolderError, match="password") as refused:
        shared_folder(Project.open(project))
    assert "hush" not in str(refused.value)


@pytest.mark.slow
def test_a_bucket_that_there_is_not_is_one_line(run, project: Path, s3):
    answer = run("share", project, "s3://no-such-bucket/x")
    check_refused(answer, project, "s3://no-such-bucket/x cannot be written", "does not exist")


class Answer(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    stdout: str
    stderr: str


def share_apart(project: Path, url: str, environment: dict[str, str]) -> Answer:
    """Share as a process of its own, which has another environment."""
    done = subprocess.run(
        [sys.executable, "-m", "napari_hyperseg", "share", project, url],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_no_rights_are_one_line(project: Path):
    from s3_server import s3_server

    with s3_server(strict=True) as strict:
        answer = share_apart(project, strict.url("x"), strict.environment)
    check_refused(answer, project, "s3://surveys/x cannot be written: The AWS Access Key Id")


@pytest.mark.slow
def test_no_store_is_one_line(project: Path, s3):
    environment = {**s3.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    answer = share_apart(project, s3.url("x"), environment)
    check_refused(answer, project, "s3://surveys/x cannot be written: Could not connect")


def test_s3_without_what_it_needs_is_one_line(project: Path, tmp_path: Path):
    (tmp_path / "s3fs.py").write_text("raise ImportError('there is none')")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    answer = share_apart(project, "s3://bucket/x", {"PYTHONPATH": paths})
    check_refused(answer, project, "s3://bucket/x needs s3fs: pip install 'napari-hyperseg[s3]'.")
