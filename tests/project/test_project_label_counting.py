"""Counting the labels of a project, from the file and from edits."""

import time
from pathlib import Path

import numpy as np
import pytest

from napari_hyperseg.labels.counts import Edit, LabelCounts
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.label_counting import CountedLabels, LabelCounting
from napari_hyperseg.project.picks import Picks


@pytest.fixture
def project(tiny_segy: Path) -> Project:
    return Project.create_beside(tiny_segy)


@pytest.fixture
def counting(project: Project) -> LabelCounting:
    project.labels("tiny")  # makes the file
    counting = LabelCounting()
    project.labels("tiny")
    assert counting.count(project, "tiny") == CountedLabels()
    return counting


@pytest.fixture
def scans(monkeypatch) -> list[int]:
    """An entry for every time all labels are read."""
    read, scan = [], LabelCounts.scan
    monkeypatch.setattr(
        LabelCounts, "scan", lambda labels: read.append(len(labels.codes)) or scan(labels)
    )
    return read


def paint(project: Project, box: tuple[slice, ...], code: int) -> Edit:
    """Write into the labels and tell of it, as an edit is told of."""
    begun = time.monotonic()
    codes = project.labels("tiny").codes
    before = np.array(codes[box])
    codes[box] = code
    return Edit(tuple(one.start for one in box), before, np.array(codes[box]), begun)


INLINE = slice(2, 3), slice(0, 5), slice(3, 9)
CROSSLINE = slice(0, 6), slice(4, 5), slice(3, 9)


def test_edits_are_counted_without_reading_the_labels(project, counting, scans):
    edits = [paint(project, INLINE, 1), paint(project, CROSSLINE, 2)]
    counted = counting.count(project, "tiny", edits)
    assert scans == []
    assert counted.totals == ((1, 24), (2, 36))
    assert [line.place for line in counted.lines] == [(0, 2), (1, 4)]
    assert counted == LabelCounting().count(project, "tiny")
    undone = [paint(project, INLINE, 0), paint(project, CROSSLINE, 0)]
    assert counting.count(project, "tiny", undone) == CountedLabels()
    assert len(scans) == 1


def test_what_is_edited_while_the_labels_are_read_is_counted_once(project, counting, scans):
    edit = paint(project, INLINE, 1)
    counting.count(project, "tiny")  # may have seen it
    assert counting.count(project, "tiny", [edit]).totals == ((1, 30),)
    assert len(scans) == 2


def test_edits_that_do_not_fit_have_the_labels_read_again(project, counting, scans):
    edit = paint(project, INLINE, 1)
    wrong = edit._replace(before=edit.after, after=edit.before)
    assert counting.count(project, "tiny", [wrong]).totals == ((1, 30),)
    assert len(scans) == 1


def test_edits_of_another_survey_have_its_labels_read(project, counting, scans):
    assert LabelCounting().count(project, "tiny", [paint(project, INLINE, 1)]).totals == ((1, 30),)
    assert len(scans) == 1


def test_picked_lines_are_listed_with_the_painted_ones(project, counting):
    edit = paint(project, CROSSLINE, 2)
    interpretation = open_interpretation(project, "tiny")
    horizon = Horizons(project, "tiny", interpretation).create("Top")
    with interpretation.edit("Pick"):
        at = np.full(5, 3), np.arange(5)
        Picks(interpretation, horizon.stem).put(*at, np.full(5, 120.0), PickKind.DRAWN)
    interpretation.flush()
    counted = counting.count(project, "tiny", [edit])
    assert [line.place for line in counted.lines] == [(0, 3), (1, 4)]
    assert [line.picks for line in counted.lines] == [(("Top", 5),), (("Top", 1),)]
    assert counted.totals == ((2, 36),)
    close_interpretation(interpretation)
