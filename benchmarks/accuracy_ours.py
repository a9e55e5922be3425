"""Our training job on a case, with the prediction as it fills in."""

from __future__ import annotations

import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray

from benchmarks.accuracy_cases import Case, Mask
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.events import BlockPredicted, Event
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels

Codes = NDArray[np.uint8]
KEY = "case"


@dataclass
class Outcome:
    """What a training led to.

    Parameters
    ----------
    volumes : list of (float, ndarray)
        Minutes, and the facies of the whole survey then; the last one is the result.
    confidence : ndarray of uint8
        Of the result, in percent.
    first_section_s : float
        Seconds until the section on screen was predicted for the first time.
    """

    volumes: list[tuple[float, Codes]]
    confidence: Codes
    first_section_s: float


def train(
    case: Case, labelled: Mask, minutes: float, seed: int, threads: int, *, prior: bool
) -> Outcome:
    """Train on a case; its prediction fills in beside the training, as in the window.

    Parameters
    ----------
    case : Case
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
    minutes : float
    seed, threads : int
    prior : bool
        Whether it starts from tracked boundaries.
    """
    with tempfile.TemporaryDirectory() as folder:
        labels = FaciesLabels.create(Path(folder, "labels.npy"), case.volume.shape)
        labels.codes[labelled] = case.truth[labelled]
        labels.flush()
        store = Path(folder, "prediction.zarr")
        survey = SurveyInput(key=KEY, segy=case.segy, facies=labels.path, prediction=store)
        watch = _Watch(store)
        spec = JobSpec(
            kind="train",
            model=Path(folder, "model"),
            surveys=(survey,),
            n_classes=case.n_classes,
            live=True,
            view=View(survey=KEY, axis=0, index=case.volume.shape[0] // 3),
            minutes=minutes,
            seed=seed,
            threads=threads,
            prior=prior,
        )
        run_job(spec, watch, NoCommands())
        volumes = [*watch.volumes, (minutes, watch.read("facies"))]
        return Outcome(volumes, watch.read("confidence"), watch.first_section_s)


class _Watch:
    """Keeps what is predicted of the whole volume, each time it is complete."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._began = time.perf_counter()
        self.first_section_s = math.nan
        self.volumes: list[tuple[float, Codes]] = []

    def __call__(self, event: Event) -> None:
        if not isinstance(event, BlockPredicted):
            return
        seconds = time.perf_counter() - self._began
        if event.visible and math.isnan(self.first_section_s):
            self.first_section_s = seconds
        if event.done == event.total and not event.visible:
            self.volumes.append((seconds / 60, self.read("facies")))

    def read(self, name: str) -> Codes:
        """Return what is stored."""
        array = zarr.open_group(self._store, mode="r")[name]
        return np.asarray(array[:])  # type: ignore[index]
