"""Seconds from a stroke of the brush to a prediction on screen that follows it.

A training runs as behind the window; every few seconds a stroke corrects the section on screen
where it is most wrong.  Timed until the worker has read it, and until the section, predicted
anew, is right under the stroke; what else is wrong near it is counted before and after.

``python -m benchmarks.strokes [--strokes 12] [--cubes 33 35] [--json]``
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr
from numpy.typing import NDArray

from benchmarks.accuracy_cases import CUBE_LAYOUTS, CUBES, Case, generated
from benchmarks.machine import report
from napari_hyperseg.jobs.commands import Command, StopJob, UseChangedLabels
from napari_hyperseg.jobs.events import BlockPredicted, Event, LabelsRead
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels

KEY, SECTION = "case", 30  # an inline between labelled ones
FIRST_S, REST_S, GIVEN_UP_S = 6.0, 6.0, 20.0  # before a stroke, and for it
LENGTH, HEIGHT, NEAR = 8, 24, 12  # traces and samples of a stroke, traces around it
RIGHT = 0.99  # share under the stroke


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cubes", type=int, nargs="*", choices=CUBES, default=[33, 35])
    arguments.add_argument("--strokes", type=int, default=12)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            row
            for case in generated(Path(folder), tuple(chosen.cubes))
            for row in _paint(case, Path(folder, case.name), chosen)
        ]
    report(rows, as_json=chosen.json, threads_used=chosen.threads)


def _paint(case: Case, folder: Path, chosen: argparse.Namespace) -> list[dict[str, Any]]:
    folder.mkdir()
    labelled = CUBE_LAYOUTS["4 lines"](case.volume.shape, 0)
    labels = FaciesLabels.create(folder / "labels.npy", case.volume.shape)
    labels.codes[labelled] = case.truth[labelled]
    interpreter = _Interpreter(case, labels, folder / "prediction.zarr", chosen.strokes)
    spec = JobSpec(
        kind="train",
        model=folder / "model",
        surveys=(
            SurveyInput(key=KEY, segy=case.segy, facies=labels.path, prediction=interpreter.store),
        ),
        n_classes=case.n_classes,
        live=True,
        view=View(survey=KEY, axis=0, index=SECTION),
        minutes=60,
        threads=chosen.threads,
    )
    run_job(spec, interpreter.watch, interpreter)
    return interpreter.rows


class _Interpreter:
    """Paints, looks at the section on screen, rests, and paints again."""

    def __init__(self, case: Case, labels: FaciesLabels, store: Path, strokes: int) -> None:
        self.store = store
        self.rows: list[dict[str, Any]] = []
        self._case, self._labels, self._strokes = case, labels, strokes
        self._truth = case.truth[SECTION]
        self._next = time.perf_counter() + FIRST_S
        self._stroke: tuple[slice, slice] | None = None
        self._painted, self._read_s, self._before = 0.0, math.nan, math.nan

    def poll(self, timeout_s: float = 0.0) -> list[Command]:
        """Return what the interpreter did since."""
        now = time.perf_counter()
        if self._stroke is not None and now - self._painted > GIVEN_UP_S:
            self._end(math.inf)
        if self._stroke is not None or now < self._next:
            return []
        if len(self.rows) == self._strokes:
            return [StopJob()]
        # Commands come while the worker is busy: a stroke was made when it was due.
        self._painted = max(self._next, now - 1.0)
        self._paint()
        return [UseChangedLabels(survey=KEY)]

    def watch(self, event: Event) -> None:
        """See what the worker tells."""
        if self._stroke is None:
            return
        seconds = time.perf_counter() - self._painted
        if isinstance(event, LabelsRead):
            self._read_s = seconds
        if isinstance(event, BlockPredicted) and event.visible:
            right = (self._section() == self._truth)[self._stroke].mean()
            if right >= RIGHT:
                self._end(seconds)

    def _paint(self) -> None:
        wrong = self._section() != self._truth
        window = np.ones((LENGTH, HEIGHT))
        sums = np.lib.stride_tricks.sliding_window_view(wrong, window.shape).sum(axis=(2, 3))
        j, k = np.unravel_index(sums.argmax(), sums.shape)
        self._stroke = slice(int(j), int(j) + LENGTH), slice(int(k), int(k) + HEIGHT)
        self._labels.codes[SECTION][self._stroke] = self._truth[self._stroke]
        self._labels.flush()
        self._read_s, self._before = math.nan, self._wrong_near()

    def _wrong_near(self) -> float:
        """Share of the samples near the stroke, on both sides of it, that is wrong."""
        assert self._stroke is not None
        across, down = self._stroke
        near = slice(max(0, across.start - NEAR), across.stop + NEAR)
        wrong = (self._section() != self._truth)[near, down].astype(float)
        wrong[across.start - near.start : across.stop - near.start] = np.nan
        return float(np.nanmean(wrong))

    def _end(self, seconds: float) -> None:
        row = {
            "case": self._case.name,
            "stroke": len(self.rows) + 1,
            "read_s": self._read_s,
            "right_s": seconds,
            "wrong_near_before": self._before,
            "wrong_near_after": self._wrong_near(),
        }
        print("  ".join(f"{value}" for value in row.values()), file=sys.stderr, flush=True)
        self.rows.append(row)
        self._stroke, self._next = None, time.perf_counter() + REST_S

    def _section(self) -> NDArray[np.uint8]:
        found = zarr.open_group(self.store, mode="r")["facies"]
        return np.asarray(found[SECTION])  # type: ignore[index]


if __name__ == "__main__":
    main()
