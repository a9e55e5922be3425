"""Columns of labels around wells; where discs overlap, the nearest well speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.stamps import Stamp
from napari_hyperseg.labels.targets import first_sample_below
from napari_hyperseg.labels.wells.classes import codes_of
from napari_hyperseg.labels.wells.content import Well
from napari_hyperseg.labels.wells.discs import Disc, Discs, Radius, default_radius
from napari_hyperseg.survey.geometry import Geometry

Column = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Speaker:
    """A well with its codes down the samples, 0 where it says nothing, and its rank."""

    well: Well
    column: Column
    rank: int


@dataclass(frozen=True, eq=False)
class StampedWells:
    """What wells label.

    Parameters
    ----------
    stamps : list of Stamp
        Boxes that do not overlap.
    wells : tuple of str
        Wells that label something.
    left_out : tuple of str
        Why others do not, or not all of it; a line each.
    """

    stamps: list[Stamp]
    wells: tuple[str, ...]
    left_out: tuple[str, ...]


def well_stamps(
    wells: Sequence[Well],
    geometry: Geometry,
    legend: Legend,
    radius: Radius | None = None,
    traces: NDArray[np.bool_] | None = None,
) -> StampedWells:
    """Label discs around wells, each voxel by the nearest well that has a facies there.

    An interval begins with the sample nearest to its top, and ends before the one nearest to
    its base.  Of wells equally near, the first counts.

    Parameters
    ----------
    wells : sequence of Well
        Vertical ones.
    geometry : Geometry
        The survey's.
    legend : Legend
        With the classes of the wells; what it does not have is not labelled.
    radius : Radius, optional
        By default `default_radius`.
    traces : ndarray of bool, shape (n_inlines, n_crosslines), optional
        Where to label; by default on all live traces.

    Raises
    ------
    WellError
        If the radius cannot be used on this survey.
    """
    discs = Discs.of(radius or default_radius(geometry), geometry)
    wanted = geometry.live_mask if traces is None else traces & geometry.live_mask
    facies = {interval.facies for well in wells for interval in well.intervals}
    codes = codes_of(list(facies), legend)
    speakers = [
        _Speaker(well, _column(well, geometry, codes), rank) for rank, well in enumerate(wells)
    ]
    stamps: list[Stamp] = []
    used: list[str] = []
    left_out: list[str] = []
    for speaker, rivals in zip(speakers, _neighbours(speakers, discs), strict=True):
        name, disc = speaker.well.name, discs.around(speaker.well)
        own = list(_stamps_of(speaker, disc, discs, rivals, wanted))
        stamps += own
        used += [name] if own else []
        left_out += _missed(speaker, geometry)
        if speaker.column.any() and not own:
            left_out.append(f"{name} is left out: {_why_nothing(disc, wanted)}.")
    return StampedWells(stamps, tuple(used), tuple(left_out))


def _samples(well: Well, geometry: Geometry) -> NDArray[np.intp]:
    """Give the first sample of each interval, and the first below it; shape (n_intervals, 2)."""
    ends = np.array([(interval.top, interval.base) for interval in well.intervals])
    return np.clip(first_sample_below(ends, geometry), 0, geometry.n_samples).astype(np.intp)


def _column(well: Well, geometry: Geometry, codes: Mapping[str | int, int]) -> Column:
    column = np.zeros(geometry.n_samples, np.uint8)
    samples = _samples(well, geometry).tolist()
    for (first, last), interval in zip(samples, well.intervals, strict=True):
        column[first:last] = codes.get(interval.facies, 0)
    return column


def _neighbours(speakers: Sequence[_Speaker], discs: Discs) -> list[list[_Speaker]]:
    """Give for each well the others whose discs may overlap with its own."""
    near: list[list[_Speaker]] = [[] for _ in speakers]
    if len(speakers) > 1:
        places = np.array([(one.well.i, one.well.j) for one in speakers]) @ discs.metric.T
        reach = max(discs.radius, np.linalg.norm(discs.metric, axis=0).sum())
        for first, second in cKDTree(places).query_pairs(2 * reach):
            near[first].append(speakers[second])
            near[second].append(speakers[first])
    return near


def _stamps_of(
    speaker: _Speaker,
    disc: Disc,
    discs: Discs,
    rivals: Sequence[_Speaker],
    wanted: NDArray[np.bool_],
) -> Iterator[Stamp]:
    """Cut a column where a rival begins or ends to speak, and give each piece its traces."""
    own = disc.inside & wanted[disc.box]
    lost = [_nearer(rival, speaker, disc, discs) for rival in rivals]
    speaks = np.array([one.column > 0 for one in (speaker, *rivals)])
    for first, last in _runs(speaks):
        where = own.copy()
        for traces, rival_speaks in zip(lost, speaks[1:, first], strict=True):
            if rival_speaks:
                where &= ~traces
        if where.any():
            box = (*where.shape, last - first)
            yield Stamp(
                (*disc.start, first),
                np.broadcast_to(speaker.column[first:last], box),
                np.broadcast_to(where[:, :, None], box),
            )


def _nearer(rival: _Speaker, speaker: _Speaker, disc: Disc, discs: Discs) -> NDArray[np.bool_]:
    """Say on which traces of a disc the rival speaks instead."""
    its = discs.on_box(rival.well, disc.start, disc.inside.shape)
    if rival.rank > speaker.rank:
        return its.inside & (its.distance < disc.distance)
    return its.inside & (its.distance <= disc.distance)


def _runs(speaks: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Give the stretches of samples over which no row changes and the first one is True."""
    cuts = 1 + np.flatnonzero((speaks[:, 1:] != speaks[:, :-1]).any(axis=0))
    for first, last in pairwise([0, *cuts.tolist(), speaks.shape[1]]):
        if speaks[0, first]:
            yield first, last


def _missed(speaker: _Speaker, geometry: Geometry) -> list[str]:
    """Say how many intervals of a well fall between samples, or above or below the survey."""
    first, last = _samples(speaker.well, geometry).T
    missed, total = int((first == last).sum()), len(first)
    if not missed:
        return []
    extent = f"{geometry.start_ms:g}-{geometry.times_ms[-1]:g} {geometry.vertical_unit}"
    why = f"outside {extent}, or thinner than a sample"
    if missed == total:
        return [f"{speaker.well.name} is left out: its intervals lie {why}."]
    return [f"{speaker.well.name}: {missed} of {total} intervals lie {why}, and label nothing."]


def _why_nothing(disc: Disc, wanted: NDArray[np.bool_]) -> str:
    if (disc.inside & wanted[disc.box]).any():
        return "other wells are nearer to all traces within its radius"
    return "no trace to label lies within its radius"
