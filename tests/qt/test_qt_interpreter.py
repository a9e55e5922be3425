"""A session of an interpreter, from an unknown file to an export, with mouse and keys.

He opens a cube, paints three sections, picks a horizon, takes edits back, trains, looks,
corrects, trains on, exports, closes the window and opens it again: everything is as it was.
HYPERSEG_PICTURES names a folder that keeps a picture of each step.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from interpreter import Interpreter
from numpy.typing import NDArray
from qtpy.QtCore import Qt

from napari_hyperseg.labels.editing.tree import Revision
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.label_counting import LabelCounting
from napari_hyperseg.project.session import Phase
from napari_hyperseg.qt.dock import HypersegDock
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.synthetic import SyntheticSurvey, make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

pytestmark = [pytest.mark.window, pytest.mark.slow]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
N_CLASSES = 6
HORIZON = "H2"


@pytest.fixture
def truth() -> SyntheticSurvey:
    return make_synthetic((24, 36, 96), seed=5)


@pytest.fixture
def segy(truth: SyntheticSurvey, tmp_path: Path) -> Path:
    folder = tmp_path / "survey"
    folder.mkdir()
    return write_synthetic(truth, folder, "block")


@pytest.fixture
def sit_down(make_napari_viewer, qtbot, wait, tmp_path):
    """A function that opens an empty window, with the dock and the real worker."""
    docks = []

    def open_window() -> Interpreter:
        viewer = make_napari_viewer(show=True)
        viewer.window.resize(1366, 768)
        _, dock = viewer.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
        docks.append(dock)
        return Interpreter(viewer, dock, qtbot, wait, tmp_path / "pictures")

    yield open_window
    for dock in docks:
        handle = dock.model.handle
        dock.let_go()
        assert handle is None or handle.wait(30)


def test_a_day_of_an_interpreter(sit_down, truth: SyntheticSurvey, segy: Path) -> None:
    he = sit_down()
    open_the_cube(he, segy)
    name_the_classes(he, truth)
    label_three_sections(he, truth)
    pick_a_horizon(he, truth)
    take_back_and_do_again(he)
    train(he, truth)
    correct_while_it_trains(he, truth)
    train_again(he, truth)
    files = export(he, segy.parent)
    before = everything(he)
    he.look("before_closing")
    project = he.dock.workspace.project.folder
    he.viewer.close()

    he = sit_down()
    he.name_file(project / "project.json")
    he.press(he.dock.panels.welcome.open)
    he.wait(lambda: he.dock.model.session.labelled is not None)
    he.look("opened_again")
    assert_same(everything(he), before)
    assert open_survey(files["facies"]).geometry.shape == truth.facies.shape
    he.key(KEY.Key_Z, CONTROL)  # the history goes on where it ended
    assert he.dock.workspace.interpretation.position != before["position"]
    he.key(KEY.Key_Z, CONTROL | SHIFT)
    assert_same(everything(he), before)


def open_the_cube(he: Interpreter, segy: Path) -> None:
    he.look("empty")
    he.name_file(segy)
    he.press(he.dock.panels.welcome.open)
    he.wait(lambda: he.dock.workspace.project is not None, 3)
    he.wait(lambda: he.dock.model.session.labelled is not None)
    assert he.dock.workspace.navigation.section is Section.INLINE
    he.look("opened")


def name_the_classes(he: Interpreter, truth: SyntheticSurvey) -> None:
    classes = he.dock.classes
    while len(he.dock.workspace.legend.classes) < N_CLASSES:
        he.press(classes.add)
    for row, name in enumerate(truth.classes):
        he.rename(classes.tree, row, name)
    assert [one.name for one in he.dock.workspace.legend.classes] == list(truth.classes)
    he.look("classes")


def label_three_sections(he: Interpreter, truth: SyntheticSurvey) -> None:
    """Stroke after stroke along the middle of each layer."""
    for key, number in ((KEY.Key_I, 1005), (KEY.Key_I, 1020), (KEY.Key_C, 2018)):
        he.key(key)
        he.type_line(number)
        n_edits = len(edits(he.dock))
        paint_section(he, truth)
        assert len(edits(he.dock)) == n_edits + N_CLASSES
        he.look(f"labelled_{number}")
    lines = {line.place for line in he.dock.model.session.lines}
    he.wait(lambda: len(he.dock.model.session.lines) == 3)
    assert lines <= {line.place for line in he.dock.model.session.lines}
    painted = np.asarray(he.dock.workspace.interpretation.facies)
    right = painted[painted > 0] == truth.facies[painted > 0]
    assert right.mean() > 0.9


def paint_section(he: Interpreter, truth: SyntheticSurvey) -> None:
    """A stroke along the middle of each layer, as wide as most of it is thick."""
    section = facies_in_view(he, truth)
    for code in range(1, N_CLASSES + 1):
        he.key(getattr(KEY, f"Key_{code}"))
        thickness = (section == code).sum(axis=1)
        there = np.flatnonzero(thickness >= 0.6 * np.median(thickness))
        traces = there[np.linspace(0, len(there) - 1, 9).astype(int)]
        choose_brush(he, max(2, int(0.6 * thickness[there].min())))
        he.drag([(trace, float(np.flatnonzero(section[trace] == code).mean())) for trace in traces])


def choose_brush(he: Interpreter, size: int) -> None:
    tools = he.dock.workspace.tools
    for _ in range(100):
        if tools.brush_size == size:
            return
        he.key(KEY.Key_BracketLeft if tools.brush_size > size else KEY.Key_BracketRight)
    raise AssertionError(tools.brush_size)


def pick_a_horizon(he: Interpreter, truth: SyntheticSurvey) -> None:
    """A trough, from a seed on an inline and one on a crossline, then through the volume."""
    dock, known = he.dock, samples_of(truth, HORIZON)
    he.open_tab(dock.horizons)
    he.press(dock.horizons.picking.new)
    name = dock.workspace.picking.horizon
    he.step_down(dock.horizons.picking.event_box)
    assert dock.workspace.horizons.entries[0].event == "trough"
    he.key(KEY.Key_I)
    he.type_line(1012)
    he.click_at(10, known[11, 10] + 1)
    he.wait(lambda: np.isfinite(picks(dock)[11]).sum() > 3)
    assert dock.workspace.horizons.picks(name).kinds[11, 10] == PickKind.SEED
    he.look("seed_tracked")
    he.key(KEY.Key_C)
    he.type_line(2011)
    he.click_at(3, known[3, 10] + 1)
    he.wait(lambda: np.isfinite(picks(dock)[:, 10]).sum() > 3)
    he.look("tied")
    he.drag([(trace, known[trace, 10]) for trace in range(18, 23)])
    he.look("drawn")
    he.press(dock.horizons.picking.volume)
    he.wait(lambda: dock.workspace.horizons.entries[0].surface is not None, 90)
    surface = dock.workspace.horizons.grid(name)
    he.look("volume_tracked")
    found = (surface - truth.geometry.start_ms) / truth.geometry.sample_interval_ms
    assert np.isfinite(found).mean() > 0.8
    assert np.nanmean(np.abs(found - known) < 1.5) > 0.65  # it is faulted


def take_back_and_do_again(he: Interpreter) -> None:
    dock = he.dock
    kept = dock.workspace.interpretation
    end, before = kept.position, everything(he)
    for _ in range(4):
        he.key(KEY.Key_Z, CONTROL)
    assert kept.position != end
    assert dock.workspace.horizons.entries == () or not dock.workspace.horizons.entries[0].surface
    he.look("taken_back")
    for _ in range(4):
        he.key(KEY.Key_Z, CONTROL | SHIFT)
    assert kept.position == end
    assert_same(everything(he), before)
    he.look("done_again")


def train(he: Interpreter, truth: SyntheticSurvey) -> None:
    dock = he.dock
    he.open_tab(dock.classes)
    he.key(KEY.Key_I)
    he.type_line(1013)
    he.press(dock.training.train)
    he.wait(lambda: dock.workspace.layer(Role.PREDICTION) is not None, 120)
    he.wait(lambda: shown_prediction(he).all(), 120)
    he.look("first_prediction")
    he.wait(lambda: accuracy(he, truth) > 0.6, 240)
    he.look("better_prediction")


def correct_while_it_trains(he: Interpreter, truth: SyntheticSurvey) -> None:
    """Paint right what the network got wrong on the section in view; it goes on with that."""
    dock = he.dock
    step, n_edits = dock.model.session.step, len(edits(dock))
    paint_section(he, truth)
    assert len(edits(dock)) == n_edits + N_CLASSES
    assert dock.model.session.phase is Phase.TRAINING
    he.wait(lambda: dock.model.session.step > step + 5, 120)
    he.look("corrected")
    he.press(dock.training.stop)
    he.wait(lambda: dock.model.session.phase is Phase.READY, 60)
    he.look("stopped")


def train_again(he: Interpreter, truth: SyntheticSurvey) -> None:
    dock = he.dock
    step, model = dock.model.session.step, dock.model.session.model
    he.press(dock.training.train)
    he.wait(lambda: dock.model.session.step > step, 120)
    he.key(KEY.Key_Right)
    he.key(KEY.Key_Right)
    he.wait(lambda: accuracy(he, truth) > 0.75, 240)
    he.look("trained_on")
    he.press(dock.training.stop)
    he.wait(lambda: dock.model.session.phase is Phase.READY, 60)
    assert dock.model.session.model == model
    assert dock.workspace.project.model_ids() == [model]


def export(he: Interpreter, folder: Path) -> dict[str, Path]:
    dock = he.dock
    facies, horizon = folder / "facies.sgy", folder / "horizon.txt"
    he.viewer.layers.selection = {dock.workspace.layer(Role.PREDICTION)}
    he.name_file(facies, "hyperseg")
    he.menu(he.viewer.window.file_menu, "Save Selected")
    he.wait(facies.exists, 60)
    he.open_tab(dock.horizons)
    he.name_file(horizon)
    he.menu(dock.horizons.menu, "Export...")
    he.wait(horizon.exists, 60)
    geometry = dock.workspace.geometry
    assert np.array_equal(open_survey(facies).volume[:], prediction(dock))
    written = read_horizon_file(horizon, geometry).values
    surface = dock.workspace.horizons.grid(dock.workspace.picking.horizon)
    assert np.allclose(written, surface, atol=0.01, equal_nan=True)
    return {"facies": facies, "horizon": horizon}


def everything(he: Interpreter) -> dict[str, Any]:
    """What somebody finds who opens the project, once it is counted."""
    dock, workspace = he.dock, he.dock.workspace
    kept, horizons = workspace.interpretation, workspace.horizons
    kept.flush()
    counted = LabelCounting().count(workspace.project, kept.key)
    he.wait(lambda: workspace.model.session.lines == counted.lines)
    he.wait(lambda: workspace.model.session.labelled == counted.totals)
    found: dict[str, Any] = {
        "labels": np.array(kept.facies),
        "counts": workspace.model.session.labelled,
        "lines": tuple(line.place for line in workspace.model.session.lines),
        "legend": workspace.legend,
        "horizons": horizons.entries,
        "revisions": [(r.number, r.parent, r.tool, r.words) for r in edits(dock)],
        "position": kept.position,
        "models": workspace.project.model_ids(),
        "place": workspace.navigation.place,
        "prediction": prediction(dock),
    }
    for entry in horizons.entries:
        own = horizons.picks(entry.name)
        found |= {f"{entry.name} times": np.array(own.times)}
        found |= {f"{entry.name} kinds": np.array(own.kinds)}
        found |= {f"{entry.name} surface": horizons.grid(entry.name)}
    return found


def assert_same(found: dict[str, Any], before: dict[str, Any]) -> None:
    assert list(found) == list(before)
    for name, value in before.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(found[name], value, err_msg=name)
        else:
            assert found[name] == value, name


def edits(dock: HypersegDock) -> tuple[Revision, ...]:
    return dock.workspace.interpretation.revisions


def picks(dock: HypersegDock) -> NDArray[np.float32]:
    return dock.workspace.horizons.picks(dock.workspace.picking.horizon).times


def prediction(dock: HypersegDock) -> NDArray[np.uint8] | None:
    layer = dock.workspace.layer(Role.PREDICTION)
    return None if layer is None else np.asarray(layer.data[:])


def shown_prediction(he: Interpreter) -> NDArray[np.uint8]:
    layer, navigation = he.dock.workspace.layer(Role.PREDICTION), he.dock.workspace.navigation
    assert layer is not None
    return np.asarray(layer.data[navigation.line])


def accuracy(he: Interpreter, truth: SyntheticSurvey) -> float:
    """Of the prediction on the section in view."""
    return float((shown_prediction(he) == facies_in_view(he, truth)).mean())


def facies_in_view(he: Interpreter, truth: SyntheticSurvey) -> NDArray[np.uint8]:
    navigation = he.dock.workspace.navigation
    return np.take(truth.facies, navigation.line, axis=navigation.section)


def samples_of(truth: SyntheticSurvey, name: str) -> NDArray[np.float64]:
    geometry = truth.geometry
    return (truth.horizons[name] - geometry.start_ms) / geometry.sample_interval_ms
