"""Horizons whose picks are labels: which boundary between classes each of them is.

Where no two classes are painted, the picked horizons part the classes, from top to bottom.  Else
a horizon is the boundary that labels show beside its picks; one that lies on none does not train.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.picks import picked_times
from napari_hyperseg.labels.prior.boundaries import read_boundaries
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.project.picks import stored_picks
from napari_hyperseg.survey.horizon_grids import Grid

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

NEAR = 2.0  # samples from a boundary in the labels to a pick on it
AllPicks = Mapping[str, Mapping[str, Grid]]
MOSTLY = 0.8  # share of the traces with both, on which a horizon is near to a boundary


@dataclass(frozen=True)
class TrainingHorizon:
    """A horizon that is a boundary between classes.

    Parameters
    ----------
    name, stem : str
        Of the horizon.
    above : int
        Code of the class above it.
    """

    name: str
    stem: str
    above: int


def training_horizons(project: Project) -> dict[str, tuple[TrainingHorizon, ...]]:
    """Find the horizons that train, by survey.

    Raises
    ------
    LabelError
        If a file of labels or picks is damaged.
    """
    return _training(project, _all_picked(project))


def picked_horizons(project: Project) -> list[str]:
    """Names of all horizons with picks, from top to bottom.

    Raises
    ------
    LabelError
        If a file of picks is damaged.
    """
    return _merged(_all_picked(project).values())


def labelled_codes(project: Project) -> set[int]:
    """Codes that are painted in any survey.

    Raises
    ------
    LabelError
        If a file of labels is damaged.
    """
    codes: set[int] = set()
    for key in project.surveys:
        if project.labels_path(key).exists():
            codes |= set(project.labels(key, writable=False).counts())
    return codes


def parting_horizons(project: Project) -> list[str]:
    """Names of the picked horizons, from top to bottom, if they part the classes; else none.

    Raises
    ------
    LabelError
        If a file of labels or picks is damaged.
    """
    return picked_horizons(project) if len(labelled_codes(project)) < 2 else []


def legend_of_intervals(legend: Legend, horizons: list[str]) -> Legend:
    """Name the classes by the horizons between them, unless somebody named them already."""
    if not horizons:
        return legend
    needed = len(horizons) + 1
    untouched = legend == Legend.default(legend.n_classes)
    if not untouched or legend.n_classes > needed:
        return legend.grown_to(needed)
    between = [f"{upper} to {lower}" for upper, lower in pairwise(horizons)]
    return Legend.named([f"above {horizons[0]}", *between, f"below {horizons[-1]}"])


def carrying_traces(project: Project, key: str) -> NDArray[np.bool_]:
    """Traces of a survey that carry labels, painted or picked, shape (n_inlines, n_crosslines).

    Raises
    ------
    LabelError
        If a file of labels or picks is damaged.
    """
    carrying = np.zeros(project.entry(key).shape[:2], bool)
    if project.labels_path(key).exists():
        carrying |= project.labels(key, writable=False).traces()
    picks = _all_picked(project)
    for horizon in _training(project, picks)[key]:
        carrying |= np.isfinite(picks[key][horizon.name])
    return carrying


def _training(project: Project, picks: AllPicks) -> dict[str, tuple[TrainingHorizon, ...]]:
    if len(labelled_codes(project)) < 2:
        above = dict(zip(_merged(picks.values()), project.legend.codes[:-1], strict=False))
    else:
        above = _shown_by_labels(project, picks)
    return {
        key: tuple(
            TrainingHorizon(entry.name, entry.stem, above[entry.name])
            for entry in project.entry(key).horizons
            if entry.name in names and entry.name in above
        )
        for key, names in picks.items()
    }


def _all_picked(project: Project) -> AllPicks:
    """Times of the picked horizons of each survey."""
    return {key: survey_picks(project, key) for key in project.surveys}


def survey_picks(project: Project, key: str) -> dict[str, Grid]:
    """Times of the horizons of a survey that have picks, from top to bottom; NaN: no pick.

    Raises
    ------
    LabelError
        If a file of picks is damaged.
    """
    times: dict[str, Grid] = {}
    for entry in project.entry(key).horizons:
        stored = stored_picks(project, key, entry.stem)
        found = None if stored is None else picked_times(*stored)
        if found is not None and np.isfinite(found).any():
            times[entry.name] = found
    names: list[str] = []
    for name, own in times.items():
        deeper = (place for place, other in enumerate(names) if _is_above(own, times[other]))
        names.insert(next(deeper, len(names)), name)
    return {name: times[name] for name in names}


def _is_above(times: Grid, others: Grid) -> bool:
    apart = others - times
    apart = apart[np.isfinite(apart)]
    return bool(apart.size and np.median(apart) > 0)


def _merged(each: Iterable[Iterable[str]]) -> list[str]:
    """One order of names that keeps those of all, as far as they agree."""
    merged: list[str] = []
    for names in each:
        place = 0
        for name in names:
            if name not in merged:
                merged.insert(place, name)
            place = merged.index(name) + 1
    return merged


def _shown_by_labels(project: Project, picks: AllPicks) -> dict[str, int]:
    """Code of the class above each horizon that lies on a boundary that labels show."""
    above: dict[str, int] = {}
    for key, times in picks.items():
        if times and project.labels_path(key).exists():
            found = _on_boundaries(project, key, times)
            above |= {name: code for name, code in found.items() if name not in above}
    return above


def _on_boundaries(project: Project, key: str, picks: Mapping[str, Grid]) -> dict[str, int]:
    order: Order = project.legend.codes
    entry, facies = project.entry(key), project.labels(key, writable=False)
    boundaries = read_boundaries(SurveyLabels(entry.shape, order, facies))
    if not boundaries.layered:
        return {}
    geometry = project.open_survey(key).geometry
    found: dict[str, int] = {}
    for name, times in picks.items():
        at = geometry.sample_position(times)
        with np.errstate(invalid="ignore"):
            away = np.abs(boundaries.bounds.picks - at)
        both = np.isfinite(away).sum(axis=(1, 2))
        near = (away <= NEAR).sum(axis=(1, 2))
        best = int(near.argmax())
        if near[best] and near[best] >= MOSTLY * both[best]:
            found[name] = order[best]
    return found
