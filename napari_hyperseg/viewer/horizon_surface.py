"""Horizons as triangles in space.  Pure arithmetic; knows no viewer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST_SIDE = 512  # nodes; a finer surface is not seen on a screen, and slow to turn

Mesh = tuple[NDArray[np.float32], NDArray[np.uint32]]
"""Vertices (n, 3) in array indices, and faces (m, 3)."""


def surface_mesh(samples: NDArray[np.float32], longest_side: int = LONGEST_SIDE) -> Mesh:
    """Return the surface of a horizon; it is open where a trace has no value.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_inlines, n_crosslines)
        Sample positions; NaN where there is none.
    longest_side : int
        Larger grids keep every second, third ... trace only.
    """
    stride = max(1, -(-max(samples.shape) // longest_side))
    nodes = samples[::stride, ::stride]
    there = np.isfinite(nodes)
    number = np.cumsum(there.ravel(), dtype=np.int64).reshape(there.shape) - 1
    i, j = np.nonzero(there)
    vertices = np.column_stack([stride * i, stride * j, nodes[there]]).astype(np.float32)
    corners = [
        (there[a : a + len(there) - 1, b : b + there.shape[1] - 1],
         number[a : a + len(there) - 1, b : b + there.shape[1] - 1])
        for a in (0, 1) for b in (0, 1)
    ]  # fmt: skip
    whole = [_triangles(corners, *three) for three in ((0, 1, 2), (3, 2, 1))]
    faces = np.concatenate([faces for faces, _ in whole])
    cells = np.concatenate([cells for _, cells in whole])
    # The far ones first, as seen from where the viewer starts, since depth is not tested.
    return vertices, faces[np.lexsort((cells[:, 1], -cells[:, 0]))].astype(np.uint32)


def joined(
    meshes: Sequence[Mesh], shape: tuple[int, int, int], order: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.float32]] | None:
    """Join the surfaces of several horizons in a cube of side 1; the deepest comes first.

    Napari may take the columns of vertices for the displayed axes in the order of display (see
    `napari_versions`), so they can be had in that order; in a cube of side 1 the layer's extent
    is the same for every order.

    Parameters
    ----------
    meshes : sequence of Mesh
        From top to bottom.
    shape : tuple of int
        The survey's.
    order : sequence of int
        How the viewer orders the three axes, where that matters; else (0, 1, 2).

    Returns
    -------
    tuple of ndarray, or None
        Vertices, faces, and a value per vertex, 0.5 for the first horizon, 1.5 for the second;
        None without a triangle.
    """
    numbered = [(n + 0.5, *mesh) for n, mesh in enumerate(meshes) if len(mesh[1])][::-1]
    if not numbered:
        return None
    counts = [len(vertices) for _, vertices, _ in numbered]
    starts = np.cumsum([0, *counts[:-1]])
    vertices = np.concatenate([vertices for _, vertices, _ in numbered]) / cube_size(shape)
    faces = [mesh[2] + start for mesh, start in zip(numbered, starts, strict=True)]
    values = np.repeat([value for value, _, _ in numbered], counts)
    displayed = np.argsort(np.argsort(order))
    return (
        np.ascontiguousarray(vertices[:, displayed], np.float32),
        np.concatenate(faces).astype(np.uint32),
        values.astype(np.float32),
    )


def cube_size(shape: tuple[int, int, int]) -> NDArray[np.float32]:
    """Return how many steps long the survey is along each axis, at least one."""
    return np.maximum(np.array(shape, np.float32) - 1, 1)


def _triangles(
    corners: list[tuple[NDArray[np.bool_], NDArray[np.int64]]], a: int, b: int, c: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the triangles of all cells between three of their corners, and the cells."""
    whole = corners[a][0] & corners[b][0] & corners[c][0]
    faces = np.stack([corners[corner][1][whole] for corner in (a, b, c)], axis=1)
    return faces, np.argwhere(whole)
