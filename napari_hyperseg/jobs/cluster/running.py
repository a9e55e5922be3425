"""Running a job on a cluster, from here: what goes out, and what comes back."""

from __future__ import annotations

from napari_hyperseg.jobs.cluster.connection import connected
from napari_hyperseg.jobs.cluster.predicting import predict_on
from napari_hyperseg.jobs.cluster.training import train_on
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.in_training import marked
from napari_hyperseg.jobs.runner import Emit
from napari_hyperseg.jobs.spec import JobSpec


def run_on_cluster(spec: JobSpec, emit: Emit, control: Control) -> None:
    """Run a job on the cluster that it names, to its end.

    Raises
    ------
    HypersegError
        If the job cannot be done, or the cluster cannot be reached or is gone.
    """
    assert spec.cluster is not None
    with connected(spec.cluster) as client:
        if spec.kind == "predict":
            predict_on(client, spec, emit, control)
        else:
            with marked(spec.model):
                train_on(client, spec, emit, control)
