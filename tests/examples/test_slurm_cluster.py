"""A cluster in a queue; for Slurm stands a program that runs jobs at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from napari_hyperseg.jobs.cluster.certificates import make_certificates
from napari_hyperseg.survey.sample import synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

pytest.importorskip("dask_jobqueue")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.name != "posix", reason="Slurm is not there on Windows"),
]
ROOT = Path(__file__).parents[2]
QUEUE = """#!/bin/sh
# Takes a job script as sbatch does, and runs it at once.
cp "$1" "{folder}/job.sh"
setsid sh "{folder}/job.sh" > "{folder}/job.log" 2>&1 &
echo "Submitted batch job $!"
"""
END = '#!/bin/sh\nkill -TERM -- "-$1"\n'


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """A folder with `sbatch` and `scancel`, the first of all that are searched."""
    folder = tmp_path / "queue"
    folder.mkdir()
    for name, text in (("sbatch", QUEUE.format(folder=folder)), ("scancel", END)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def certificates(tmp_path):
    folder = tmp_path / "certificates"
    make_certificates(folder)
    return folder


@pytest.fixture
def project(tmp_path):
    """A project with a model of one step."""
    write_synthetic(make_synthetic((12, 16, 40), seed=3), tmp_path, "cube")
    files, folder = synthetic_files(tmp_path, "cube"), tmp_path / "cube.hyperseg"
    for command in (
        ("init", folder, files.segy),
        ("label", folder, "--facies", files.facies, "--crosslines", "2005,2011"),
        ("train", folder, "--steps", 1, "--device", "cpu", "--no-prior"),
    ):
        done = hyperseg(*command)
        assert done.returncode == 0, done.stderr
    return folder


def hyperseg(*arguments):
    command = [sys.executable, "-m", "napari_hyperseg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "examples.slurm_cluster", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_workers_of_the_queue_predict(queue, certificates, project):
    cluster = start(
        "--host", "127.0.0.1", "--gpus", 1, "--cores", 1, "--memory", "1GB",
        "--certificates", certificates,
    )  # fmt: skip
    try:
        address = cluster.stdout.readline().strip()
        assert address.startswith("tls://127.0.0.1:")
        done = hyperseg(
            "predict", project, "--cluster", address, "--certificates", certificates, "--json"
        )
        assert done.returncode == 0, (done.stderr, (queue / "job.log").read_text())
        assert json.loads(done.stdout)["voxels"] == 12 * 16 * 40
    finally:
        cluster.send_signal(signal.SIGINT)
        cluster.communicate(timeout=60)
    script = (queue / "job.sh").read_text()
    assert "#SBATCH --gres=gpu:1" in script
    assert "#SBATCH -t 08:00:00" in script


def test_without_certificates_it_is_one_line(queue, tmp_path):
    cluster = start("--host", "127.0.0.1", "--certificates", tmp_path / "none")
    _, errors = cluster.communicate(timeout=60)
    assert cluster.returncode == 2
    assert errors.startswith("slurm_cluster: ")
    assert "authority.pem is missing" in errors
