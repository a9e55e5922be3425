"""The worker as a process of its own: its streams, its status, its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from napari_hyperseg.jobs.commands import PauseJob, ResumeJob, StopJob
from napari_hyperseg.jobs.events import (
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    StepFinished,
    parse_event,
)
from napari_hyperseg.learn.model import load_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals and file descriptors are POSIX"),
]

WORKER = (sys.executable, "-P", "-m", "napari_hyperseg.jobs.worker")
NOISY_WORKER = (sys.executable, "-P", str(Path(__file__).with_name("noisy_worker.py")))
CPU = torch.device("cpu")


class Worker:
    """A worker under test; every line it writes has to be an event."""

    def __init__(self, log, command):
        self.log = log
        self.events = []
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
            )

    def send(self, *lines):
        for line in lines:
            text = line if isinstance(line, str) else line.model_dump_json()
            self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def read_until(self, kind, count=1):
        """Read events until so many more of a kind have come, or the worker ends."""
        for line in self.process.stdout:
            self.events.append(parse_event(line))
            count -= isinstance(self.events[-1], kind)
            if not count:
                return self.events[-1]
        raise AssertionError(f"no {kind.__name__} came: {self.log.read_text()}")

    def end(self):
        """Read what is left and return the exit status."""
        for line in self.process.stdout:
            self.events.append(parse_event(line))
        return self.process.wait(60)


@pytest.fixture
def start(tmp_path):
    """A function that starts a worker; none survives the test."""
    workers = []

    def start(command=WORKER):
        workers.append(Worker(tmp_path / f"worker_{len(workers)}.log", command))
        return workers[-1]

    yield start
    for worker in workers:
        worker.process.kill()
        worker.process.wait(10)
        worker.process.stdin.close()
        worker.process.stdout.close()


@pytest.fixture
def endless(make_spec):
    """A training that nobody waits for."""
    return make_spec(minutes=60)


def test_standard_output_holds_events_alone_whatever_prints(start, make_spec):
    worker = start(NOISY_WORKER)
    worker.send(make_spec())
    assert worker.end() == 0
    assert isinstance(worker.events[0], JobStarted)
    assert isinstance(worker.events[-1], JobFinished)
    log = worker.log.read_text()
    for printed in ("greets", "in C", "waits for the end", "was started"):
        assert printed in log


def test_commands_are_obeyed_and_nonsense_is_passed_over(start, endless):
    worker = start()
    worker.send(endless)
    worker.read_until(StepFinished, 2)
    worker.send("nonsense", '{"command": "explode"}', PauseJob())
    worker.read_until(JobPaused)
    worker.send(ResumeJob())
    assert isinstance(worker.read_until(JobResumed), JobResumed)
    assert worker.events[-2:] == [JobPaused(), JobResumed()]
    worker.read_until(StepFinished)
    worker.send(StopJob())
    assert worker.end() == 0
    assert worker.events[-1].reason == "stopped"
    assert "nonsense" in worker.log.read_text()


def close_stdin(process):
    process.stdin.close()


def terminate(process):
    process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("leave", [close_stdin, terminate])
def test_a_worker_left_alone_saves_and_ends(start, endless, leave):
    worker = start()
    worker.send(endless)
    worker.read_until(StepFinished, 3)
    leave(worker.process)
    assert worker.end() == 0
    assert worker.events[-1].reason == "stopped"
    assert load_model(endless.model, CPU).step == worker.events[-1].steps >= 3
    worker.process.stdin.close()


def test_a_worker_whose_parent_died_saves_and_ends(start, endless):
    """Nobody reads its events either."""
    worker = start()
    worker.send(endless)
    worker.read_until(StepFinished, 2)
    worker.process.stdout.close()
    worker.process.stdin.close()
    assert worker.process.wait(60) == 0
    assert load_model(endless.model, CPU).step >= 2


def test_a_killed_worker_leaves_what_it_saved(start, endless, make_spec, run):
    for kill in range(2):
        worker = start(NOISY_WORKER)
        worker.send(endless)
        worker.read_until(CheckpointSaved, 2)
        time.sleep(0.02 * kill)
        worker.process.kill()
        assert worker.end() == -signal.SIGKILL
        saved = [event.step for event in worker.events if isinstance(event, CheckpointSaved)]
        assert load_model(endless.model, CPU).step >= saved[-1]
    assert run(make_spec()).of(StepFinished)[0].step > saved[-1]


def test_a_worker_killed_before_it_saved_leaves_no_model(start, endless):
    worker = start()
    worker.send(endless)
    worker.read_until(StepFinished)
    worker.process.kill()
    worker.end()
    assert not (endless.model / "weights.safetensors").exists()


def failure_of(worker, line):
    worker.send(line)
    status = worker.end()
    assert [type(event) for event in worker.events] == [JobFailed]
    assert "\n" not in worker.events[0].message
    return status, worker.events[0].message


def test_an_error_is_one_event_and_status_two(start, make_spec, tmp_path):
    status, message = failure_of(start(), make_spec(segy=tmp_path / "absent.sgy"))
    assert status == 2
    assert "absent.sgy" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [("", "Invalid JSON"), ('{"kind": "train", "surveys": []}', "model: Field required")],
)
def test_a_specification_that_is_none_is_one_event_and_status_two(start, line, said):
    status, message = failure_of(start(), line)
    assert status == 2
    assert said in message


def test_what_nobody_foresaw_is_one_event_with_the_details_in_the_log(start, make_spec, tmp_path):
    (tmp_path / "file").write_text("in the way")
    worker = start()
    status, message = failure_of(worker, make_spec(model=tmp_path / "file" / "model"))
    assert status == 1
    assert message.startswith("The job failed: NotADirectoryError")
    assert "Traceback" in worker.log.read_text()
