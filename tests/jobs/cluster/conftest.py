"""A real scheduler and real workers as a user starts them: processes, loopback, TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from cluster_predictions import arrays_of

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.jobs.cluster.certificates import make_certificates
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.survey.sample import SampleFiles, synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

LONG = (140, 72, 40)  # six blocks


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls") / "certificates"
    make_certificates(folder)
    return folder


@pytest.fixture(scope="module")
def cluster(certificates: Path) -> Iterator[Cluster]:
    """A scheduler with two workers."""
    with running(certificates) as made:
        yield made


@pytest.fixture
def mortal(certificates: Path) -> Iterator[Cluster]:
    """Another one, for a test that kills parts of it."""
    with running(certificates) as made:
        yield made


@contextmanager
def running(certificates: Path) -> Iterator[Cluster]:
    made = Cluster.on_loopback(certificates, workers=2)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def cube(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A synthetic survey of several blocks, in place of the small one."""
    folder = tmp_path_factory.mktemp("long")
    write_synthetic(make_synthetic(LONG, seed=3), folder, "cube")
    return synthetic_files(folder, "cube")


@pytest.fixture
def labels(cube: SampleFiles, tmp_path: Path) -> FaciesLabels:
    """The true facies on three lines."""
    labels = FaciesLabels.create(tmp_path / "labels.npy", LONG)
    labels.paste(np.load(cube.facies), inlines=[20, 120], crosslines=[36])
    return labels


@pytest.fixture
def trained(make_spec: Callable[..., JobSpec], run: Callable[..., list[Event]]) -> JobSpec:
    """A model that predicted nothing yet."""
    spec = make_spec(store=False, steps=2, prior=False)
    run(spec)
    return spec


@pytest.fixture
def here(trained, make_spec, run, tmp_path):
    """What this computer predicts."""
    spec = make_spec("predict", probabilities=True)
    local = spec.surveys[0].model_copy(update={"prediction": tmp_path / "here" / "cube.zarr"})
    run(spec.model_copy(update={"surveys": (local,)}))
    return arrays_of(spec.model_copy(update={"surveys": (local,)}))
