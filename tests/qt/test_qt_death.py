"""A real napari that is killed: no label is lost, and no worker is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from napari_hyperseg.project.folder import Project
from napari_hyperseg.viewer.napari_versions import VERSION

pytestmark = pytest.mark.window

NAPARI = """
import sys, time
from napari_hyperseg.jobs import process
process.WORKER_COMMAND = (sys.executable, "-P", sys.argv[2])
import napari
from qtpy.QtWidgets import QApplication
from napari_hyperseg.viewer.tags import Role
viewer = napari.Viewer(show=True)
viewer.open(sys.argv[1], plugin="napari-hyperseg")
_, dock = viewer.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
while dock.model.session.labelled is None:
    QApplication.processEvents()
dock.workspace.layer(Role.LABELS).paint((3, 2, 9), 2)
dock.train()
while dock.model.session.progress.predicted < 1:
    QApplication.processEvents()
    time.sleep(0.01)
print(dock.model.handle.pid, flush=True)
if sys.argv[3] == "linger":
    time.sleep(600)
if sys.argv[3] == "close":
    viewer.close()
"""


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until_gone(pid, timeout_s=30.0):
    deadline = time.monotonic() + timeout_s
    while is_running(pid):
        assert time.monotonic() < deadline, f"worker {pid} is left"
        time.sleep(0.05)


@pytest.fixture
def napari(labelled):
    """Start napari on the labelled project, training; yield (process, worker's pid)."""
    trainer = Path(__file__).parents[1] / "viewer" / "scripted_trainer.py"
    processes = []

    def start(ending):
        arguments = [sys.executable, "-c", NAPARI, str(labelled.folder), str(trainer), ending]
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process, int(process.stdout.readline())

    yield start
    for process in processes:
        process.kill()
        process.communicate(timeout=20)


def test_a_killed_napari_keeps_labels_and_leaves_no_worker(napari, labelled):
    process, worker = napari("linger")
    assert is_running(worker)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    wait_until_gone(worker)
    codes = Project.open(labelled.folder).labels("tiny", writable=False).codes
    assert codes[3, 2, 9] == 2
    assert codes[0, 0, 0] == 1


@pytest.mark.parametrize("ending", ["close", "quit"])
def test_a_closed_napari_leaves_no_worker(napari, ending):
    process, worker = napari(ending)
    _, errors = process.communicate(timeout=60)
    # Left with a viewer open, napari 0.8 ends its status thread too late, whatever is in it.
    aborts = VERSION == (0, 8) and ending == "quit"
    assert process.returncode == (-signal.SIGABRT if aborts else 0)
    assert "Traceback" not in errors
    wait_until_gone(worker)
