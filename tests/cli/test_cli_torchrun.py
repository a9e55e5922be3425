"""The command line in processes that torchrun starts."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

from napari_hyperseg.project.folder import Project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def run(*command: object) -> subprocess.CompletedProcess[str]:
    given = [str(part) for part in command]
    return subprocess.run(given, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture
def labelled(project, cube):
    done = run(
        sys.executable, "-m", "napari_hyperseg", "label", project,
        "--facies", cube.facies, "--crosslines", "2005,2011",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return project


def trained(*launcher: object, project: object) -> tuple[dict, dict[str, np.ndarray]]:
    """What a training printed, and the weights it found."""
    done = run(
        *launcher, "-m", "napari_hyperseg", "train", project,
        "--steps", 3, "--device", "cpu", "--no-prior", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    folder = Project.open(project).folder / "models" / told["model"]
    return told, load_file(folder / "weights.safetensors")


def test_two_processes_train_the_model_of_one(labelled):
    alone, expected = trained(sys.executable, project=labelled)
    together, found = trained(*TORCHRUN, project=labelled)
    assert (alone["device"], together["device"]) == ("cpu", "2 x cpu")
    assert together["steps"] == 3
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=2e-5, err_msg=name)


def test_what_cannot_be_trained_is_one_line(project):
    done = run(*TORCHRUN, "-m", "napari_hyperseg", "train", project, "--steps", 1)
    assert done.returncode != 0
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("hyperseg: "))
    assert "label" in line.lower()


def test_a_cluster_has_workers_of_its_own(project):
    done = run(*TORCHRUN, "-m", "napari_hyperseg", "train", project, "--cluster", "127.0.0.1")
    assert done.returncode != 0
    assert "leave torchrun out" in done.stderr
