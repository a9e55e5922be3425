"""Discs on the map: the traces that a well speaks for."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.content import Well
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.positions import has_map

METRES_IN = {"m": 1.0, "ft": 0.3048}
MOST_TRACES = 200.0
_TYPED = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(m|metres?|meters?|traces?|bins?)?\s*", re.I)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Radius:
    """How far from a well its labels reach.

    Parameters
    ----------
    size : float
        In metres on the map, or in traces.
    unit : {"m", "traces"}
    """

    size: float
    unit: Literal["m", "traces"] = "m"

    @classmethod
    def typed(cls, text: str) -> Radius:
        """Read "50", "50 m" or "3 traces".

        Raises
        ------
        WellError
            If it is no such length.
        """
        match = _TYPED.fullmatch(text)
        if match is None:
            raise WellError(f'A radius cannot be "{text}". Write 50 (metres) or 3 traces.')
        counts = (match[2] or "m").lower()[0] != "m"
        return cls(float(match[1].replace(",", ".")), "traces" if counts else "m")

    def __str__(self) -> str:
        return f"{self.size:g} {'trace' if self == ONE_TRACE else self.unit}"


ONE_TRACE = Radius(1.0, "traces")
IN_METRES, IN_TRACES = Radius(50.0), Radius(3.0, "traces")


def default_radius(geometry: Geometry) -> Radius:
    """Return 50 m, or 3 traces where the survey has no map coordinates."""
    return IN_METRES if has_map(geometry) else IN_TRACES


@dataclass(frozen=True, eq=False)
class Disc:
    """The traces within the radius of a well, and always the one next to it.

    Parameters
    ----------
    start : tuple of int
        First inline and crossline index of the box around them.
    inside : ndarray of bool, shape (n_i, n_j)
        Which traces of the box are in it.
    distance : ndarray of float64, same shape
        From the well.
    """

    start: tuple[int, int]
    inside: NDArray[np.bool_]
    distance: NDArray[np.float64]

    @property
    def box(self) -> tuple[slice, slice]:
        """The slices of a grid that it covers."""
        (i, j), (n_i, n_j) = self.start, self.inside.shape
        return slice(i, i + n_i), slice(j, j + n_j)


@dataclass(frozen=True, eq=False)
class Discs:
    """Makes discs of one radius on the grid of a survey.

    Parameters
    ----------
    geometry : Geometry
        The survey's.
    metric : ndarray, shape (2, 2)
        Length of a step of indices: ``metric @ (i, j)`` is in the radius' unit.
    radius : float
    reach : ndarray, shape (2,)
        How many indices the radius reaches along each axis.
    """

    geometry: Geometry
    metric: NDArray[np.float64]
    radius: float
    reach: NDArray[np.float64]

    @classmethod
    def of(cls, radius: Radius, geometry: Geometry) -> Discs:
        """Measure a radius on a survey.

        Raises
        ------
        WellError
            If it is in metres and the survey has no map coordinates, is not positive, or
            reaches more than 200 traces.
        """
        if not (math.isfinite(radius.size) and radius.size > 0):
            raise WellError(f"A radius of {radius} labels nothing. Give one of more than 0.")
        metric = np.eye(2) if radius.unit == "traces" else _metres(geometry)
        reach = radius.size * np.sqrt(np.diag(np.linalg.inv(metric.T @ metric)))
        if reach.max() > MOST_TRACES:
            raise WellError(
                f"A radius of {radius} reaches {reach.max():.0f} traces; no more than "
                f"{MOST_TRACES:g} are possible. Give a smaller one."
            )
        return cls(geometry, metric, radius.size, reach)

    def around(self, well: Well) -> Disc:
        """Return the disc of a well."""
        at, nearest = np.array([well.i, well.j]), self._nearest(well)
        last = np.array(self.geometry.shape[:2]) - 1
        low = np.clip(np.ceil(at - self.reach - _ROUNDING), 0, nearest).astype(np.intp)
        high = np.clip(np.floor(at + self.reach + _ROUNDING), nearest, last).astype(np.intp)
        n_i, n_j = (high - low + 1).tolist()
        return self.on_box(well, (int(low[0]), int(low[1])), (n_i, n_j))

    def on_box(self, well: Well, start: tuple[int, int], shape: tuple[int, ...]) -> Disc:
        """Return what of the disc of a well falls on a box of traces."""
        i, j = (first + np.arange(size) for first, size in zip(start, shape, strict=True))
        away = np.stack(np.meshgrid(i - well.i, j - well.j, indexing="ij"))
        distance = np.hypot(*np.tensordot(self.metric, away, 1))
        inside = distance <= self.radius * (1 + _ROUNDING)
        nearest = self._nearest(well)
        inside |= (i == nearest[0])[:, None] & (j == nearest[1])
        return Disc(start, inside, distance)

    def _nearest(self, well: Well) -> NDArray[np.intp]:
        last = np.array(self.geometry.shape[:2]) - 1
        return np.clip(np.round([well.i, well.j]), 0, last).astype(np.intp)


def _metres(geometry: Geometry) -> NDArray[np.float64]:
    if geometry.to_xy is None or not has_map(geometry):
        raise WellError(
            "The survey has no map coordinates: give the radius in traces, such as 3 traces."
        )
    steps = np.array([geometry.inline_step, geometry.crossline_step], np.float64)
    return np.asarray(geometry.to_xy, np.float64)[:, :2] * steps * METRES_IN[geometry.length_unit]
