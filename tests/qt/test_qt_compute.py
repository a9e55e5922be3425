"""The dock with a real cluster: it is named, chosen, trains, and dies."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QApplication

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.jobs.cluster.certificates import make_certificates, usual_folder
from napari_hyperseg.learn.origins import read_origins
from napari_hyperseg.project.compute_places import chosen_place, known_clusters
from napari_hyperseg.project.session import Phase
from napari_hyperseg.qt.clusters_dialog import ClustersDialog
from napari_hyperseg.viewer.tags import Role

pytestmark = [
    pytest.mark.window,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sets the place by XDG"),
]


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A scheduler and a worker, with certificates where everybody looks for them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    make_certificates(usual_folder())
    made = Cluster.on_loopback(usual_folder(), workers=1)
    yield made
    made.close()


@pytest.fixture
def dock(sample_dock):
    """Nothing is replaced."""
    return sample_dock


@pytest.fixture
def name(dock, qtbot):
    """A function that names clusters as a user does."""
    seen = []

    def write(text):
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ClustersDialog):
            QTimer.singleShot(50, lambda: write(text))
            return
        dialog.addresses.selectAll()
        qtbot.keyClick(dialog.addresses, Qt.Key.Key_Delete)
        qtbot.keyClicks(dialog.addresses, text)
        seen.append((dialog.reason.text(), dialog.ok.isEnabled()))
        if dialog.ok.isEnabled():
            qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    def name(text):
        QTimer.singleShot(50, lambda: write(text))
        (entry,) = (one for one in dock.panels.help.actions() if one.text() == "Clusters...")
        entry.trigger()
        return seen[-1]

    return name


def test_what_is_no_address_is_not_taken(dock, name):
    reason, taken = name("http://node7")
    assert "write HOST:PORT" in reason
    assert not taken
    reason, taken = name("tcp://node7:1")
    assert "in the clear" in reason
    assert not taken
    assert known_clusters() == []
    assert not dock.training.compute.isVisible()


def test_a_cluster_that_is_named_is_chosen_and_remembered(dock, name, qtbot):
    assert name("node7:9000") == ("", True)
    choice = dock.training.compute
    assert choice.isVisible()
    assert choice.box.currentText() == chosen_place() == "node7:9000"
    choice.box.setFocus()
    qtbot.keyClick(choice.box, Qt.Key.Key_Up)
    assert choice.box.currentText() == "this computer"
    assert chosen_place() == ""
    assert name("") == ("", True)
    assert not choice.isVisible()


def test_it_trains_there_and_tells_when_the_scheduler_is_gone(dock, name, cluster, wait):
    name(cluster.address)
    wait(dock.training.train.isEnabled)
    dock.train()
    wait(lambda: dock.workspace.layer(Role.PREDICTION) is not None, 120)
    line = dock.workspace.navigation.line
    prediction = dock.workspace.layer(Role.PREDICTION)
    wait(lambda: np.asarray(prediction.data[line]).all(), 120)
    assert not dock.training.compute.box.isEnabled()
    project, model = dock.workspace.project, dock.model.session.model
    wait(lambda: (project.model_folder(model) / "weights.safetensors").exists(), 120)

    cluster.scheduler().kill()
    killed = time.monotonic()
    wait(lambda: dock.model.session.phase is Phase.FAILED)
    assert time.monotonic() - killed < 10
    wait(lambda: "scheduler is gone" in dock.training.message.text())
    assert dock.training.compute.box.isEnabled()


def test_it_predicts_there(dock, name, cluster, wait, qtbot):
    panel, model = dock.training, dock.model
    wait(panel.train.isEnabled)
    dock.train()
    wait(lambda: model.session.progress.predicted == 1.0, 120)
    dock.stop()
    wait(panel.predict.isEnabled, 120)
    assert name(cluster.address) == ("", True)
    qtbot.mouseClick(panel.predict, Qt.MouseButton.LeftButton)
    wait(lambda: "worker (cpu)" in panel.message.text(), 120)
    wait(lambda: panel.bar.value() == panel.bar.maximum(), 120)
    wait(lambda: model.session.phase is Phase.READY, 120)
    project, geometry = dock.workspace.project, dock.workspace.geometry
    path = project.prediction_path(model.session.model, model.session.survey)
    blocks = read_origins(path, geometry.shape)
    corners = [(0, 0, 0), tuple(length - 1 for length in geometry.shape)]
    assert all(blocks.at(*corner) is not None for corner in corners)
