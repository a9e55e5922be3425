"""The order of prediction: what is on screen, then outwards, everything once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.sweep import Sweep
from napari_hyperseg.learn.boxes import distance, grown
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.predictor import HALO

SHAPES = {"north": (60, 70, 50), "south": (40, 30, 60), "line": (1, 300, 200)}
VOXELS = 50_000


def through(sweep):
    tasks = []
    while (task := sweep.take()) is not None:
        tasks.append(task)
    return tasks


def coverage(tasks, key):
    count = np.zeros(SHAPES[key], int)
    for task in tasks:
        if task.survey == key:
            count[slices(task.box)] += 1
    return count


VIEWS = [
    None,
    View(survey="north", axis=0, index=30),
    View(survey="south", axis=1, index=2),
    View(survey="north", axis=2, index=49),
    View(survey="line", axis=0, index=0),
    View(survey="elsewhere", axis=0, index=0),
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_voxel_of_every_survey_once_and_the_section_before(view):
    sweep = Sweep(SHAPES, VOXELS, view)
    tasks = through(sweep)
    visible = [task for task in tasks if task.visible]
    hidden = [task for task in tasks if not task.visible]
    assert tasks == visible + hidden
    for key in SHAPES:
        assert (coverage(hidden, key) == 1).all()
    assert sweep.done == sweep.total == sum(map(math.prod, SHAPES.values()))
    if view is not None and view.survey in SHAPES:
        section = coverage(visible, view.survey).take(view.index, axis=view.axis)
        assert (section == 1).all()
        assert coverage(visible, view.survey).sum() == section.sum()


@pytest.mark.parametrize("view", VIEWS[1:-1], ids=str)
def test_boxes_go_outwards_and_other_surveys_come_last(view):
    hidden = [task for task in through(Sweep(SHAPES, VOXELS, view)) if not task.visible]
    n_shown = sum(task.survey == view.survey for task in hidden)
    assert all(task.survey == view.survey for task in hidden[:n_shown])
    distances = [distance(task.box, view.axis, view.index) for task in hidden[:n_shown]]
    assert distances == sorted(distances)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_box_with_its_halo_is_within_the_budget(view):
    for task in through(Sweep(SHAPES, VOXELS, view)):
        outer = grown(task.box, HALO, SHAPES[task.survey])
        assert math.prod(stop - start for start, stop in outer) <= VOXELS


def test_looking_elsewhere_moves_that_section_to_the_front():
    sweep = Sweep(SHAPES, VOXELS, VIEWS[1])
    taken = [sweep.take() for _ in range(6)]
    elsewhere = View(survey="south", axis=0, index=39)
    sweep.look_at(elsewhere)
    assert sweep.visible_left
    rest = through(sweep)
    visible = [task for task in rest if task.visible]
    assert rest[: len(visible)] == visible
    assert (coverage(visible, "south")[39] == 1).all()
    hidden = [task for task in taken + rest if not task.visible]
    for key in SHAPES:
        assert (coverage(hidden, key) == 1).all()
    first = rest[len(visible)]
    assert (first.survey, distance(first.box, 0, 39)) == ("south", 0)


def test_the_volume_can_go_on_while_the_section_waits():
    sweep = Sweep(SHAPES, VOXELS, VIEWS[1])
    assert not sweep.take(hidden_first=True).visible
    assert sweep.take().visible
    lonely = Sweep({"line": (1, 300, 200)}, VOXELS, VIEWS[4])
    while lonely.take(hidden_first=True).visible is False:
        pass
    assert lonely.done == lonely.total


def test_a_section_outside_the_survey_is_its_last():
    sweep = Sweep(SHAPES, VOXELS, View(survey="north", axis=0, index=1000))
    assert sweep.take().box[0] == (59, 60)


def test_restarting_predicts_everything_again():
    sweep = Sweep(SHAPES, VOXELS, None)
    first = through(sweep)
    sweep.restart()
    assert sweep.done == 0
    assert through(sweep) == first
    assert Sweep({}, VOXELS, None).take() is None
