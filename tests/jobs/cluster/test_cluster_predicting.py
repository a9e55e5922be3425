"""Prediction on a real scheduler and real workers, also when they are killed."""

from __future__ import annotations

import threading
import time

import pytest
import zarr
from cluster_predictions import VOXELS, arrays_of, check_same

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.certificates import make_certificates
from napari_hyperseg.jobs.commands import StopJob
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobStarted
from napari_hyperseg.jobs.spec import ClusterInput
from napari_hyperseg.learn.origins import read_origins

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def spec(trained, make_spec, cluster):
    return make_spec("predict", probabilities=True, cluster=cluster.input)


def test_it_is_what_this_computer_predicts(spec, here, run):
    events = run(spec)
    assert isinstance(events[0], JobStarted)
    assert events[0].device == "2 workers (cpu)"
    assert isinstance(events[-1], JobFinished)
    assert (events[-1].reason, events[-1].voxels, events[-1].steps) == ("done", VOXELS, 2)
    blocks = events.of(BlockPredicted)
    assert len(blocks) == 6
    assert blocks[-1].done == blocks[-1].total == VOXELS
    check_same(arrays_of(spec), here)
    store = zarr.open_group(spec.surveys[0].prediction, mode="r")
    assert store["below"].attrs["complete"] is True
    origin = read_origins(spec.surveys[0].prediction, store["facies"].shape).at(139, 71, 39)
    assert origin is not None
    assert origin.step == 2


def test_a_stopped_job_goes_on_where_it_was(spec, here, run, events):
    run(spec, (events.after(BlockPredicted, 2), StopJob()))
    assert events[-1].reason == "stopped"
    first = {event.box for event in events.of(BlockPredicted)}
    assert 2 <= len(first) < 6
    run(spec)
    second = {event.box for event in events.of(BlockPredicted)}
    assert len(first | second) == 6
    assert not first & second
    assert events.of(BlockPredicted)[-1].done == VOXELS
    check_same(arrays_of(spec), here)
    run(spec)
    assert len(events.of(BlockPredicted)) == 6  # asked again, all is predicted again


def test_workers_that_are_killed_leave_no_block_out(trained, make_spec, here, run, mortal):
    spec = make_spec("predict", probabilities=True, cluster=mortal.input)
    ended = threading.Event()
    killed = []

    def kill_now_and_then():
        while not ended.wait(1.5) and len(killed) < 4:
            for worker in mortal.workers()[:1]:
                worker.kill()
                killed.append(worker.pid)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        events = run(spec)
    finally:
        ended.set()
        killer.join()
    boxes = [event.box for event in events.of(BlockPredicted)]
    assert len(boxes) == len(set(boxes)) == 6
    check_same(arrays_of(spec), here)


def test_a_scheduler_that_is_killed_is_told_within_ten_seconds(
    trained, make_spec, run, events, mortal
):
    spec = make_spec("predict", cluster=mortal.input)

    def kill_after_a_block():
        while not events.of(BlockPredicted):
            time.sleep(0.01)
        mortal.scheduler().kill()
        moments.append(time.monotonic())

    moments = []
    killer = threading.Thread(target=kill_after_a_block)
    killer.start()
    with pytest.raises(JobError, match=r"scheduler.*predict again to go on"):
        run(spec)
    killer.join()
    assert time.monotonic() - moments[0] < 10
    assert arrays_of(spec)["facies"].any()


def test_no_scheduler_is_one_line(trained, make_spec, run, certificates):
    cluster = ClusterInput(address="tls://127.0.0.1:9", certificates=certificates)
    with pytest.raises(JobError, match=r"No connection to a scheduler at tls://127\.0\.0\.1:9"):
        run(make_spec("predict", cluster=cluster))


def test_other_certificates_are_one_line(spec, run, cluster, tmp_path):
    make_certificates(tmp_path / "other")
    other = cluster.input.model_copy(update={"certificates": tmp_path / "other"})
    with pytest.raises(JobError, match="same certificates"):
        run(spec.model_copy(update={"cluster": other}))
