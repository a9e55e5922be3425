"""2D lines in one project: from four labelled lines to the thirteen that cross them.

Generated lines of one area, F3-like in extent (see `line_cases`).  Beside ours: the boundaries
tracked along every line from where labelled lines cross it; thin plates over the map; and the
network alone, without what is tracked.

``python -m benchmarks.lines [--seeds 41] [--minutes 10] [--methods ...] [--json]``
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zarr
from numpy.typing import NDArray

from benchmarks.accuracy_cases import surfaces_of
from benchmarks.accuracy_scores import layered
from benchmarks.line_cases import CHARACTERS, SHAPE, Line, make_lines
from benchmarks.machine import report
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.events import BlockPredicted, Event
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.prior.gridding import thin_plate
from napari_hyperseg.labels.tracking.events import Event as SeismicEvent
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.volume import track_volume
from napari_hyperseg.learn.metrics import confusion, scores_of

OURS, BARE, TRACKED, PLATES = "ours", "ours, from nothing", "auto-tracking", "thin plates"
METHODS = (TRACKED, PLATES, BARE, OURS)
Codes = NDArray[np.uint8]
Row = dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, nargs="*", default=[41], metavar="SEED")
    arguments.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    torch.set_num_threads(chosen.threads)
    rows: list[Row] = []
    for seed in chosen.seeds:
        with tempfile.TemporaryDirectory() as folder:
            lines = make_lines(Path(folder), seed)
            for method in chosen.methods:
                for row in _run(method, lines, chosen):
                    rows.append({"seed": seed, "method": method, **row})
                    print(rows[-1], file=sys.stderr, flush=True)
    report(rows, as_json=chosen.json, minutes=chosen.minutes, threads_used=chosen.threads)


def _run(method: str, lines: Sequence[Line], chosen: argparse.Namespace) -> Iterator[Row]:
    if method in (OURS, BARE):
        yield from _train(lines, chosen, prior=method == OURS)
        return
    began = time.perf_counter()
    found = (_tracked if method == TRACKED else _plates)(lines)
    yield {"minutes": (time.perf_counter() - began) / 60, **_score(lines, found)}


def _score(lines: Sequence[Line], found: Sequence[Codes]) -> Row:
    """Figures over all lines that are not labelled."""
    n = len(CHARACTERS)
    counts, errors = np.zeros((n + 1, n + 1), np.int64), []
    for line, codes in zip(lines, found, strict=True):
        if not line.labelled:
            counts += confusion(line.truth, codes, n)
            errors.append(
                np.abs(surfaces_of(codes, n) - surfaces_of(line.truth, n)).reshape(n - 1, -1)
            )
    figures, missed = scores_of(counts), np.concatenate(errors, axis=1)
    return {
        "mean_iou": figures.mean_iou,
        "pixel_accuracy": figures.pixel_accuracy,
        "horizon_error": float(missed.mean()),
        "within_1": float((missed <= 1).mean()),
    }


def _picks(lines: Sequence[Line]) -> list[NDArray[np.float64]]:
    """Picks of the labelled lines, and those at crossings with them on the others."""
    maps = np.full((len(CHARACTERS) - 1, *SHAPE[:2]), np.nan)
    for line in lines:
        if line.labelled:
            found = surfaces_of(line.truth, len(CHARACTERS))[:, 0]
            inside = (found > 0) & (found < SHAPE[2])
            maps[:, *line.at.T] = np.where(inside, found, np.nan)
    return [maps[:, *line.at.T][:, None] for line in lines]


def _tracked(lines: Sequence[Line]) -> list[Codes]:
    """Track every boundary along every line, from where labelled lines cross it."""
    options = TrackingOptions(event=SeismicEvent.NONE, threshold=0.0)

    results = []
    for line, picks in zip(lines, _picks(lines), strict=True):
        found = np.full(picks.shape, -np.inf)  # not picked on this line: nothing lies above it
        for number in np.flatnonzero(np.isfinite(picks).any(axis=(1, 2))):
            track = track_volume(line.volume, picks[number], options)
            assert track is not None
            found[number] = np.nan_to_num(track.samples, nan=-np.inf)
        results.append(_layered(found))
    return results


def _plates(lines: Sequence[Line]) -> list[Codes]:
    """Bend a thin plate over the map through the picks of the labelled lines."""
    coarse = 4  # traces
    shape = tuple(-(-extent // coarse) for extent in SHAPE[:2])
    maps = np.full((len(CHARACTERS) - 1, *shape), np.nan)
    for line, picks in zip(lines, _picks(lines), strict=True):
        if line.labelled:
            maps[:, *(line.at // coarse).T] = picks[:, 0]
    plates = [thin_plate(one) for one in maps]
    found = (np.array([plate[tuple((line.at // coarse).T)] for plate in plates]) for line in lines)
    return [_layered(surfaces[:, None]) for surfaces in found]


def _layered(surfaces: NDArray[np.float64]) -> Codes:
    return layered(np.maximum.accumulate(surfaces, axis=0), SHAPE[2])


def _train(lines: Sequence[Line], chosen: argparse.Namespace, *, prior: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        surveys = tuple(_input(line, Path(folder)) for line in lines)
        began = time.perf_counter()
        rows: list[Row] = []

        def watch(event: Event) -> None:
            if isinstance(event, BlockPredicted) and event.done == event.total:
                minutes = (time.perf_counter() - began) / 60
                rows.append({"minutes": minutes, **_score(lines, _stored(surveys))})

        spec = JobSpec(
            kind="train",
            model=Path(folder, "model"),
            surveys=surveys,
            n_classes=len(CHARACTERS),
            live=True,
            minutes=chosen.minutes,
            threads=chosen.threads,
            prior=prior,
        )
        run_job(spec, watch, NoCommands())
        yield from rows


def _input(line: Line, folder: Path) -> SurveyInput:
    facies = None
    if line.labelled:
        labels = FaciesLabels.create(folder / f"{line.key}.npy", line.truth.shape)
        labels.codes[:] = line.truth
        labels.flush()
        facies = labels.path
    store = folder / f"{line.key}.zarr"
    return SurveyInput(key=line.key, segy=line.segy, facies=facies, prediction=store)


def _stored(surveys: Sequence[SurveyInput]) -> list[Codes]:
    stores = (zarr.open_group(survey.prediction, mode="r") for survey in surveys)
    return [np.asarray(store["facies"][:]) for store in stores]


if __name__ == "__main__":
    main()
