"""Values of a map grid at the traces of a survey, by bilinear interpolation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import MapGrid
from napari_hyperseg.survey.horizon_files.positions import need_map

ON_NODE = 1e-3  # of a cell: increments are stored to few digits


def sample_grid(
    grid: MapGrid, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate a grid at map coordinates.

    Parameters
    ----------
    grid : MapGrid
        Values at nodes.
    x, y : ndarray, of one shape
        Map coordinates.

    Returns
    -------
    ndarray of float64, of that shape
        NaN outside the grid, and where a node that counts is undefined.
    """
    u, v = (np.clip(axis, -2, max(grid.values.shape) + 1) for axis in grid_positions(grid, x, y))
    total = np.zeros(x.shape)
    for u_node, u_weight in _neighbours(u):
        for v_node, v_weight in _neighbours(v):
            weight = u_weight * v_weight
            counts = weight > 0
            total[counts] += weight[counts] * _node(grid.values, u_node[counts], v_node[counts])
    return total


def grid_positions(
    grid: MapGrid, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give fractional node indices of map coordinates."""
    axes = np.array([grid.step_u, grid.step_v]).T
    offset = np.stack([x - grid.origin[0], y - grid.origin[1]]).reshape(2, -1)
    nodes: NDArray[np.float64] = np.linalg.solve(axes, offset).reshape(2, *x.shape)
    return _to_node(nodes[0]), _to_node(nodes[1])


def node_coordinates(grid: MapGrid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give x and y of every node, each of the grid's shape."""
    nodes: NDArray[np.int64] = np.indices(grid.values.shape)
    u, v = nodes[0], nodes[1]
    x = grid.origin[0] + u * grid.step_u[0] + v * grid.step_v[0]
    return x, grid.origin[1] + u * grid.step_u[1] + v * grid.step_v[1]


def survey_grid(horizon: NDArray[np.float64], geometry: Geometry) -> MapGrid:
    """Give a horizon as a map grid whose nodes are the survey's traces."""
    to_xy = need_map(geometry)
    x, y = to_xy @ [geometry.inlines[0], geometry.crosslines[0], 1]
    u, v = to_xy[:, 0] * geometry.inline_step, to_xy[:, 1] * geometry.crossline_step
    return MapGrid(horizon, (float(x), float(y)), (u[0], u[1]), (v[0], v[1]))


def _to_node(position: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.round(position)
    near: NDArray[np.float64] = np.where(np.abs(position - whole) < ON_NODE, whole, position)
    return near


def _neighbours(position: NDArray[np.float64]) -> list[tuple[NDArray[np.int64], NDArray]]:
    below = np.floor(position)
    share = position - below
    node = below.astype(np.int64)
    return [(node, 1 - share), (node + 1, share)]


def _node(values: NDArray[np.float64], u: NDArray, v: NDArray) -> NDArray[np.float64]:
    n_u, n_v = values.shape
    inside = (u >= 0) & (u < n_u) & (v >= 0) & (v < n_v)
    found = np.full(u.shape, np.nan)
    found[inside] = values[u[inside], v[inside]]
    return found
