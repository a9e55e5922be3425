"""Surveys, models and clusters for `benchmarks.scale`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.survey.sample import SampleFiles, synthetic_files
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic

SEED = 61
KEY = "cube"
Row = dict[str, Any]


@contextmanager
def pinned_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start workers, each on a core of its own, for the length of a block."""
    cluster = Cluster.on_loopback(folder / "certificates", workers=0)
    try:
        for core in range(workers):
            cluster.add_worker(core)
        yield cluster
    finally:
        cluster.close()


def predict(spec: JobSpec, cluster: Cluster) -> tuple[float, tuple[np.ndarray, ...]]:
    """Predict everything; seconds, and what is on disk then."""
    store = spec.surveys[0].prediction
    assert store is not None
    began = time.perf_counter()
    run_job(spec.model_copy(update={"cluster": cluster.input}), lambda event: None, NoCommands())
    took = time.perf_counter() - began
    group: Any = zarr.open_group(store, mode="r")
    return took, (group["facies"][:], group["confidence"][:])


def make_cube(folder: Path, shape: tuple[int, int, int]) -> SampleFiles:
    """Make a survey with its truth."""
    folder.mkdir()
    write_synthetic(make_synthetic(shape, seed=SEED), folder, KEY)
    return synthetic_files(folder, KEY)


def training_of(folder: Path, files: SampleFiles) -> JobSpec:
    """One step of training on two labelled lines."""
    facies = np.load(files.facies)
    labels = FaciesLabels.create(folder / "labels.npy", facies.shape)
    labels.paste(facies, inlines=[len(facies) // 4, 3 * len(facies) // 4])
    survey = SurveyInput(key=KEY, segy=files.segy, facies=labels.path)
    common: Row = {
        "model": folder / "model",
        "n_classes": int(facies.max()),
        "threads": 1,
        "device": "cpu",
    }
    return JobSpec(kind="train", steps=1, surveys=(survey,), **common)


def trained(folder: Path, files: SampleFiles) -> JobSpec:
    """The prediction by a model of one step, whose network counts in full."""
    training = training_of(folder, files)
    run_job(training, lambda event: None, NoCommands())
    model = load_model(folder / "model", torch.device("cpu"))
    model.balance = 0.5
    model.save(folder / "model")
    (survey,) = training.surveys
    wanted = survey.model_copy(update={"prediction": folder / "prediction" / "cube.zarr"})
    return training.model_copy(update={"kind": "predict", "surveys": (wanted,)})
