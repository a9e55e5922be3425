"""Which boundary a picked horizon is, and what is trained on it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizon_export import boundary_names
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.label_counting import LabelCounting
from napari_hyperseg.project.picks import Picks
from napari_hyperseg.project.training_horizons import (
    carrying_traces,
    legend_of_intervals,
    parting_horizons,
    training_horizons,
)


class Interpreter:
    """Picks horizons along inlines, at a sample, and writes everything to the disk."""

    def __init__(self, project: Project) -> None:
        self.project, self.open = project, Interpretation(project, "tiny")
        self.geometry = project.open_survey("tiny").geometry

    def pick(self, name: str, inline: int, sample: float, kind: PickKind = PickKind.DRAWN) -> None:
        horizons = Horizons(self.project, "tiny", self.open)
        known = name in horizons.names
        entry = horizons.entry(name) if known else horizons.create(name)
        j = np.arange(self.geometry.shape[1])
        time = self.geometry.start_ms + sample * self.geometry.sample_interval_ms
        picks = Picks(self.open, entry.stem)
        picks.put(np.full_like(j, inline), j, np.full(j.shape, time), kind)
        self.open.flush()

    def above(self) -> dict[str, int]:
        return {one.name: one.above for one in training_horizons(self.project)["tiny"]}


@pytest.fixture
def interpreter(project: Project) -> Iterator[Interpreter]:
    made = Interpreter(project)
    yield made
    made.open.close()


def test_nothing_picked_trains_nothing(project: Project):
    assert training_horizons(project) == {"tiny": ()}
    assert parting_horizons(project) == []
    with pytest.raises(ProjectError, match="at least two classes, or a picked horizon"):
        project.training_job(steps=1)


def test_picked_horizons_part_the_classes_from_top_to_bottom(interpreter: Interpreter):
    project = interpreter.project
    interpreter.pick("Base", 1, 20)
    interpreter.pick("Top", 1, 5)  # listed below the base, but it lies above
    interpreter.pick("Middle", 3, 12)  # shares no trace: as it is listed
    assert parting_horizons(project) == ["Top", "Base", "Middle"]
    interpreter.pick("Middle", 1, 12)
    assert parting_horizons(project) == ["Top", "Middle", "Base"]
    project.legend = legend_of_intervals(project.legend, parting_horizons(project))
    assert project.legend.names == ("above Top", "Top to Middle", "Middle to Base", "below Base")
    assert interpreter.above() == {"Base": 3, "Top": 1, "Middle": 2}


def test_a_legend_that_somebody_named_only_grows():
    legend = Legend.named(["Mud", "Sand"])
    assert legend_of_intervals(legend, ["A"]) == legend
    assert legend_of_intervals(legend, ["A", "B"]).names == ("Mud", "Sand", "Class 3")
    assert legend_of_intervals(legend, []) == legend


def test_erased_picks_and_surfaces_are_no_labels(interpreter: Interpreter):
    interpreter.pick("Top", 1, 5, PickKind.ERASED)
    times = np.full(interpreter.geometry.shape[:2], interpreter.geometry.start_ms + 20.0)
    Horizons(interpreter.project, "tiny", interpreter.open).add("Imported", times)
    assert interpreter.above() == {}


def test_a_horizon_is_the_boundary_that_labels_show_beside_it(interpreter: Interpreter):
    project = interpreter.project
    project.legend = Legend.default(3).moved(3, -2)  # from top to bottom: 3, 1, 2
    codes = project.labels("tiny").codes
    codes[1, :, :6], codes[1, :, 6:14], codes[1, :, 14:] = 3, 1, 2
    interpreter.pick("Base", 1, 14.4)
    interpreter.pick("Base", 3, 15)
    interpreter.pick("Between", 1, 10)
    interpreter.pick("Elsewhere", 3, 6)  # nothing is labelled beside it
    assert interpreter.above() == {"Base": 1}
    assert parting_horizons(project) == []


def test_the_job_names_the_files_of_the_picks(interpreter: Interpreter):
    project = interpreter.project
    interpreter.pick("Top", 1, 5)
    (survey,) = project.training_job(steps=1).surveys
    (horizon,) = survey.horizons
    assert horizon.above == 1
    stem = Horizons(project, "tiny").entry("Top").stem
    assert horizon.times == project.picks_path("tiny", stem, "times")
    assert horizon.kinds.exists()


def test_picked_lines_carry_labels(interpreter: Interpreter):
    interpreter.pick("Top", 1, 5)
    interpreter.project.labels("tiny").codes[3, 2, 4] = 1
    expected = np.zeros(interpreter.geometry.shape[:2], bool)
    expected[1], expected[3, 2] = True, True
    assert np.array_equal(carrying_traces(interpreter.project, "tiny"), expected)


def test_boundaries_are_called_as_the_horizons_that_were_picked(interpreter: Interpreter):
    project = interpreter.project
    interpreter.pick("Top", 1, 5)
    interpreter.pick("Base", 1, 14)
    project.legend = Legend.default(4)
    picked = training_horizons(project)["tiny"]
    names = boundary_names(project.entry("tiny"), project.legend, (1, 2, 3, 4), picked)
    assert names == ["Top", "Base", "Class 3 - Class 4"]


def test_counting_tells_whether_picks_are_enough(interpreter: Interpreter):
    project, counting = interpreter.project, LabelCounting()
    assert not counting.count(project, "tiny").enough_besides
    interpreter.pick("Top", 1, 5)
    counted = counting.count(project, "tiny", [])
    assert counted.enough_besides
    assert counted.parting == ("Top",)
    codes = project.labels("tiny").codes
    codes[1, :, :5], codes[1, :, 5:] = 1, 2
    assert counting.count(project, "tiny").parting == ()
