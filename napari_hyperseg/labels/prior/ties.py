"""Where 2D lines cross, and which of them hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from napari_hyperseg.survey.geometry import Geometry

NEAR = 0.75  # of the distance between traces: lines that come as near as this cross
APART = 5  # traces between two crossings of the same lines, at least


@dataclass(frozen=True, eq=False)
class Place:
    """Where the traces of a line lie.

    Parameters
    ----------
    at : ndarray of float, shape (n_traces, 2)
    """

    at: NDArray[np.float64]

    @cached_property
    def spacing(self) -> float:
        """Usual distance from trace to trace; 1 where that is none."""
        steps = np.hypot(*np.diff(self.at, axis=0).T)
        return float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0

    @classmethod
    def of(cls, geometry: Geometry) -> Place:
        """Where a 2D line with `line_xy` lies."""
        assert geometry.line_xy is not None
        return cls(geometry.line_xy)


def ties_of(places: Sequence[Place]) -> NDArray[np.intp]:
    """Find where lines cross.

    Parameters
    ----------
    places : sequence of Place

    Returns
    -------
    ndarray of int, shape (n, 2, 2)
        Pairs of traces, (line, trace) each, the first line before the second one.
    """
    number = np.repeat(np.arange(len(places)), [len(place.at) for place in places])
    trace = np.concatenate([np.arange(len(place.at)) for place in places])
    spacing = np.array([place.spacing for place in places])
    at = np.concatenate([place.at for place in places])
    found = []
    for line, place in enumerate(places):
        others = np.flatnonzero(number > line)
        if others.size:
            reach = NEAR * max(place.spacing, float(spacing[line + 1 :].max()))
            away, nearest = cKDTree(place.at).query(at[others], distance_upper_bound=reach)
            near = away <= NEAR * np.maximum(place.spacing, spacing[number[others]])
            others, away, nearest = others[near], away[near], nearest[near]
            pairs = np.stack(
                [np.full(len(others), line), nearest, number[others], trace[others]], 1
            )
            found.append(_nearest_alone(pairs, away))
    pairs = np.concatenate(found) if found else np.empty((0, 4), np.intp)
    return pairs.reshape(-1, 2, 2).astype(np.intp)


def lines_together(geometries: Sequence[Geometry]) -> list[list[int]]:
    """Group 2D lines that hang together by crossings.

    Parameters
    ----------
    geometries : sequence of Geometry

    Returns
    -------
    list of list of int
        Numbers of at least two lines with the same vertical axis and map unit, each; surveys of
        several lines, and lines whose place on the map is not known, are in none.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for number, geometry in enumerate(geometries):
        if geometry.line_xy is not None:
            groups.setdefault((geometry.domain, geometry.length_unit), []).append(number)
    return [part for lines in groups.values() for part in _connected(geometries, lines)]


def _connected(geometries: Sequence[Geometry], lines: list[int]) -> list[list[int]]:
    first, second = ties_of([Place.of(geometries[number]) for number in lines])[:, :, 0].T
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(lines), len(lines)))
    _, part = connected_components(links, directed=False)
    parts = [np.asarray(lines)[part == one].tolist() for one in np.unique(part)]
    return [one for one in parts if len(one) > 1]


def _nearest_alone(pairs: NDArray[np.intp], away: NDArray[np.float64]) -> NDArray[np.intp]:
    """Of pairs of the same lines close to each other, keep the one that is nearest."""
    kept: list[NDArray[np.intp]] = []
    for pair in pairs[away.argsort(kind="stable")]:
        beside = (abs(pair[3] - other[3]) < APART for other in kept if other[2] == pair[2])
        if not any(beside):
            kept.append(pair)
    return np.array(kept, np.intp).reshape(-1, 4)
