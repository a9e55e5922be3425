"""A training that was stopped goes on as if it had not been, to the bit."""

from __future__ import annotations

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from napari_hyperseg.jobs.commands import StopJob
from napari_hyperseg.jobs.events import StepFinished
from napari_hyperseg.learn import trainer as training
from napari_hyperseg.learn.card import WEIGHTS
from napari_hyperseg.learn.checkpoint import TRAINING
from napari_hyperseg.net.stability import StabilityGuard

STEPS, STOPPED_AFTER = 9, 4


@pytest.fixture(autouse=True)
def held_often(monkeypatch):
    """Look at the stability on both sides of the stop, and scale layers back."""
    monkeypatch.setattr(training, "HOLD_EVERY", 3)
    monkeypatch.setattr(training, "StabilityGuard", lambda net: StabilityGuard(net, limit=0.5))


@pytest.mark.parametrize("prior", [True, False], ids=["from tracked boundaries", "from nothing"])
@pytest.mark.slow
def test_stopped_and_gone_on_with_it_is_the_same_model(make_spec, run, events, tmp_path, prior):
    def spec_of(name, steps):
        return make_spec(model=tmp_path / name, steps=steps, prior=prior)

    whole = [event.loss for event in run(spec_of("whole", STEPS)).of(StepFinished)]
    run(spec_of("parts", STEPS), (events.after(StepFinished, STOPPED_AFTER), StopJob()))
    first = [event.loss for event in events.of(StepFinished)]
    assert len(first) == STOPPED_AFTER
    rest = run(spec_of("parts", STEPS - STOPPED_AFTER)).of(StepFinished)
    assert [*first, *(event.loss for event in rest)] == whole
    assert rest[0].fraction == 1 / (STEPS - STOPPED_AFTER)
    for file in (WEIGHTS, TRAINING):
        ours, theirs = (load_file(tmp_path / name / file) for name in ("parts", "whole"))
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize(("stop_after", "steps", "seconds"), [(None, "0", False), (2, "2", True)])
def test_what_is_done_is_kept_unless_the_run_came_to_its_end(
    make_spec, run, events, stop_after, steps, seconds
):
    spec = make_spec(steps=4)
    script = () if stop_after is None else ((events.after(StepFinished, stop_after), StopJob()),)
    run(spec, *script)
    with safe_open(spec.model / TRAINING, framework="pt") as file:
        told = file.metadata()
    assert told["course_steps"] == steps
    assert (float(told["course_seconds"]) > 0) is seconds
