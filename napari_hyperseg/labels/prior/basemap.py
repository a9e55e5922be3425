"""How the traces of a volume lie on the map: as those of a cube, or along 2D lines that cross."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from napari_hyperseg.labels.prior.aggregation import Costs, aggregated, tied

Grid = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

NODES = 4  # traces between the nodes at which a smooth surface is evaluated


class Basemap:
    """Traces of a cube: lines lie side by side, a trace beside a trace.

    Attributes
    ----------
    abreast : bool
        Whether neighbouring inlines of the volume are neighbours on the map.
    straight : float
        Places no wider than this share of their length lie on one line.
    jump_cost : float
        Of a departure of one sample from one trace to the next, see `aggregation`.
    ties : ndarray of int, shape (n, 2, 2)
        Pairs of traces, by their indices, that are at one place.
    """

    abreast = True
    straight = 0.0
    jump_cost = 0.15
    ties: Index

    def __init__(self) -> None:
        self.ties = np.empty((0, 2, 2), np.intp)

    def places(self, traces: Index) -> Grid:
        """Places of traces, given by their indices, shape (n, 2), in traces."""
        return traces.astype(float)

    def evaluated(self, surface: Callable[[Grid], Grid], shape: tuple[int, ...]) -> Grid:
        """Evaluate a smooth function of places at all traces of a map."""
        nodes = [np.unique([*range(0, n, NODES), n - 1]) for n in shape]
        coarse = surface(self.places(_points(*nodes))).reshape([len(axis) for axis in nodes])
        if min(coarse.shape) < 2:
            return np.broadcast_to(coarse, shape).copy()
        fine = RegularGridInterpolator(nodes, coarse)
        result: Grid = fine(_points(*map(np.arange, shape))).reshape(shape)
        return result

    def nearest(self, picked: Mask) -> tuple[Grid, Index]:
        """Distance of all traces to the nearest picked one, and its number as in `argwhere`."""
        distance, (i, j) = distance_transform_edt(~picked, return_indices=True)
        numbers = np.cumsum(picked).reshape(picked.shape) - 1
        return distance, numbers[i, j]

    def aggregated(self, costs: Costs, heights: Grid, fault_cost: float) -> Costs:
        """Mean cost of the best paths through every offset from `heights`, see `aggregation`."""
        return aggregated(costs, self.jump_cost, fault_cost)

    @property
    def axes(self) -> tuple[int, ...]:
        """Along which traces are neighbours."""
        return (0, 1) if self.abreast else (1,)

    def around(self, traces: int) -> tuple[int, int]:
        """Size of a filter over so many traces, along every axis on which they are neighbours."""
        return (traces, traces) if self.abreast else (1, traces)


@dataclass(frozen=True, eq=False)
class LinesMap(Basemap):
    """Traces of 2D lines, each a row of the volume.

    Parameters
    ----------
    at : ndarray of float, shape (n_lines, n_traces, 2)
        Places, in traces.  Rows go on beyond the end of a shorter line.
    ties : ndarray of int, shape (n, 2, 2)
        Pairs of traces, (row, trace) each, at which lines cross; each pair once.
    """

    at: Grid
    ties: Index
    abreast = False
    straight = 0.02
    jump_cost = 0.4  # guides follow the dip already

    def places(self, traces: Index) -> Grid:
        """Places of traces, given by their indices, shape (n, 2), in traces."""
        result: Grid = self.at[tuple(traces.T)]
        return result

    def evaluated(self, surface: Callable[[Grid], Grid], shape: tuple[int, ...]) -> Grid:
        """Evaluate a smooth function of places at all traces of a map."""
        n_lines, n_traces = shape
        nodes = np.unique([*range(0, n_traces, NODES), n_traces - 1])
        coarse = surface(self.places(_points(np.arange(n_lines), nodes))).reshape(n_lines, -1)
        every = np.arange(n_traces)
        return np.array([np.interp(every, nodes, row) for row in coarse])

    def nearest(self, picked: Mask) -> tuple[Grid, Index]:
        """Distance of all traces to the nearest picked one, and its number as in `argwhere`."""
        distance, number = cKDTree(self.at[picked]).query(self.at.reshape(-1, 2))
        return distance.reshape(picked.shape), number.reshape(picked.shape)

    def aggregated(self, costs: Costs, heights: Grid, fault_cost: float) -> Costs:
        """Mean cost of the best paths through every offset from `heights`, see `aggregation`."""
        return tied(costs, heights, self.ties, self.jump_cost, fault_cost)


CUBE = Basemap()


def _points(i: Index, j: Index) -> Index:
    return np.stack(np.meshgrid(i, j, indexing="ij"), axis=-1).reshape(-1, 2)
