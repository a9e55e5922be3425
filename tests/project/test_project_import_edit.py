"""An import is one edit: written as a whole, or not at all, and undone as one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.labels.stamps import Stamp
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.import_edit import ImportEdit, import_edit
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.noted import LEGEND


def stamp(i: int, code: int) -> Stamp:
    """Every other sample of an inline."""
    where = np.zeros((1, 5, 20), bool)
    where[..., ::2] = True
    return Stamp((i, 0, 0), np.full((1, 5, 20), code, np.uint8), where)


def failing() -> Iterator[Stamp]:
    yield stamp(0, 2)
    yield stamp(1, 2)
    yield stamp(0, 3)
    raise RuntimeError("a damaged section")


@pytest.fixture
def interpretation(project: Project) -> Iterator[Interpretation]:
    opened = open_interpretation(project, "tiny")
    yield opened
    close_interpretation(opened)


def test_stamps_are_written_in_their_order(project: Project):
    with import_edit(project, "tiny", "words") as edit:
        edit.put([stamp(0, 1), stamp(0, 2), stamp(3, 3)])
    codes = project.labels("tiny").codes
    assert codes[0, 4].tolist() == [2, 0] * 10
    assert codes[3, 0].tolist() == [3, 0] * 10
    assert not codes[[1, 2, 4, 5]].any()


def test_what_fails_half_way_leaves_everything_as_it_was(project: Project):
    with import_edit(project, "tiny", "first") as edit:
        edit.put([stamp(0, 1)])
    before, legend = np.array(project.labels("tiny").codes), project.legend

    def grow() -> None:
        project.legend = project.legend.with_class("Salt")
        project.save()

    def fail() -> None:
        with import_edit(project, "tiny", "second") as edit:
            edit.note(LEGEND, grow)
            edit.put(failing())

    with pytest.raises(RuntimeError, match="damaged"):
        fail()
    assert np.array_equal(project.labels("tiny").codes, before)
    assert Project.open(project.folder).legend == legend


def test_an_import_is_undone_as_one(interpretation: Interpretation):
    edit = ImportEdit(interpretation, "wells of tops.csv")
    edit.put([stamp(0, 1), stamp(3, 3)])
    edit.keep()
    assert [(one.tool, one.words) for one in interpretation.revisions] == [
        ("Import", "wells of tops.csv")
    ]
    interpretation.undo()
    assert not np.any(interpretation.facies)


def test_nobody_edits_meanwhile(interpretation: Interpretation):
    interpretation.facies[0, 0, 0] = 2
    edit = ImportEdit(interpretation, "words")
    with pytest.raises(LabelError, match="being imported"):
        interpretation.facies[0, 0, 0] = 1
    with pytest.raises(LabelError, match="being imported"):
        ImportEdit(interpretation, "another")
    with pytest.raises(LabelError, match="being imported"):
        interpretation.undo()
    edit.give_up()
    interpretation.facies[0, 0, 0] = 1


def test_locked_classes_are_not_overwritten(interpretation: Interpretation):
    interpretation.facies[0, 0] = 1
    interpretation.facies.locked = lambda: frozenset({1})
    edit = ImportEdit(interpretation, "words")
    edit.put([stamp(0, 2)])
    edit.keep()
    assert set(interpretation.facies[0, 0].tolist()) == {1}
    assert interpretation.facies[0, 1, :2].tolist() == [2, 0]


def test_a_project_that_is_open_elsewhere_is_left_alone(interpretation: Interpretation):
    another = Project.open(interpretation.project.folder)
    with (
        pytest.raises(ProjectError, match="open in this program"),
        import_edit(another, "tiny", "words"),
    ):
        raise AssertionError
