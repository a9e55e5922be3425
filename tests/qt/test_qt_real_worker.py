"""The dock with the real worker on the sample cube: training, killing, training again."""

import numpy as np
import pytest

from napari_hyperseg.project.session import Phase
from napari_hyperseg.viewer.prediction_age import NAME
from napari_hyperseg.viewer.tags import Role

pytestmark = [pytest.mark.window, pytest.mark.slow]


@pytest.fixture
def dock(sample_dock):
    """Nothing is replaced."""
    return sample_dock


def test_the_overlay_fills_in_and_a_killed_worker_is_replaced(dock, wait):
    wait(dock.training.train.isEnabled)
    labels = np.array(dock.workspace.layer(Role.LABELS).data)
    dock.train()
    wait(lambda: dock.workspace.layer(Role.PREDICTION) is not None, 120)
    prediction = dock.workspace.layer(Role.PREDICTION)
    line = dock.workspace.navigation.line
    wait(lambda: np.asarray(prediction.data[line]).any(), 120)

    dock.model.handle.kill()
    wait(lambda: dock.model.session.phase is Phase.FAILED)
    assert "ended unexpectedly" in dock.model.session.message

    wait(dock.training.train.isEnabled)
    dock.train()
    wait(lambda: dock.model.session.phase is Phase.TRAINING and dock.model.session.step > 0, 120)
    wait(dock.training.pause.isEnabled)
    dock.pause()
    wait(lambda: dock.model.session.phase is Phase.PAUSED)
    wait(lambda: dock.training.pause.text() == "Res&ume")
    dock.pause()
    wait(lambda: dock.model.session.phase is Phase.TRAINING)
    wait(dock.training.stop.isEnabled)
    dock.stop()
    wait(lambda: dock.model.session.phase is Phase.READY, 60)
    assert dock.workspace.project.model_ids() == [dock.model.session.model]
    np.testing.assert_array_equal(dock.workspace.layer(Role.LABELS).data, labels)

    older = "predicted before labels changed: Train brings it up to date"
    assert older not in dock.training.figures.text()
    dock.workspace.layer(Role.LABELS).data[line, 0, :4] = 1
    wait(lambda: f"all {older}" in dock.training.figures.text())
    assert NAME in [layer.name for layer in dock.workspace.viewer.layers]
    dock.workspace.undo()
    wait(lambda: older not in dock.training.figures.text())
