"""A project from the command line, shared by an object store, its SEG-Y file out of reach."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from typer.testing import CliRunner

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.cli.app import app
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.predictions import open_prediction

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def cluster(s3, certificates):
    """Workers that know the object store."""
    with closing(Cluster.on_loopback(certificates, workers=2)) as made:
        yield made


def hyperseg(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_everything_works_on_as_if_it_had_been_computed_here(cube, cluster, s3, tmp_path):
    segy = tmp_path / "cube.sgy"
    segy.write_bytes(cube.segy.read_bytes())
    project = Project.create(tmp_path / "cube.hyperseg", [segy]).folder
    horizons = [f"--horizon={name}={file}" for name, file in cube.horizons.items()]
    hyperseg("label", project, *horizons, "--crosslines", "2003,2040")
    hyperseg("share", project, s3.url("a project"))

    segy.rename(tmp_path / "away.sgy")
    there = ["--cluster", cluster.address, "--certificates", cluster.certificates, "--json"]
    trained = json.loads(hyperseg("train", project, "--steps", 3, *there))
    predicted = json.loads(hyperseg("predict", project, *there))
    assert trained["steps"] == 3
    assert predicted["voxels"] == 140 * 72 * 40
    assert (open_prediction(Project.open(project), "cube").facies[:] > 0).all()

    (tmp_path / "away.sgy").rename(segy)
    told = json.loads(hyperseg("evaluate", project, "--facies", cube.facies, "--json"))
    assert told["traces"] > 0
    hyperseg("export", project, "--facies", tmp_path / "facies.sgy")
