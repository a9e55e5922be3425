"""What the compose file starts works, here without containers; the image copies what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from napari_hyperseg.jobs.cluster.certificates import make_certificates

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"


@pytest.fixture
def services():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]


def test_the_image_copies_what_there_is_and_what_is_not_ignored():
    text = (DOCKER / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (.*) \S+$", text, re.M) for name in line.split()]
    assert "napari_hyperseg" in copied
    let_in = re.findall(r"^!(\S+)$", (DOCKER / "Dockerfile.dockerignore").read_text(), re.M)
    assert sorted(copied) == sorted(let_in)
    assert all((ROOT / name).exists() for name in copied)
    links = [path for path in (ROOT / "napari_hyperseg").rglob("*") if path.is_symlink()]
    assert {one.resolve().relative_to(ROOT).parts[0] for one in links} <= set(copied)


def test_every_service_mounts_surveys_and_certificates(services):
    for service in services.values():
        assert [one.rpartition(":")[0] for one in service["volumes"]] == [
            "${CERTIFICATES:?Say where the certificates are.}:/certificates",
            "${SURVEYS:?Say where projects and SEG-Y files are.}",
        ]
        assert service["command"][-2:] == ["--certificates", "/certificates"]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["worker", "gpu-worker"])
def test_scheduler_and_workers_find_each_other(services, name, tmp_path):
    make_certificates(tmp_path / "certificates")
    scheduler = start(services["scheduler"]["command"], tmp_path, "tls://127.0.0.1", port="0")
    try:
        address = scheduler.stdout.readline().strip()
        assert address.startswith("tls://127.0.0.1:")
        worker = start(services[name]["command"], tmp_path, address)
        try:
            assert worker.stdout.readline().startswith("tls://127.0.0.1:")
        finally:
            end(worker)
    finally:
        end(scheduler)


def start(command, folder, address, port=None):
    """Start what a service starts; its name in the network is this computer's."""
    here = {"tls://scheduler": address, "/certificates": str(folder / "certificates")}
    words = [here.get(word, word.replace("${GPUS:-1}", "1")) for word in command]
    words += [] if port is None else ["--port", port]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "napari_hyperseg", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def end(process):
    process.terminate()
    process.communicate(timeout=60)
