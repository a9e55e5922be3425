"""Events of trainings that an earlier version logged."""

from __future__ import annotations

import json

import pytest

from napari_hyperseg.jobs.events import Scores, ValidationFinished, parse_event


@pytest.mark.parametrize(("correction", "balance"), [(0.0, 0.0), (0.25, 0.2), (None, None)])
def test_held_out_figures_are_read_with_the_networks_share(correction, balance):
    scores = Scores(pixel_accuracy=0.8, class_accuracy=0.8, mean_iou=0.6, fw_iou=0.8)
    said = json.loads(ValidationFinished(step=3, elapsed_s=2.0, scores=scores).model_dump_json())
    del said["balance"]
    event = parse_event(json.dumps(said | {"correction": correction}))
    assert isinstance(event, ValidationFinished)
    assert event.balance == balance
    assert event.scores == scores
