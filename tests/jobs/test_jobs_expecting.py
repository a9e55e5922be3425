"""A training starts from what boundaries lead to, shows it first, and keeps it with the model."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
import zarr

from napari_hyperseg.errors import ModelError
from napari_hyperseg.jobs.commands import UseChangedLabels
from napari_hyperseg.jobs.events import BlockPredicted, LabelsRead, StepFinished
from napari_hyperseg.learn.card import CARD
from napari_hyperseg.learn.model import load_model

CPU = torch.device("cpu")
KEPT = "priors/cube.safetensors"


def stored(spec):
    return np.array(zarr.open_group(spec.surveys[0].prediction, mode="r")["facies"])


@pytest.mark.slow
def test_what_is_expected_is_shown_before_the_first_step(make_spec, run, view, labels):
    spec = make_spec(live=True, view=view)
    events = run(spec)
    kinds = [type(event) for event in events]
    assert kinds.index(BlockPredicted) < kinds.index(StepFinished)
    first = events.of(BlockPredicted)[0]
    assert first.step == 0
    assert first.visible
    assert first.balance == 0


@pytest.mark.slow
def test_until_the_network_is_better_what_is_expected_is_the_prediction(make_spec, run, labels):
    spec = make_spec(live=True, steps=1)
    run(spec)
    assert load_model(spec.model, CPU).balance == 0
    codes, labelled = stored(spec), np.array(labels.codes)
    assert (np.diff(codes.astype(int), axis=-1) >= 0).all()
    assert np.array_equal(codes[:, [4, 12]], labelled[:, [4, 12]])


@pytest.mark.slow
def test_a_prediction_starts_from_what_was_expected_in_the_training(make_spec, run):
    spec = make_spec(live=True)
    run(spec)
    shown = stored(spec)
    zarr.open_group(spec.surveys[0].prediction, mode="w")
    run(make_spec("predict"))
    assert np.array_equal(stored(spec), shown)


@pytest.mark.parametrize("unlike", ["not asked for", "upside down", "strokes inside layers"])
def test_nothing_is_expected_where(unlike, make_spec, run, labels):
    if unlike == "upside down":
        labels.codes[3] = np.flip(labels.codes[:, 4], axis=-1)[:1]
    if unlike == "strokes inside layers":
        codes = np.array(labels.codes)
        inside = (codes == np.roll(codes, 2, axis=-1)) & (codes == np.roll(codes, -2, axis=-1))
        labels.codes[:] = np.where(inside, codes, 0)
        labels.codes[0, 4] = codes[0, 4]  # one trace shows them
    spec = make_spec(live=True, prior=unlike != "not asked for")
    events = run(spec)
    assert not (spec.model / KEPT).exists()
    assert events.of(BlockPredicted)[0].step > 0


@pytest.mark.slow
def test_changed_labels_change_what_is_expected(make_spec, run, events, labels):
    spec = make_spec(live=True, steps=40)
    boundary = (labels.codes[:, 4] < 3).sum(axis=-1)

    def move():
        if events.of(StepFinished):
            labels.codes[:, 8] = labels.codes[:, 4]
            for i, above in enumerate(boundary):
                labels.codes[i, 8, above : above + 4] = 2
            return True
        return False

    run(spec, (move, UseChangedLabels(survey="cube")))
    assert events.of(LabelsRead)
    assert (stored(spec)[6, 8, boundary[6] : boundary[6] + 4] == 2).all()


def test_a_survey_of_another_shape_has_none(make_spec, run):
    run(make_spec())
    spec = make_spec("predict")
    kept = spec.model / KEPT
    assert kept.exists()
    kept.rename(kept.with_name("other.safetensors"))
    run(spec)
    assert stored(spec).any()


def test_a_damaged_file_is_told(make_spec, run):
    run(make_spec())
    spec = make_spec("predict")
    (spec.model / KEPT).write_bytes(b"not tensors")
    with pytest.raises(ModelError, match=r"cube\.safetensors: cannot be read"):
        run(spec)


def test_a_resumed_training_holds_out_the_same(make_spec, run):
    spec = make_spec()
    assert run(spec)[0].held_out_voxels > 0
    card = json.loads((spec.model / CARD).read_text())
    assert card["held_out_patches"] == {"cube": 8}
    card["held_out_patches"]["cube"] = 16  # all labels are in one such patch
    (spec.model / CARD).write_text(json.dumps(card))
    assert run(spec)[0].held_out_voxels == 0


@pytest.mark.slow
def test_training_begins_though_labels_go_on_changing(make_spec, run, events, labels):
    """Each stroke moves what is expected; none keeps the first step from coming."""
    spec = make_spec(live=True, steps=3)

    def paint_after(number):
        def paint():
            if len(events.of(LabelsRead)) < number:
                return False
            labels.codes[number, 8] = labels.codes[number, 4]
            return True

        return paint

    changed = UseChangedLabels(survey="cube")
    run(spec, *((paint_after(number), changed) for number in range(8)))
    assert len(events.of(LabelsRead)) == 8
    assert len(events.of(StepFinished)) == 3
    codes, truth = stored(spec), np.array(labels.codes)
    assert np.array_equal(codes[:8, 8], truth[:8, 8])
