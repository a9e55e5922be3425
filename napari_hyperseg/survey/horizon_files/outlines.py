"""Outlines of a mask: rings along the edges of its cells, holes apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Corner = tuple[int, int]
Ring = list[Corner]
LEFT = {(1, 0): (0, 1), (0, 1): (-1, 0), (-1, 0): (0, -1), (0, -1): (1, 0)}


def mask_polygons(mask: NDArray[np.bool_]) -> list[list[Ring]]:
    """Give a polygon for each part of a mask: its outer ring, then its holes.

    Parameters
    ----------
    mask : ndarray of bool, shape (n, m)
        Cells; those that touch at a corner only are apart.

    Returns
    -------
    list of list of list of (i, j)
        Closed rings of corners; cell (i, j) has the corners (i, j) to (i + 1, j + 1).
        Outer rings turn from the first axis to the second, holes the other way.
    """
    rings = _rings(_edges(mask))
    polygons = [[ring] for ring in rings if _area(ring) > 0]
    for hole in (ring for ring in rings if _area(ring) < 0):
        around = [polygon for polygon in polygons if _encloses(polygon[0], hole)]
        min(around, key=lambda polygon: _area(polygon[0])).append(hole)
    return polygons


def _edges(mask: NDArray[np.bool_]) -> dict[Corner, list[Corner]]:
    """Give the directions in which edges leave a corner, with the mask to their left."""
    padded = np.pad(mask, 1)
    cells = padded[1:-1, 1:-1]
    sides = (
        (cells & ~padded[1:-1, :-2], (0, 0), (1, 0)),
        (cells & ~padded[2:, 1:-1], (1, 0), (0, 1)),
        (cells & ~padded[1:-1, 2:], (1, 1), (-1, 0)),
        (cells & ~padded[:-2, 1:-1], (0, 1), (0, -1)),
    )
    edges: dict[Corner, list[Corner]] = {}
    for where, (di, dj), direction in sides:
        for i, j in np.argwhere(where).tolist():
            edges.setdefault((i + di, j + dj), []).append(direction)
    return edges


def _rings(edges: dict[Corner, list[Corner]]) -> list[Ring]:
    """Chain edges; where two leave a corner, turn left, to stay with the cell."""
    rings = []
    while edges:
        start = next(iter(edges))
        corner, direction = start, edges[start][0]
        ring: Ring = [start]
        first = direction
        while True:
            edges[corner].remove(direction)
            if not edges[corner]:
                del edges[corner]
            corner = corner[0] + direction[0], corner[1] + direction[1]
            onward = edges.get(corner, [first])
            turn = LEFT[direction] if LEFT[direction] in onward else onward[0]
            closed = corner == start and first not in edges.get(corner, []) and turn == first
            if turn != direction or closed:
                ring.append(corner)
            if closed:
                break
            direction = turn
        rings.append(ring)
    return rings


def _area(ring: Ring) -> float:
    i, j = np.array(ring, float).T
    return float(np.sum(i[:-1] * j[1:] - i[1:] * j[:-1]) / 2)


def _encloses(ring: Ring, hole: Ring) -> bool:
    """Cast a ray from just inside a cell at the hole's first corner; count crossings."""
    (i0, j0), (i1, j1) = hole[0], hole[1]
    di, dj = np.sign(i1 - i0), np.sign(j1 - j0)
    i, j = i0 + 0.5 * di - 0.25 * dj, j0 + 0.5 * dj + 0.25 * di  # left of the edge: the mask
    a, b = np.array(ring[:-1], float), np.array(ring[1:], float)
    crosses = (a[:, 1] > j) != (b[:, 1] > j)
    return bool(np.sum(crosses & (a[:, 0] > i)) % 2)
