"""Horizons out of a prediction: the boundaries between its classes, between samples.

Owns where they are left open, and that they may lie on an event of the traces, which are read
64 inlines at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.targets import Grid
from napari_hyperseg.labels.tracking.events import Event, snap
from napari_hyperseg.project.boundary_maps import BoundaryMap, boundary_maps
from napari_hyperseg.project.row_blocks import row_blocks

if TYPE_CHECKING:
    from napari_hyperseg.project.predictions import Prediction
    from napari_hyperseg.survey.geometry import Geometry
    from napari_hyperseg.survey.survey import Survey

LEAST_SURE = 0.2  # where a boundary is less sure than this, there is no horizon
SNAP_WINDOW = 2.0  # samples to the event at most; else a horizon stays where it is


@dataclass(frozen=True, eq=False)
class BoundaryHorizon:
    """A boundary between two classes.

    Parameters
    ----------
    values : ndarray of float, shape (n_inlines, n_crosslines)
        In the survey's vertical unit; NaN where there is none.
    sure : ndarray of float, same shape
        How likely it lies within a sample and a half, 0 to 1; NaN where there is none.
    """

    values: Grid
    sure: Grid


def boundary_horizons(
    prediction: Prediction, order: Order, geometry: Geometry, least_sure: float = LEAST_SURE
) -> list[BoundaryHorizon]:
    """Find the boundaries between classes that follow each other in `order`.

    Parameters
    ----------
    prediction : Prediction
    order : tuple of int
        Its codes, from top to bottom.
    geometry : Geometry
        The survey's; dead traces have no horizon.
    least_sure : float
        Traces where a boundary is less sure are left open.
    """
    found = boundary_maps(prediction, order)
    return [_horizon(one, geometry, least_sure) for one in found]


def snapped(
    horizons: Sequence[BoundaryHorizon],
    events: Sequence[Event],
    survey: Survey,
    window: float = SNAP_WINDOW,
) -> list[BoundaryHorizon]:
    """Move horizons to the nearest events of the traces; where none is near, they stay.

    Parameters
    ----------
    horizons : sequence of BoundaryHorizon
    events : sequence of Event
        One for each; `Event.NONE` leaves it as it is.
    survey : Survey
        Whose traces they are on.
    window : float
        Farthest distance of an event, in samples.
    """
    geometry = survey.geometry
    results = [horizon.values.copy() for horizon in horizons]
    if any(event is not Event.NONE for event in events):
        for rows in row_blocks(survey.volume.shape[0]):
            traces = np.asarray(survey.volume[rows])
            for result, event in zip(results, events, strict=True):
                result[rows] = _snapped(traces, result[rows], event, window, geometry)
    return [
        BoundaryHorizon(values, horizon.sure)
        for values, horizon in zip(results, horizons, strict=True)
    ]


def _horizon(found: BoundaryMap, geometry: Geometry, least_sure: float) -> BoundaryHorizon:
    there = geometry.live_mask & (found.sure >= least_sure)
    twt_ms = geometry.time_at(found.samples.astype(np.float64))
    return BoundaryHorizon(np.where(there, twt_ms, np.nan), np.where(there, found.sure, np.nan))


def _snapped(
    traces: NDArray[np.number], values: Grid, event: Event, window: float, geometry: Geometry
) -> Grid:
    at = geometry.sample_position(values).ravel()
    moved = snap(traces.reshape(len(at), -1), at, event, window)
    samples = np.where(np.isfinite(moved), moved, at).reshape(values.shape)
    return geometry.time_at(samples)
