"""What can be pressed in the window of the models, and what it says: tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from napari_hyperseg.project.model_comparison import Differing, differing_share
from napari_hyperseg.project.model_controls import (
    COLUMNS,
    KEYS,
    buttons,
    cells,
    comparison_text,
    row_tip,
)
from napari_hyperseg.project.model_list import ModelFacts
from napari_hyperseg.project.request_transitions import predict, train
from napari_hyperseg.project.session import Phase, Session, StepPoint
from napari_hyperseg.project.transitions import advance
from napari_hyperseg.project.window_events import (
    LaunchPrediction,
    LaunchTraining,
    ModelRemoved,
    PredictionRequested,
    TrainingRequested,
)

ONE = ModelFacts(
    "20260101-120000", "north", "", 3, 500, datetime(2026, 1, 1, 12, tzinfo=UTC), 0.912, 0.83,
    ("tiny",), newest=True, in_training=False,
)  # fmt: skip
READY = Session(
    phase=Phase.READY, survey="tiny", n_classes=3, labelled=((1, 9), (2, 9)), model=ONE.model,
    model_classes=3, saved_model=ONE.model, steps=(StepPoint(1, 2.0, 0.5),),
)  # fmt: skip
OTHER = "20260202-120000"
EVERY = {"show", "compare", "go_on", "begin", "export", "import", "delete"}


@pytest.mark.parametrize(("session", "one", "shown", "compared", "pressable"), [
    (READY, None, None, None, "import"),
    (READY, ONE, None, None, "show go_on begin export import delete"),
    (READY, ONE, OTHER, None, "show compare go_on begin export import delete"),
    (READY, ONE, ONE.model, None, "go_on begin export import delete"),
    (READY, ONE, OTHER, ONE.model, "show compare go_on begin export import delete"),
    (READY, replace(ONE, surveys=()), OTHER, None, "show go_on begin export import delete"),
    (READY, replace(ONE, n_classes=4), OTHER, None, "show compare begin export import delete"),
    (READY, replace(ONE, in_training=True), OTHER, None, "show compare go_on begin export import"),
    (replace(READY, phase=Phase.TRAINING), ONE, OTHER, None, "show compare export import"),
    (replace(READY, phase=Phase.TRAINING, model=OTHER, saved_model=OTHER), ONE, OTHER, None,
     "show compare export import delete"),
    (replace(READY, phase=Phase.PREDICTING), replace(ONE, surveys=()), OTHER, None,
     "export import"),
    (replace(READY, read_only="open elsewhere"), ONE, OTHER, None, "show compare export"),
    (replace(READY, read_only="open elsewhere"), replace(ONE, surveys=()), OTHER, None, "export"),
])  # fmt: skip
def test_what_can_be_pressed(session, one, shown, compared, pressable):
    said = buttons(session, one, shown, compared)
    assert set(said) == set(KEYS) == EVERY
    assert {name for name, button in said.items() if button.enabled} == set(pressable.split())
    for name, button in said.items():
        assert button.tip
        assert f"&{KEYS[name][-1]}".casefold() in button.text.casefold()


def test_what_the_list_says():
    assert len(cells(ONE)) == len(COLUMNS)
    assert cells(ONE) == ("north", "3", "500", "91.2%", "0.83", "2026-01-01 12:00")
    nothing = replace(ONE, name="", accuracy=None, mean_iou=None)
    assert cells(nothing)[0] == ONE.model
    assert cells(nothing)[3:5] == ("-", "-")
    tip = row_tip(replace(ONE, origin="file a.zip"), ONE.model)
    assert "prediction is shown" in tip
    assert "began with file a.zip" in tip
    assert "predicted tiny" in tip


def test_what_a_comparison_says():
    text = comparison_text("a", "b", "Inline 10", 0.1234)
    assert text == "a (on screen) and b differ on 12.3% of the samples of Inline 10."
    assert "not predicted by both" in comparison_text("a", "b", "Inline 10", None)


def test_differences_are_those_of_what_both_predicted():
    one = np.array([[[1, 1, 0, 2, 0]]], np.uint8)
    two = np.array([[[1, 2, 2, 0, 0]]], np.uint8)
    volume = Differing(one, two)
    assert (volume.shape, volume.ndim, volume.dtype) == ((1, 1, 5), 3, np.uint8)
    assert volume[0, 0, :].tolist() == [0, 1, 0, 0, 0]
    assert volume[0].shape == (1, 5)
    assert differing_share(one, two) == 0.5
    assert differing_share(one, np.zeros_like(one)) is None


@pytest.mark.parametrize(("event", "model", "begin_with", "keeps_curves"), [
    (TrainingRequested(1.0), ONE.model, None, True),
    (TrainingRequested(1.0, model=ONE.model), ONE.model, None, True),
    (TrainingRequested(1.0, model=OTHER), OTHER, None, False),
    (TrainingRequested(1.0, begin_with=ONE.model), None, ONE.model, False),
])  # fmt: skip
def test_what_is_trained(event, model, begin_with, keeps_curves):
    session, (effect,) = train(READY, event)
    assert effect == LaunchTraining(1.0, model, None, begin_with)
    assert bool(session.steps) is keeps_curves


def test_a_model_that_is_named_predicts():
    _, (effect,) = predict(READY, PredictionRequested(OTHER))
    assert effect == LaunchPrediction(OTHER, "tiny")
    _, (effect,) = predict(READY, PredictionRequested())
    assert effect == LaunchPrediction(ONE.model, "tiny")


def test_another_model_is_used_where_one_is_gone():
    gone, effects = advance(READY, ModelRemoved(ONE.model, OTHER, 4))
    assert (gone.model, gone.saved_model, gone.model_classes) == (OTHER, OTHER, 4)
    assert gone.continues is None  # other classes: Train starts a new one
    assert effects == ()
    last, _ = advance(READY, ModelRemoved(ONE.model))
    assert (last.model, last.saved_model) == (None, None)
    stays, _ = advance(READY, ModelRemoved(OTHER, ONE.model, 3))
    assert (stays.model, stays.saved_model) == (ONE.model, ONE.model)
