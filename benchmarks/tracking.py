"""Horizons tracked through surveys in which they are known, beside simpler ways to fill them in.

A volume is filled in from three picked crosslines; sections are tracked from one seed each, and
again with other thresholds; confidence is compared with what is right.  Surveys are the Penobscot
window (Baroni et al., Zenodo 3924682, CC BY 4.0), of which every trace was interpreted, and
generated cubes, whose faults have throws of several samples.

``python -m benchmarks.tracking [--data FOLDER] [--generated] [--json]``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import tracking_peers as peers
from benchmarks.machine import report_tables
from benchmarks.tracking_fields import Field, Grid, generated, penobscot
from benchmarks.tracking_scores import (
    RIGHT,
    Row,
    calibration_error,
    mean_row,
    of_sections,
    of_surface,
    reliability,
)
from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.section import SectionTrack, track_section
from napari_hyperseg.labels.tracking.volume import track_volume

DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "data"
BARS = {"mean_whole": 0.54, "within_1_whole": 0.93, "seconds": 20.0}
SECTION_BAR = {"within_1": 0.8}
THRESHOLD = 0.5  # as the window begins with
THRESHOLDS = (0.0, 0.3, 0.5, 0.7, 0.9)  # the first one: to the end
SEED_AT = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the line
INLINES, OF_GENERATED = 12, 6
CLICK = 3.0  # samples within which a seed snaps

Seed = tuple[str, int, int, float]  # horizon, inline, crossline, sample


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--data", type=Path, default=DEFAULT_DATA, help="the Penobscot window")
    arguments.add_argument("--generated", action="store_true", help="generated cubes alone")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    if chosen.generated:
        fields, inlines = list(generated()), OF_GENERATED
    else:
        fields, inlines = [penobscot(chosen.data)], INLINES
    tables = {title: rows for field in fields for title, rows in run(field, inlines)}
    report_tables(tables, as_json=chosen.json, bars=BARS | {"one seed": SECTION_BAR["within_1"]})


def run(field: Field, inlines: int = INLINES) -> Iterator[tuple[str, list[Row]]]:
    """All tables of one survey."""
    rows, confidence, right = volumes(field)
    yield f"{field.name}, from {len(field.lines)} crosslines", rows
    sections = Sections(field, inlines)
    yield f"{field.name}, from one seed", list(sections.beside_peers())
    yield f"{field.name}, from one seed, by threshold", list(sections.by_threshold())
    off = calibration_error(confidence, right)
    title = f"{field.name}, confidence from the crosslines: off by {off:.3f}"
    yield title, reliability(confidence, right)


def volumes(field: Field) -> tuple[list[Row], Grid, np.ndarray]:
    """Fill in every horizon in every way; also what our confidence was, and what was right."""
    rows, confidence, right = [], [], []
    asked = np.ones(field.volume.shape[:2], bool)
    asked[:, field.lines] = False
    for case, fill in FILLS.items():
        of_case = []
        for name, true in field.horizons.items():
            began = time.perf_counter()
            found, sure = fill(field, name)
            seconds = time.perf_counter() - began
            row = of_surface(found, true, asked) | {"seconds": seconds}
            of_case.append({"case": case, "horizon": name} | row)
            if sure is not None:
                tracked = asked & np.isfinite(true) & np.isfinite(found)
                confidence.append(sure[tracked])
                right.append(np.abs(found - true)[tracked] <= RIGHT)
        rows += of_case if case == "ours" else []
        rows.append({"case": case, "horizon": "all"} | mean_row(of_case))
    return rows, np.concatenate(confidence), np.concatenate(right)


def ours(field: Field, name: str) -> tuple[Grid, Grid]:
    options = TrackingOptions(event=field.event(name), threshold=THRESHOLD)
    track = track_volume(field.volume, field.picks(name), options)
    assert track is not None  # nobody stopped it
    return track.samples, track.confidence


def gridding(grid: Callable[[Grid], Grid], *, snapped: bool) -> Callable[[Field, str], tuple]:
    def fill(field: Field, name: str) -> tuple[Grid, None]:
        found = grid(field.picks(name))
        if snapped:
            found = peers.snapped(field.volume, found, field.event(name))
        return found, None

    return fill


FILLS: dict[str, Callable[[Field, str], tuple]] = {
    "ours": ours,
    "linear": gridding(peers.linear, snapped=False),
    "linear, snapped": gridding(peers.linear, snapped=True),
    "thin-plate splines": gridding(peers.splines, snapped=False),
    "thin-plate splines, snapped": gridding(peers.splines, snapped=True),
}


class Sections:
    """One seed each on inlines of a survey, at several places of every horizon."""

    def __init__(self, field: Field, inlines: int) -> None:
        self._field = field
        self._events = {name: field.event(name) for name in field.horizons}
        self._seeds = list(self._some(inlines))
        self._true = [field.horizons[name][i] for name, i, _, _ in self._seeds]
        self._on_event = [
            self._nearest(name, i, true)
            for (name, i, _, _), true in zip(self._seeds, self._true, strict=True)
        ]

    def _some(self, inlines: int) -> Iterator[Seed]:
        """Seeds snap as a click on the horizon does; where there is no event, none is set."""
        n_inlines, n_crosslines = self._field.volume.shape[:2]
        for i in np.unique(np.linspace(0, n_inlines - 1, inlines).astype(int)):
            for j in (round(share * (n_crosslines - 1)) for share in SEED_AT):
                for name, true in self._field.horizons.items():
                    trace = self._field.volume[i, j : j + 1]
                    at = snap(trace, true[i, j : j + 1], self._events[name], CLICK)[0]
                    if np.isfinite(at):
                        yield name, int(i), j, float(at)

    def _nearest(self, name: str, i: int, true: Grid) -> Grid:
        """Return the events nearest to the truth; where there is none, the truth."""
        found = snap(self._field.volume[i], true, self._events[name], CLICK)
        return np.where(np.isfinite(found), found, true)

    def beside_peers(self) -> Iterator[Row]:
        """Ours, horizon by horizon, and the naive ways to follow."""
        began = time.perf_counter()
        found = [track.samples for track in self._tracked(THRESHOLD)]
        seconds = time.perf_counter() - began
        for name in self._field.horizons:
            mine = [n for n, seed in enumerate(self._seeds) if seed[0] == name]
            if mine:
                yield self._row(f"ours, {name}", [found[n] for n in mine], mine)
        yield self._row("ours", found) | self._each(seconds)
        yield self._row("the event nearest to the truth", self._on_event)
        for case, follow in PEERS.items():
            began = time.perf_counter()
            found = [
                follow(self._field.volume[i], j, at, self._events[name])
                for name, i, j, at in self._seeds
            ]
            yield self._row(case, found) | self._each(time.perf_counter() - began)

    def by_threshold(self) -> Iterator[Row]:
        """What is tracked and right at each threshold."""
        for threshold in THRESHOLDS:
            found = [track.samples for track in self._tracked(threshold)]
            yield {"threshold": threshold} | self._score(found, range(len(found)))

    def _tracked(self, threshold: float) -> Iterator[SectionTrack]:
        options = TrackingOptions(threshold=threshold)
        for name, i, j, at in self._seeds:
            seeds = np.full(self._field.volume.shape[1], np.nan)
            seeds[j] = at
            here = replace(options, event=self._events[name])
            yield track_section(self._field.volume[i], seeds, here)

    def _row(self, case: str, found: list[Grid], mine: Sequence[int] | None = None) -> Row:
        mine = range(len(found)) if mine is None else mine
        return {"case": case, "seeds": len(found)} | self._score(found, mine)

    def _score(self, found: list[Grid], mine: Sequence[int]) -> Row:
        true, events = ([grid[n] for n in mine] for grid in (self._true, self._on_event))
        return of_sections(found, true, events)

    def _each(self, seconds: float) -> Row:
        return {"ms_each": 1000 * seconds / len(self._seeds)}


PEERS: dict[str, Callable[[np.ndarray, int, float, Event], Grid]] = {
    "nearest event, trace by trace": peers.nearest_event,
    "most alike, trace by trace": peers.most_alike,
}


if __name__ == "__main__":
    main()
