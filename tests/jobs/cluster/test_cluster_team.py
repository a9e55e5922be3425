"""Workers of a real cluster that train one model together."""

from __future__ import annotations

import psutil
import pytest
from safetensors.numpy import load_file

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.connection import connected
from napari_hyperseg.jobs.cluster.together import choose_team
from napari_hyperseg.jobs.commands import ResumeJob
from napari_hyperseg.jobs.events import CheckpointSaved, JobStarted, StepFinished
from napari_hyperseg.jobs.spec import ClusterInput

STEPS = 3
ONE = {"tls://10.0.0.1:1": "cpu"}
TWO_HOSTS = {
    "tls://10.0.0.1:1": "cuda",
    "tls://10.0.0.1:2": "cpu",
    "tls://10.0.0.2:1": "cuda",
    "tls://10.0.0.2:2": "cuda",
}


def chosen(there, **wanted):
    return choose_team(there, ClusterInput(address="10.0.0.9", **wanted))


def test_one_trains_alone_unless_there_are_gpus():
    assert chosen(ONE | {"tls://10.0.0.1:2": "cpu"}) == ["tls://10.0.0.1:1"]
    assert chosen(TWO_HOSTS) == ["tls://10.0.0.2:1", "tls://10.0.0.2:2"]


def test_as_many_as_are_wanted_train_those_of_one_machine_first():
    assert chosen(TWO_HOSTS, workers=1) == ["tls://10.0.0.2:1"]
    three = ["tls://10.0.0.2:1", "tls://10.0.0.2:2", "tls://10.0.0.1:1"]
    assert chosen(TWO_HOSTS, workers=3, clear=True) == three


def test_nothing_crosses_a_network_in_the_clear_unasked():
    with pytest.raises(JobError, match=r"in the clear\. Take 2 on one machine, or add --no-tls"):
        chosen(TWO_HOSTS, workers=3)


def test_more_than_there_are_is_one_line():
    with pytest.raises(JobError, match="2 workers are to train together; the cluster has 1"):
        chosen(ONE, workers=2)


def process_at(address, cluster):
    port = Address.parse(address).port
    (found,) = (worker for worker in cluster.workers() if port in listening(worker))
    return found


def listening(worker):
    """Ports by their hosts."""
    connections = worker.net_connections("inet")
    return {c.laddr.port: c.laddr.ip for c in connections if c.status == psutil.CONN_LISTEN}


@pytest.fixture
def there(make_spec):
    def make(cluster, **fields):
        both = cluster.input.model_copy(update={"workers": 2})
        return make_spec(store=False, prior=False, cluster=both, **fields)

    return make


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_find_the_model_of_one(there, cluster, run, tmp_path):
    spec = there(cluster, steps=STEPS)
    events = run(spec)
    assert events.of(JobStarted)[0].device == "2 x cpu of 127.0.0.1"
    assert len(events.of(StepFinished)) == STEPS
    run(spec.model_copy(update={"cluster": None, "model": tmp_path / "here"}))
    found = load_file(tmp_path / "model" / "weights.safetensors")
    for key, values in load_file(tmp_path / "here" / "weights.safetensors").items():
        assert found[key] == pytest.approx(values, abs=2e-5), key


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_one_that_is_killed_ends_it_with_a_checkpoint(there, mortal, run, events):
    with connected(mortal.input) as client:
        _, helper = sorted(client.nthreads())

    def kill_after_a_checkpoint():
        if not events.of(CheckpointSaved):
            return False
        process_at(helper, mortal).kill()
        return True

    with pytest.raises(JobError, match=r"shared the training.* is gone.*train again"):
        run(there(mortal, minutes=5), (kill_after_a_checkpoint, ResumeJob()))
    done = events.of(StepFinished)[-1].step
    assert events.of(CheckpointSaved)[-1].step == done
    run(there(mortal, steps=1))
    assert events.of(StepFinished)[0].step == done + 1


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_they_talk_on_the_loopback_interface_alone(there, mortal, run, events):
    seen = set()

    def look():
        if not events.of(StepFinished):
            return False
        for worker in mortal.workers():
            seen.update(listening(worker).values())
        return True

    run(there(mortal, steps=STEPS), (look, ResumeJob()))
    assert seen <= {"127.0.0.1", "::1"}
    assert seen
