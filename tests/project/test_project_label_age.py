"""What of a prediction is older than the labels."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.editing.tree import Revision, RevisionTree
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.learn.origins import Origin, Origins
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.label_age import (
    is_out_of_date,
    label_revisions,
    out_of_date,
    outdated_boxes,
    outdated_share,
)
from napari_hyperseg.project.noted import LEGEND
from napari_hyperseg.project.picks import Picks
from napari_hyperseg.project.predictions import open_prediction

FLAT = np.full((6, 5), 140.0, np.float32)
LEFT, RIGHT = ((0, 6), (0, 2), (0, 20)), ((0, 6), (2, 5), (0, 20))


@pytest.fixture
def interpretation(project):
    interpretation = open_interpretation(project, "tiny")
    yield interpretation
    close_interpretation(interpretation)


def paint(interpretation, code: int) -> int:
    interpretation.facies[0, 0, :4] = code
    return interpretation.position


def test_edits_of_labels_age_a_prediction_and_undo_makes_it_new(interpretation):
    before = paint(interpretation, 1)
    assert not is_out_of_date(interpretation.tree, before)
    paint(interpretation, 2)
    assert is_out_of_date(interpretation.tree, before)
    interpretation.undo()
    assert not is_out_of_date(interpretation.tree, before)
    after_undo = paint(interpretation, 2)  # another branch
    assert is_out_of_date(interpretation.tree, before)
    assert not is_out_of_date(interpretation.tree, after_undo)


def test_a_prediction_of_later_labels_is_out_of_date_after_undo(interpretation):
    paint(interpretation, 1)
    later = paint(interpretation, 2)
    interpretation.undo()
    assert is_out_of_date(interpretation.tree, later)


def test_picks_age_it(interpretation, project):
    entry = Horizons(project, "tiny", interpretation).add("Top", FLAT)
    before = interpretation.position
    at = np.array([1]), np.array([2])
    with interpretation.edit("Pick"):
        Picks(interpretation, entry.stem).put(*at, np.array([40.0]), PickKind.SEED)
    assert is_out_of_date(interpretation.tree, before)


def test_colours_and_surfaces_do_not(interpretation, project):
    before = paint(interpretation, 1)

    def recolour() -> None:
        project.legend = project.legend.recoloured(1, "#112233")

    with interpretation.edit("Legend"):
        interpretation.note(LEGEND, recolour)
    Horizons(project, "tiny", interpretation).add("Top", FLAT)
    assert interpretation.position > before
    assert not is_out_of_date(interpretation.tree, before)


def test_what_rests_on_no_labels_does_not_age(interpretation):
    paint(interpretation, 1)
    assert not is_out_of_date(interpretation.tree, None)


def test_a_revision_that_is_no_longer_kept_is_long_ago():
    revisions = RevisionTree()
    revisions.add(Revision(number=9, parent=8, time=0.0, tool="Legend", notes=("legend",)))
    assert not is_out_of_date(revisions, 8)
    assert is_out_of_date(revisions, 7)


def test_a_revision_of_another_process_is_newer_than_what_is_known_here(interpretation):
    paint(interpretation, 1)
    assert not is_out_of_date(interpretation.tree, 77)


def test_the_boxes_and_their_share(interpretation):
    origins = Origins()
    assert outdated_share(origins, interpretation.tree) == 0
    origins.add(LEFT, Origin(3, paint(interpretation, 1)))
    origins.add(RIGHT, Origin(4, paint(interpretation, 2)))
    assert list(outdated_boxes(origins, interpretation.tree)) == [LEFT]
    assert outdated_share(origins, interpretation.tree) == pytest.approx(2 / 5)


def test_the_disk_tells_the_same(interpretation, project, write_prediction):
    paint(interpretation, 1)
    interpretation.flush()
    write_prediction(np.ones((6, 5, 20), np.uint8), 2, revision=interpretation.position)
    assert label_revisions(project, "tiny").position == interpretation.position
    assert out_of_date(project, "tiny", open_prediction(project, "tiny")) == 0
    paint(interpretation, 2)
    interpretation.flush()
    assert out_of_date(project, "tiny", open_prediction(project, "tiny")) == 1
