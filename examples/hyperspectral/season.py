"""What grows, stands or flows on each parcel at two dates, and what changed in between.

Owns the kinds of change and the draw of covers and traits.  Knows no spectra: a cover is a
name, its traits are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.fields import smooth_field
from examples.hyperspectral.parcels import FINE, Landscape
from examples.hyperspectral.spectra import Traits

KINDS = ("unchanged", "harvested", "newly grown", "other crop", "built on", "flooded")
CROPS, GROUND = ("alfalfa", "potatoes"), ("bare soil", "stubble")
COVER_OF_USE = {
    "wild": "shrub", "track": "bare soil", "town": "built-up", "river": "water", "bank": "trees",
}  # fmt: skip
KEPT = [(cover, cover) for cover in (*CROPS, *GROUND)]
ROTATION = [
    ("alfalfa", "stubble"), ("bare soil", "potatoes"), ("potatoes", "alfalfa"), *KEPT,
    ("potatoes", "bare soil"), ("stubble", "alfalfa"), ("alfalfa", "potatoes"), *KEPT,
]  # fmt: skip
"""Covers before and after, dealt out to the fields in turn, so that every kind occurs."""
SAME_FIELD = 0.75  # correlation of an unchanged parcel's traits between the dates
RIVER_REACH = 2.3  # pixels


@dataclass(frozen=True)
class Season:
    """Land cover at one date.

    Parameters
    ----------
    covers : list of str
        Of each patch.
    traits : ndarray of float, shape (patches, 4)
        As in `Traits`.
    owner : ndarray of int, shape (FINE * rows, FINE * columns)
        Index of the patch.
    """

    covers: list[str]
    traits: NDArray[np.float64]
    owner: NDArray[np.int32]


def draw_seasons(rng: np.random.Generator, landscape: Landscape) -> tuple[Season, Season]:
    """Covers and traits of both dates."""
    pairs = _covers(rng, landscape)
    drawn = rng.normal(size=(len(pairs), len(Traits._fields)))
    anew = rng.normal(size=drawn.shape)
    same = np.array([before == after for before, after in pairs])[:, None]
    later = np.where(same, SAME_FIELD * drawn + np.sqrt(1 - SAME_FIELD**2) * anew, anew)
    before = Season([pair[0] for pair in pairs], drawn, landscape.owner)
    after = Season([pair[1] for pair in pairs], later, landscape.owner.copy())
    after = _build(rng, landscape, after)
    return before, _flood(rng, landscape, after)


def kinds_of_change(before: Season, after: Season) -> NDArray[np.uint8]:
    """Index into `KINDS` of each fine sample, shape (FINE * rows, FINE * columns)."""
    table = np.array([[_kind(old, new) for new in after.covers] for old in before.covers])
    return table[before.owner, after.owner].astype(np.uint8)


def _kind(old: str, new: str) -> int:
    if old == new:
        return 0
    if new in ("built-up", "water"):
        return KINDS.index("built on" if new == "built-up" else "flooded")
    if new in CROPS:
        return KINDS.index("other crop" if old in CROPS else "newly grown")
    return KINDS.index("harvested") if old in CROPS and new in GROUND else 0


def _covers(rng: np.random.Generator, landscape: Landscape) -> list[tuple[str, str]]:
    """Cover of every parcel before and after."""
    pairs = [(COVER_OF_USE.get(p.use, ""),) * 2 for p in landscape.parcels]
    fields = [i for i, parcel in enumerate(landscape.parcels) if parcel.use == "field"]
    for turn, i in enumerate(rng.permutation(fields)):
        pairs[i] = ROTATION[turn % len(ROTATION)]
    return pairs


def _build(rng: np.random.Generator, landscape: Landscape, after: Season) -> Season:
    """Put up a farmstead or a factory on parts of a few parcels."""
    sites = [p for p in landscape.parcels if p.use in ("field", "wild")]
    row, column = np.indices(after.owner.shape)
    for k in rng.permutation(len(sites))[: max(2, len(sites) // 9)]:
        half = rng.uniform(2.5, 5.5, 2) * FINE
        centre = sites[k].centre
        site = (np.abs(row - centre[0]) < half[0]) & (np.abs(column - centre[1]) < half[1])
        after = _add_patch(rng, after, site, "built-up")
    return after


def _flood(rng: np.random.Generator, landscape: Landscape, after: Season) -> Season:
    """Let the river leave its bed on one stretch."""
    shape = after.owner.shape
    along = np.arange(shape[1]) - rng.uniform(0.25, 0.75) * shape[1]
    swell = 11 * np.exp(-((along / (0.16 * shape[1])) ** 2))
    reach = RIVER_REACH + swell * (1 + 0.3 * smooth_field(rng, shape, 5 * FINE))
    return _add_patch(rng, after, (landscape.to_river < reach) & (swell > 0.4), "water")


def _add_patch(
    rng: np.random.Generator, season: Season, where: NDArray[np.bool_], cover: str
) -> Season:
    owner = season.owner.copy()
    owner[where] = len(season.covers)
    traits = np.vstack([season.traits, rng.normal(size=len(Traits._fields))])
    return replace(season, covers=[*season.covers, cover], traits=traits, owner=owner)
