"""What can be done with a class, phase by phase and class by class."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.class_controls import (
    CHOOSE,
    REMOVE_TIP,
    check_unused,
    class_controls,
)
from napari_hyperseg.project.controls import NO_SURVEY_OPEN
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.session import Phase, Session

LEGEND = Legend.named(["sand", "mud", "salt"]).moved(3, -2)  # salt, sand, mud
READY = Session(phase=Phase.READY, labelled=((1, 10), (2, 20)), n_classes=3)
NAMES = ("add", "remove", "chosen", "up", "down")


def states(session, legend, code):
    can = class_controls(session, legend, code)
    return {name for name in NAMES if getattr(can, name)}


@pytest.mark.parametrize(
    ("code", "possible"),
    [
        (3, {"add", "chosen", "remove", "down"}),
        (1, {"add", "chosen", "up", "down"}),
        (2, {"add", "chosen", "up"}),
        (None, {"add"}),
        (9, {"add"}),
    ],
)
def test_what_is_possible_follows_the_place(code, possible):
    assert states(READY, LEGEND, code) == possible


@pytest.mark.parametrize("phase", list(Phase))
def test_a_class_is_removed_only_while_nothing_runs(phase):
    can = class_controls(replace(READY, phase=phase), LEGEND, 3)
    assert can.remove == (phase in (Phase.READY, Phase.FAILED))
    assert can.change == can.add == (phase is not Phase.EMPTY)
    assert can.remove == (can.remove_tip == REMOVE_TIP)
    assert bool(can.why_not) == (phase is Phase.EMPTY)


def test_a_button_that_cannot_be_pressed_says_why():
    def tip(session=READY, legend=LEGEND, code=3):
        return class_controls(session, legend, code).remove_tip

    assert tip() == REMOVE_TIP
    assert tip(code=None) == CHOOSE
    assert tip(code=1) == (
        "sand cannot be removed: only the class that was added last can, salt. "
        "Rename or hide it instead."
    )
    assert "salt is labelled (7 voxels)" in tip(replace(READY, labelled=((3, 7),)))
    assert "being counted" in tip(replace(READY, labelled=None))
    assert "at least 2 classes" in tip(legend=Legend.default(2), code=2)
    assert "stop it" in tip(replace(READY, phase=Phase.PAUSED))
    assert tip(Session()) == NO_SURVEY_OPEN


def test_a_project_that_is_only_read_keeps_its_legend():
    session = replace(READY, read_only="open in another window")
    can = class_controls(session, LEGEND, 3)
    assert states(session, LEGEND, 3) == set()
    assert not can.change
    assert can.why_not == can.remove_tip == "Read-only: open in another window."


def test_a_byte_holds_no_more_classes():
    assert not class_controls(READY, Legend.default(255), 1).add


def test_labels_of_another_survey_keep_a_class(project: Project, tiny_segy, tmp_path):
    second = shutil.copy(tiny_segy, tmp_path / "second.sgy")
    both = Project.create(tmp_path / "both.hyperseg", [tiny_segy, second])
    both.legend = LEGEND
    check_unused(both, 3)
    assert not both.labels_path("second").exists()
    both.labels("second").codes[0, 0, :4] = 3
    with pytest.raises(LabelError, match=r"salt is labelled in survey second \(4 voxels\)"):
        check_unused(both, 3)
    check_unused(both, 2)
