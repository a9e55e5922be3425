"""A real window: the quality of a training, from its files and while it goes on."""

from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from napari_hyperseg.jobs.events import (
    BoundaryScores,
    ReliabilityScores,
    Scores,
    StepFinished,
    ValidationFinished,
)
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore

pytestmark = [pytest.mark.window, pytest.mark.slow]
LEFT = Qt.MouseButton.LeftButton
MODEL = "20260101-120000"
BOUNDARY = BoundaryScores(
    above=1, below=2, traces=30, mae_samples=1.5, mae_ms=6, within_1=0.5, within_3=1, coverage=1
)
SCORES = Scores(
    pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.8, iou=(0.75, 0.5), voxels=99,
    traces=30, confusion=((60, 20), (0, 19)), calibration_error=0.1, order_violations=0.1,
    reliability=ReliabilityScores(counts=(0, 99), confidence=(None, 0.9), accuracy=(None, 0.8)),
    horizons=(BOUNDARY,),
)  # fmt: skip


def record(project, *events):
    path = project.model_folder(MODEL) / "metrics.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.writelines(event.model_dump_json() + "\n" for event in events)


@pytest.fixture
def trained(labelled):
    """The labelled project with a model's record and its prediction."""
    folder = labelled.model_folder(MODEL)
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").touch()
    (folder / "model.json").write_text('{"network": {"n_classes": 2}}')
    shape = labelled.entry().shape
    path = labelled.prediction_path(MODEL, "tiny")
    store = PredictionStore.open_or_create(path, shape, 2)
    codes = np.where(np.arange(shape[2]) < 10, 1, 2) * np.ones(shape, np.uint8)
    codes[0] = 1
    box = tuple((0, extent) for extent in shape)
    store.write(box, codes.astype(np.uint8), np.full(shape, 80, np.uint8), origin=Origin(step=1))
    step = StepFinished(step=1, loss=0.5, accuracy=0.5, voxels_per_second=1, elapsed_s=1)
    record(labelled, step, ValidationFinished(step=1, elapsed_s=2, scores=SCORES))
    return labelled


@pytest.fixture
def quality(window, dock, trained, wait):
    """The button, the trained project open."""
    window.open(str(trained.folder), plugin="napari-hyperseg")
    wait(lambda: dock.panels.quality.isEnabled())
    return dock.panels.quality


def click_tab(dialog, number):
    bar = dialog.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(number).center())


def texts(table):
    rows, columns = range(table.rowCount()), range(table.columnCount())
    return [[table.item(row, column).text() for column in columns] for row in rows]


def test_without_figures_there_is_nothing_to_open(window, dock, labelled, wait):
    assert not dock.panels.quality.isEnabled()
    window.open(str(labelled.folder), plugin="napari-hyperseg")
    wait(lambda: dock.training.train.isEnabled())
    assert not dock.panels.quality.isEnabled()
    assert "no trained model" in dock.panels.quality.toolTip()


def test_a_trained_project_tells_its_figures(quality, wait):
    QTest.mouseClick(quality, LEFT)
    dialog = quality.dialog
    wait(lambda: dialog.classes.classes.rowCount() == 2)
    assert not dialog.isModal()
    assert "99 labelled voxels on 30 traces" in dialog.message.text()
    assert dialog.curves.loss.getData()[1].tolist() == [0.5]
    assert dialog.curves.iou.getData()[1].tolist() == [0.7]
    click_tab(dialog, 1)
    assert texts(dialog.classes.classes)[0][1:] == ["0.750", "75.0%", "80"]
    assert texts(dialog.classes.matrix) == [["75.0%", "25.0%"], ["0.0%", "100.0%"]]
    click_tab(dialog, 2)
    assert dialog.calibration.curve.getData()[1].tolist() == [0.8]
    assert "0.100" in dialog.calibration.message.text()
    click_tab(dialog, 3)
    (row,) = texts(dialog.horizons.table)
    assert row[1:] == ["6.0", "1.50", "50.0%", "100.0%", "30", "100.0%"]
    assert "10.0%" in dialog.horizons.message.text()


def test_the_map_of_a_boundary_is_read_and_moves_the_viewer(quality, dock, wait):
    QTest.mouseClick(quality, LEFT)
    dialog = quality.dialog
    click_tab(dialog, 3)
    wait(lambda: dialog.horizons.map.image.image is not None)
    shown = dialog.horizons.map.image.image
    assert np.isnan(shown[0]).all()
    # 80 % on both sides: odds of four to one, within a sample and a half
    assert shown[1:] == pytest.approx(100 * np.tanh(1.5 * np.log(4)))
    dialog.horizons.map._picked(3, 1)
    wait(lambda: dock.workspace.navigation.line == 3)


def test_it_follows_new_scores_and_a_renamed_class(quality, dock, trained, wait):
    QTest.mouseClick(quality, LEFT)
    dialog = quality.dialog
    wait(lambda: dialog.classes.classes.rowCount() == 2)
    better = SCORES.model_copy(update={"iou": (0.95, 0.5)})
    record(trained, ValidationFinished(step=2, elapsed_s=3, scores=better))
    dock.train()
    wait(lambda: texts(dialog.classes.classes)[0][1] == "0.950")
    legend = dock.workspace.legend
    dock.workspace.set_legend(legend.renamed(1, "Sand"))
    wait(lambda: texts(dialog.classes.classes)[0][0] == "Sand")
    dock.stop()
    wait(lambda: not dock.model.session.phase.running)


def test_a_prediction_that_is_gone_is_said(quality, trained, wait):
    path = trained.prediction_path(MODEL, "tiny")
    path.rename(path.with_name("elsewhere"))
    QTest.mouseClick(quality, LEFT)
    click_tab(quality.dialog, 3)
    wait(lambda: "no prediction" in quality.dialog.horizons.map_message.text())


def test_it_stays_usable_when_the_survey_is_closed_and_opened_again(quality, window, trained, wait):
    QTest.mouseClick(quality, LEFT)
    dialog = quality.dialog
    click_tab(dialog, 3)
    wait(lambda: dialog.horizons.map.image.image is not None)
    window.layers.clear()
    wait(lambda: not quality.isEnabled())
    wait(lambda: dialog.horizons.table.rowCount() == 0)
    window.open(str(trained.folder), plugin="napari-hyperseg")
    wait(lambda: dialog.horizons.table.rowCount() == 1)
    wait(lambda: dialog.horizons.map.image.image is not None)


def test_it_closes_with_the_dock(quality, dock, window, wait):
    QTest.mouseClick(quality, LEFT)
    dialog = quality.dialog
    window.window.remove_dock_widget(dock.parent())
    wait(lambda: not dialog.isVisible())
