"""Each predicted block says which labels it rests on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from napari_hyperseg.jobs.commands import UseChangedLabels
from napari_hyperseg.jobs.events import BlockPredicted, LabelsRead, StepFinished
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.card import CARD
from napari_hyperseg.learn.origins import Origin, read_origins

SHAPE = (12, 16, 40)


@pytest.fixture
def make_revised(make_spec):
    """A function that specifies a job whose labels are at a revision."""

    def make(kind: str = "train", revision: int | None = 7, **fields):
        spec = make_spec(kind, **fields)
        (survey,) = spec.surveys
        return spec.model_copy(
            update={"surveys": (survey.model_copy(update={"revision": revision}),)}
        )

    return make


def kept(spec):
    """What the finished store says of its boxes: one, where all is of one origin."""
    return list(read_origins(spec.surveys[0].prediction, SHAPE))


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.slow
def test_blocks_rest_on_the_labels_that_were_read(make_revised, run, view, prior):
    spec = make_revised(live=True, view=view, prior=prior)
    blocks = run(spec).of(BlockPredicted)
    assert {block.revision for block in blocks} == {7}
    tracked = 0.0 if prior else None
    assert {block.balance for block in blocks} == {tracked}
    assert kept(spec) == [(whole(SHAPE), Origin(4, 7, tracked))]
    assert json.loads((spec.model / CARD).read_text())["label_revisions"] == {"cube": 7}


@pytest.mark.slow
def test_after_labels_changed_the_newer_ones_follow(make_revised, run, view, events, labels):
    def paint():
        if not events.of(BlockPredicted):
            return False
        labels.codes[:, 8] = labels.codes[:, 4]
        return True

    spec = make_revised(live=True, view=view, steps=20)
    run(spec, (paint, UseChangedLabels(survey="cube", revision=8)))
    read = events.index(events.of(LabelsRead)[0])
    before = {event.revision for event in events[:read] if isinstance(event, BlockPredicted)}
    after = [event.revision for event in events[read:] if isinstance(event, BlockPredicted)]
    assert before == {7}
    assert after == sorted(after)
    assert set(after) <= {7, 8}
    assert kept(spec) == [(whole(SHAPE), Origin(20, 8, 0.0))]


def test_labels_that_could_not_be_read_are_not_said_to_be(make_revised, run, events, labels):
    def spoil():
        if not events.of(StepFinished):
            return False
        labels.codes[:] = 0
        return True

    spec = make_revised(steps=3)
    run(spec, (spoil, UseChangedLabels(survey="cube", revision=8)))
    assert json.loads((spec.model / CARD).read_text())["label_revisions"] == {"cube": 7}


def test_a_prediction_rests_on_the_labels_that_its_model_knows(make_revised, run):
    run(make_revised())
    spec = make_revised("predict", revision=9)
    assert {block.revision for block in run(spec).of(BlockPredicted)} == {7}
    assert kept(spec) == [(whole(SHAPE), Origin(4, 7, 0.0))]


def test_a_model_that_knows_no_labels_of_a_survey_rests_on_none(make_revised, run):
    spec = make_revised(revision=None)
    run(spec)
    assert json.loads((spec.model / CARD).read_text())["label_revisions"] == {}
    run(make_revised("predict", revision=9))
    assert kept(spec) == [(whole(SHAPE), Origin(4, None, 0.0))]


@pytest.mark.slow
def test_a_resumed_training_begins_with_the_labels_that_it_knew(make_revised, run, view):
    run(make_revised())
    spec = make_revised(revision=9, live=True, view=view, prior=False)
    revisions = [block.revision for block in run(spec).of(BlockPredicted)]
    assert revisions == sorted(revisions)
    assert revisions[-1] == 9
    assert np.isin(revisions, [7, 9]).all()
