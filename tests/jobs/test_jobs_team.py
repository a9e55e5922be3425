"""Several processes that share the batches of a training find what one finds alone."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from torch.distributed import TCPStore

from napari_hyperseg.jobs.events import (
    JobFinished,
    JobStarted,
    JobWarned,
    StepFinished,
    parse_event,
)
from napari_hyperseg.jobs.interfaces import LOOPBACK, interface_of
from napari_hyperseg.jobs.spec import ClassShare

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SCRIPT = Path(__file__).with_name("team_process.py")
STEPS = 3


class TeamOfProcesses:
    """A team under way."""

    def __init__(self, spec, size, *, forgetful=None, folder=None):
        listening = socket.create_server((LOOPBACK, 0))
        port = listening.getsockname()[1]
        self.store = TCPStore(
            LOOPBACK,
            port,
            is_master=True,
            wait_for_workers=False,
            master_listen_fd=listening.detach(),
            timeout=timedelta(seconds=60),
        )
        self.processes = [
            subprocess.Popen(
                [sys.executable, str(SCRIPT), json.dumps(arguments)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=folder if rank else None,
            )
            for rank in range(size)
            for arguments in [[rank, size, port, spec.model_dump_json(), rank == forgetful]]
        ]
        self.events = []

    def next_event(self):
        self.events.append(parse_event(self.processes[0].stdout.readline()))
        return self.events[-1]

    def wait_for(self, kind):
        while not isinstance(self.next_event(), kind):
            pass

    def finish(self):
        """Exit statuses and errors of all."""
        ended = [process.communicate(timeout=120) for process in self.processes]
        self.events += [parse_event(line) for line in ended[0][0].splitlines()]
        return [process.returncode for process in self.processes], [error for _, error in ended]

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def team():
    """A function that starts a team; what is left of it ends with the test."""
    made = []

    def start(*arguments, **options):
        made.append(TeamOfProcesses(*arguments, **options))
        return made[-1]

    yield start
    for process in (process for one in made for process in one.processes):
        process.kill()
        process.communicate()


@pytest.fixture
def spec(make_spec):
    def make(**fields):
        return make_spec(store=False, prior=False, **{"steps": STEPS, **fields})

    return make


def weights(folder):
    return load_file(folder / "weights.safetensors")


@pytest.mark.parametrize(
    "penalties",
    [{}, {"smoothness": 0.5, "shares": (ClassShare(code=2, most=0.1), ClassShare(code=3))}],
    ids=["labels", "penalties"],
)
def test_two_find_the_model_of_one(spec, run, team, tmp_path, penalties):
    told = run(spec(model=tmp_path / "alone", **penalties)).of(StepFinished)
    together = team(spec(**penalties), 2)
    statuses, errors = together.finish()
    assert statuses == [0, 0], errors
    steps = together.of(StepFinished)
    assert [event.step for event in steps] == list(range(1, STEPS + 1))
    for figure in ("loss", "accuracy"):
        expected = [getattr(event, figure) for event in told]
        assert [getattr(event, figure) for event in steps] == pytest.approx(expected, abs=1e-4)
    assert together.of(JobStarted)[0].device == "2 x cpu"
    alone, found = weights(tmp_path / "alone"), weights(tmp_path / "model")
    assert alone.keys() == found.keys()
    for name, values in alone.items():
        np.testing.assert_allclose(found[name], values, atol=2e-5, err_msg=name)


def test_slabs_of_blocks_find_the_model_of_one(spec, run, team, tmp_path):
    told = run(spec(model=tmp_path / "alone", mode="reversible")).of(StepFinished)
    together = team(spec(mode="reversible", slabs=True), 2)
    statuses, errors = together.finish()
    assert statuses == [0, 0], errors
    losses = [event.loss for event in together.of(StepFinished)]
    assert losses == pytest.approx([event.loss for event in told], abs=1e-4)
    alone, found = weights(tmp_path / "alone"), weights(tmp_path / "model")
    for name, values in alone.items():
        np.testing.assert_allclose(found[name], values, atol=2e-5, err_msg=name)


def test_a_survey_that_is_too_small_for_slabs_is_one_line(spec, team):
    together = team(spec(slabs=True), 4)
    statuses, errors = together.finish()
    assert statuses[0] == 1
    assert "cannot be cut into 4 slabs" in errors[0].splitlines()[-1]


def test_a_slab_that_is_too_large_says_so(spec, team):
    together = team(spec(slabs=True), 2, forgetful=1)
    statuses, errors = together.finish()
    assert statuses == [1, 1], errors
    assert "not enough memory for a slab" in errors[0].splitlines()[-1]


def test_three_share_a_batch_of_three(spec, team):
    together = team(spec(), 3)
    statuses, errors = together.finish()
    assert statuses == [0, 0, 0], errors
    losses = [event.loss for event in together.of(StepFinished)]
    assert len(losses) == STEPS
    assert np.isfinite(losses).all()


def test_one_that_is_killed_ends_it_with_a_checkpoint(spec, run, team, events):
    together = team(spec(steps=100_000), 2)
    together.wait_for(StepFinished)
    together.processes[1].kill()
    statuses, errors = together.finish()
    assert statuses[0] == 1
    assert "shared the training is gone" in errors[0].splitlines()[-1]
    assert "Traceback" not in errors[0]
    done = together.of(StepFinished)[-1].step
    run(spec(steps=1))
    assert events.of(StepFinished)[0].step == done + 1


def test_who_leads_is_killed_and_nobody_waits_for_it(spec, team):
    together = team(spec(steps=100_000), 2)
    together.wait_for(StepFinished)
    together.processes[0].kill()
    del together.store  # it was with who leads, elsewhere
    together.processes[1].wait(60)
    assert together.processes[1].returncode == 1


def test_memory_that_runs_out_in_one_is_saved_in_all(spec, team):
    together = team(spec(mode="store"), 2, forgetful=1)
    statuses, errors = together.finish()
    assert statuses == [0, 0], errors
    (warning,) = together.of(JobWarned)
    assert "Memory ran out: training goes on in mode reversible" in warning.message
    assert isinstance(together.events[-1], JobFinished)


def test_a_survey_that_one_does_not_see_is_one_line(spec, team, cube, tmp_path, monkeypatch):
    monkeypatch.chdir(cube.segy.parent)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    seen_here = spec().surveys[0].model_copy(update={"segy": Path(cube.segy.name)})
    together = team(spec(surveys=(seen_here,)), 3, folder=elsewhere)
    statuses, errors = together.finish()
    assert statuses[0] == 1
    assert cube.segy.name in errors[0].splitlines()[-1]


def test_what_cannot_be_trained_sends_the_others_home(spec, team, labels):
    labels.codes[:] = 0
    together = team(spec(), 2)
    statuses, errors = together.finish()
    assert statuses == [1, 0], errors
    assert "classes are labelled" in errors[0]


def test_an_interface_is_known_by_its_address():
    name = interface_of(LOOPBACK)
    assert name
    assert name.startswith("lo")
    assert interface_of("192.0.2.1") is None
