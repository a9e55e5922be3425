"""The launcher against a real child process that speaks the protocol."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.events import (
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    LabelsRead,
    StepFinished,
)
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.process import LOG_NAME, ProcessLauncher
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput

WORKER = Path(__file__).with_name("scripted_worker.py")


def wait_until(condition, timeout_s=20.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the awaited event did not come"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """True while `pid` exists, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def spec(tmp_path):
    survey = SurveyInput(key="north", segy=tmp_path / "north.sgy")
    return JobSpec(
        kind="train", model=tmp_path / "models" / "1", surveys=(survey,), n_classes=3, steps=5
    )


@pytest.fixture
def launch(spec):
    """Launch the scripted worker in one of its characters; leave none behind."""
    handles = []

    def _launch(character, **options):
        events = []
        command = (sys.executable, "-P", str(WORKER), character)
        handle = ProcessLauncher(command, **options).launch(spec, events.append)
        handles.append(handle)
        return handle, events

    yield _launch
    for handle in handles:
        handle.kill()
        assert handle.wait(10)


def has(events, kind):
    return any(isinstance(event, kind) for event in events)


def test_events_arrive_in_order_and_the_last_one_ends_the_job(launch):
    handle, events = launch("short")
    assert handle.wait(20)
    assert [type(event) for event in events] == [JobStarted, StepFinished, JobFinished]
    assert not handle.alive
    assert not is_running(handle.pid)


def test_commands_reach_the_worker(launch):
    handle, events = launch("obedient")
    handle.pause()
    wait_until(lambda: has(events, JobPaused))
    handle.resume()
    wait_until(lambda: has(events, JobResumed))
    handle.labels_changed("north")
    wait_until(lambda: LabelsRead(survey="north", labelled_voxels=7) in events)
    handle.look_at(View(survey="north", axis=1, index=4))
    wait_until(lambda: any(getattr(event, "step", 0) == 4 for event in events))
    handle.stop()
    assert handle.wait(20)
    assert events[-1] == JobFinished(reason="stopped")


def test_a_killed_worker_is_one_readable_line(launch):
    handle, events = launch("obedient")
    wait_until(lambda: has(events, JobStarted))
    handle.kill()
    assert handle.wait(20)
    assert isinstance(events[-1], JobFailed)
    assert events[-1].message == (
        "The training process ended unexpectedly (signal 9)."
        " Train again to continue from the last saved weights."
    )
    assert not is_running(handle.pid)


def test_a_crash_quotes_the_last_line_of_the_log(launch, spec):
    handle, events = launch("crashing")
    assert handle.wait(20)
    assert "(exit status 1)" in events[-1].message
    assert "ZeroDivisionError: the well is dry." in events[-1].message
    assert "\n" not in events[-1].message
    assert "Traceback" in (spec.model / LOG_NAME).read_text()


def test_a_reported_failure_is_not_reported_twice(launch):
    handle, events = launch("failing")
    assert handle.wait(20)
    assert [event for event in events if isinstance(event, JobFailed)] == [
        JobFailed(message="No labels.")
    ]


def test_closing_ends_the_worker_in_order(launch):
    handle, events = launch("obedient")
    wait_until(lambda: has(events, JobStarted))
    handle.close()
    assert handle.wait(20)
    assert events[-1] == JobFinished(reason="stopped")
    handle.pause()
    handle.stop()


@pytest.mark.slow
def test_a_deaf_worker_is_made_to_end(launch):
    handle, events = launch("deaf", stop_grace_s=0.2)
    wait_until(lambda: has(events, JobStarted))
    handle.stop()
    assert handle.wait(20)
    assert "signal" in events[-1].message


def test_sending_never_blocks_on_a_worker_that_does_not_read(launch):
    handle, events = launch("deaf")
    wait_until(lambda: has(events, JobStarted))
    for index in range(5000):  # about 400 KB: several times what a pipe holds
        handle.look_at(View(survey="north", index=index))
    assert handle.alive


def test_stray_output_and_a_failing_listener_stop_nothing(launch, spec):
    seen = []

    def listener(event):
        seen.append(event)
        raise RuntimeError("a listener's own trouble")

    command = (sys.executable, "-P", str(WORKER), "chatty")
    handle = ProcessLauncher(command).launch(spec, listener)
    assert handle.wait(20)
    assert [type(event) for event in seen] == [JobStarted, StepFinished, JobFinished]


def test_a_program_that_does_not_exist_is_a_job_error(spec):
    with pytest.raises(JobError, match="could not be started"):
        ProcessLauncher(("/nowhere/python",)).launch(spec, print)


def test_an_exiting_parent_leaves_no_worker(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from napari_hyperseg.jobs.process import ProcessLauncher\n"
        "from napari_hyperseg.jobs.spec import JobSpec\n"
        f"spec = JobSpec(kind='train', model=Path({str(tmp_path)!r}), surveys=(), n_classes=2,"
        " steps=1)\n"
        f"launcher = ProcessLauncher((sys.executable, '-P', {str(WORKER)!r}, 'obedient'))\n"
        "print(launcher.launch(spec, lambda event: None).pid)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=60
    )
    wait_until(lambda: not is_running(int(done.stdout)))
