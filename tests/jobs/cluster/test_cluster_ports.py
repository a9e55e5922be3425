"""Nothing of a cluster listens in the clear, and nothing on an interface that nobody asked for."""

from __future__ import annotations

import socket
import ssl
import subprocess

import psutil
import pytest

from benchmarks.cluster_nodes import COMMAND
from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.nodes import NodeOptions, run_scheduler, run_workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def listening(cluster):
    """Addresses on which any process of the cluster listens."""
    found = set()
    for process in cluster.processes:
        root = psutil.Process(process.pid)
        for one in (root, *root.children(recursive=True)):
            found |= {
                tuple(connection.laddr)
                for connection in one.net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            }
    return found


def answer_in_the_clear(address):
    with socket.create_connection(address, timeout=10) as plain:
        plain.settimeout(2)
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        try:
            return plain.recv(100)
        except (TimeoutError, ConnectionError):
            return b""


def test_every_port_is_on_loopback_and_talks_tls_alone(cluster):
    addresses = listening(cluster)
    assert len(addresses) >= 5  # scheduler, two workers and their nannies
    for host, port in addresses:
        assert host in ("127.0.0.1", "::1"), (host, port)
        answer = answer_in_the_clear((host, port))
        assert b"HTTP" not in answer, (port, answer)
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((host, port), timeout=10)
        with unchecked.wrap_socket(plain) as wrapped:
            assert wrapped.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("run", [run_scheduler, run_workers])
def test_another_interface_in_the_clear_is_refused(run):
    options = NodeOptions(Address.parse("tcp://192.0.2.1:8786"))
    with pytest.raises(JobError, match="in the clear"):
        run(options, pytest.fail)


def run_node(*arguments):
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_port_in_use_is_one_line(certificates):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        host = "tls://127.0.0.1"
        done = run_node("scheduler", "--host", host, "--port", port, "--certificates", certificates)
    assert done.returncode == 2
    assert "a scheduler cannot listen there" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_worker_without_a_scheduler_is_one_line(certificates):
    done = run_node("worker", "tls://127.0.0.1:9", "--certificates", certificates)
    assert done.returncode == 2
    assert "No scheduler answers at tls://127.0.0.1:9" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_workers_end_with_their_scheduler(mortal):
    mortal.scheduler().terminate()
    for process in mortal.processes:
        assert process.wait(60) is not None
