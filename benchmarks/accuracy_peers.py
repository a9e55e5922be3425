"""Horizons filled in without learning: gridded, snapped to events, tracked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

from benchmarks.accuracy_cases import Case, Mask
from benchmarks.accuracy_scores import layered
from benchmarks.tracking_fields import event_of
from benchmarks.tracking_peers import snapped, splines
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.volume import track_volume

Grid = NDArray[np.float64]
Fill = Callable[[Case, Grid], Grid]


def linear(case: Case, picks: Grid) -> Grid:
    """Straight between the picks, in triangles; beyond them, as the nearest one."""
    known = np.isfinite(picks)
    at, values = np.argwhere(known).astype(float), picks[known]
    everywhere = np.argwhere(np.ones_like(known)).astype(float)
    found = NearestNDInterpolator(at, values)(everywhere)
    if np.linalg.matrix_rank(at - at[0]) == 2:
        inside = LinearNDInterpolator(at, values)(everywhere)
        found = np.where(np.isfinite(inside), inside, found)
    return found.reshape(picks.shape)


def thin_plates(case: Case, picks: Grid) -> Grid:
    """Thin-plate splines; where all picks are on one line, straight lines."""
    at = np.argwhere(np.isfinite(picks))
    if np.linalg.matrix_rank(at - at[0]) < 2:
        return linear(case, picks)
    return splines(picks)


def tracked(case: Case, picks: Grid) -> Grid:
    """Tracked between the picks and beyond them; where the track ends, thin plates go on."""
    track = track_volume(case.volume, picks, TrackingOptions(event=Event.NONE, threshold=0.0))
    assert track is not None
    known = np.isfinite(track.samples)
    return np.where(known, track.samples, thin_plates(case, picks))


def then_snapped(fill: Fill) -> Fill:
    """Move what was gridded to the nearest event, and smooth it."""

    def filled(case: Case, picks: Grid) -> Grid:
        return snapped(case.volume, fill(case, picks), event_of(case.volume, picks))

    return filled


def predict(fill: Fill, case: Case, labelled: Mask) -> NDArray[np.uint8]:
    """Fill in every horizon and number what lies between."""
    found: list[Grid] = []
    for picks in case.picks(labelled):
        found.append(fill(case, picks) if np.isfinite(picks).any() else _below(case, found))
    return layered(np.maximum.accumulate(found, axis=0), case.volume.shape[2])


def _below(case: Case, found: list[Grid]) -> Grid:
    """A horizon that is picked nowhere: not above the one before."""
    return found[-1] if found else np.zeros(case.volume.shape[:2])


PEERS: dict[str, Fill] = {
    "linear gridding": linear,
    "linear gridding, snapped": then_snapped(linear),
    "thin plates": thin_plates,
    "thin plates, snapped": then_snapped(thin_plates),
    "auto-tracking": tracked,
}
