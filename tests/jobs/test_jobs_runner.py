"""Commands between two pieces of work, as a table; where they come from; shared time."""

from __future__ import annotations

import os
import queue
import signal
import time
from itertools import pairwise

import pytest

from napari_hyperseg.jobs.commands import LookAt, PauseJob, ResumeJob, StopJob, UseChangedLabels
from napari_hyperseg.jobs.control import NoCommands, SignalControl, StreamControl
from napari_hyperseg.jobs.events import JobPaused, JobResumed
from napari_hyperseg.jobs.live import FIRST_PREVIEW_S, VISIBLE_EVERY_S, Live
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.runner import Clock, Obedience
from napari_hyperseg.jobs.sweep import Sweep

LOOK = LookAt(view=View(survey="north", axis=1, index=4))
NORTH, SOUTH = UseChangedLabels(survey="north"), UseChangedLabels(survey="south")


class Batches:
    """A control that has its answers ready."""

    def __init__(self, *batches):
        self.batches = list(batches)

    def poll(self, timeout_s=0.0):
        return self.batches.pop(0) if self.batches else []


def obey(*batches):
    """Obey once: what the job is told to do, and whether it goes on."""
    told, control = [], Batches(*batches)
    obedience = Obedience(control, told.append, Clock(), told.append, told.append)
    goes_on = obedience.obey()
    assert obedience.stopped is not goes_on
    return told, goes_on, len(control.batches)


PAUSE, RESUME, STOP = PauseJob(), ResumeJob(), StopJob()
PAUSED, RESUMED = JobPaused(), JobResumed()


@pytest.mark.parametrize(
    ("batches", "told", "goes_on"),
    [
        ([[]], [], True),
        ([[STOP]], [], False),
        ([[RESUME]], [], True),
        ([[PAUSE], [RESUME]], [PAUSED, RESUMED], True),
        ([[PAUSE], [], [], [RESUME]], [PAUSED, RESUMED], True),
        ([[PAUSE], [PAUSE], [RESUME]], [PAUSED, RESUMED], True),
        ([[PAUSE, RESUME]], [], True),
        ([[PAUSE], [RESUME, PAUSE], [RESUME]], [PAUSED, RESUMED], True),
        ([[PAUSE], [STOP]], [PAUSED], False),
        ([[PAUSE, STOP]], [], False),
        ([[PAUSE], [STOP, RESUME]], [PAUSED], False),
        ([[LOOK]], [LOOK], True),
        ([[PAUSE], [LOOK], [NORTH], [RESUME]], [PAUSED, LOOK, NORTH, RESUMED], True),
        ([[NORTH, SOUTH, NORTH, LOOK]], [LOOK, NORTH, SOUTH], True),
    ],
)
def test_commands(batches, told, goes_on):
    assert obey(*batches) == (told, goes_on, 0)


def test_a_job_that_goes_on_polls_once():
    assert obey([], [STOP]) == ([], True, 1)


def test_a_stopped_job_stays_stopped():
    obedience = Obedience(Batches([STOP]), print, Clock(), print, print)
    assert not obedience.obey()
    assert not obedience.obey()


def test_the_clock_leaves_out_pauses():
    clock = Clock()
    before = clock.elapsed_s()
    assert before >= 0
    clock.leave_out(1000)
    assert clock.elapsed_s() < before - 900


def test_nobody_commands():
    assert NoCommands().poll() == []


def lines_of(source):
    """Commands as they come; None ends them, as a closed pipe does."""
    while (command := source.get()) is not None:
        yield command


def gather(control, count, timeout_s=10.0):
    commands, deadline = [], time.monotonic() + timeout_s
    while len(commands) < count and time.monotonic() < deadline:
        commands += control.poll(0.05)
    return commands


def test_the_end_of_the_stream_is_stop():
    source = queue.SimpleQueue()
    control = StreamControl(lines_of(source))
    assert control.poll() == []
    source.put(PAUSE)
    source.put(LOOK)
    assert gather(control, 2) == [PAUSE, LOOK]
    source.put(None)
    assert gather(control, 1) == [STOP]
    assert control.poll() == []


def test_polling_waits_for_the_first_command_only():
    control = StreamControl(iter([PAUSE, RESUME]))
    assert gather(control, 3) == [PAUSE, RESUME, STOP]


def test_a_stop_from_elsewhere_comes_in():
    control = StreamControl(lines_of(queue.SimpleQueue()))
    control.stop()
    assert control.poll() == [STOP]


@pytest.mark.skipif(os.name != "posix", reason="signals of a process are POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_stop_and_the_former_handler_comes_back(number):
    former = signal.getsignal(number)
    with SignalControl() as control:
        assert control.poll() == []
        os.kill(os.getpid(), number)
        assert control.poll(5.0) == [STOP]
        assert control.poll() == [STOP]
    assert signal.getsignal(number) is former


@pytest.mark.skipif(os.name != "posix", reason="signals of a process are POSIX")
def test_a_second_ctrl_c_interrupts():
    with SignalControl() as control:
        os.kill(os.getpid(), signal.SIGINT)
        assert control.poll(5.0) == [STOP]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


class SetClock(Clock):
    """A clock that goes when it is told to."""

    now_s = 0.0

    def elapsed_s(self):
        return self.now_s


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def live(clock):
    view = View(survey="north", axis=0, index=5)
    return Live(Sweep({"north": (90, 90, 90)}, 40_000, view), clock)


def work(live, clock, seconds):
    """Take a box and spend so many seconds on it."""
    task = live.take()
    with live.counted(visible=task.visible):
        clock.now_s += seconds
    return task


def test_the_first_preview_waits_for_some_training(live, clock):
    assert not live.due()
    clock.now_s = FIRST_PREVIEW_S + 0.1
    assert live.due()
    assert live.take().visible


def test_prediction_takes_no_more_than_its_share(live, clock):
    clock.now_s = FIRST_PREVIEW_S
    predicted = 0.0
    while clock.now_s < 200:
        if live.due():
            work(live, clock, 0.25)
            predicted += 0.25
        else:
            clock.now_s += 0.25
    assert 0.15 * 200 < predicted < 0.5 * 200


def test_the_section_on_screen_is_predicted_again_and_again(live, clock):
    clock.now_s = FIRST_PREVIEW_S
    times_s = []
    while clock.now_s < 120:
        if live.due():
            began = clock.now_s
            if work(live, clock, 0.5).visible:
                times_s.append(began)
        else:
            clock.now_s += 0.5
    gaps = [later - earlier for earlier, later in pairwise(times_s)]
    assert times_s[0] <= FIRST_PREVIEW_S + 1
    assert max(gaps) <= 2 * VISIBLE_EVERY_S


def test_a_large_section_does_not_keep_the_volume_waiting(live, clock):
    clock.now_s = FIRST_PREVIEW_S
    while clock.now_s < 200:
        if live.due():
            work(live, clock, 4.0 * VISIBLE_EVERY_S if live.sweep.visible_left else 1.0)
        else:
            clock.now_s += 0.5
    assert live.sweep.done


def test_a_finished_sweep_begins_anew(live):
    while live.take() is not None:
        pass
    assert live.take() is not None
