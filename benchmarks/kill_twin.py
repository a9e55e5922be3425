"""What an interpretation must be after each edit of a plan, kept as plain copies of everything.

Knows neither journal nor files: facies and picks are numpy arrays, a stroke is one in a napari
layer of a numpy array, every state there ever was is kept whole.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.kill_edits import Edit, Shape, changed_legend, content, picked, slices_of, stroke
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.picks import PickKind, picked_times
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.horizon_names import free_color
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.picks import Picks, stored_picks

BESIDES = {"legend": "", "class": "write", "large": "paste"}
"""Edits that change the legend, and what they change besides."""


@dataclass(frozen=True, eq=False)
class PickedHorizon:
    """A horizon: what the record says, and the picks."""

    name: str
    color: str
    event: str
    times: NDArray[np.float32]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class State:
    """Facies, picks and record."""

    facies: NDArray[np.uint8]
    legend: Legend
    horizons: tuple[PickedHorizon, ...]

    def difference(self, other: State) -> str:
        """Say what differs, in a few words; nothing where all is the same."""
        found = []
        if not np.array_equal(self.facies, other.facies):
            found.append(f"{np.count_nonzero(self.facies != other.facies)} voxels")
        if self.legend != other.legend:
            found.append("legend")
        pairs = list(zip(self.horizons, other.horizons, strict=False))
        same = [(a.name, a.color, a.event) == (b.name, b.color, b.event) for a, b in pairs]
        if len(self.horizons) != len(other.horizons) or not all(same):
            found.append("horizons")
        if not all(np.array_equal(a.times, b.times, equal_nan=True) for a, b in pairs):
            found.append("times of picks")
        if not all(np.array_equal(a.kinds, b.kinds) for a, b in pairs):
            found.append("kinds of picks")
        return ", ".join(found)

    def checksum(self) -> int:
        """CRC-32 of everything."""
        value = zlib.crc32(json.dumps(self.legend.to_json()).encode())
        for one in self.horizons:
            value = zlib.crc32(json.dumps([one.name, one.color, one.event]).encode(), value)
            value = zlib.crc32(one.times.tobytes(), zlib.crc32(one.kinds.tobytes(), value))
        return zlib.crc32(np.ascontiguousarray(self.facies).data, value)


def observed(interpretation: Interpretation) -> State:
    """Return the state of an interpretation as the window sees it."""
    horizons = Horizons(interpretation.project, interpretation.key, interpretation)
    picks = [Picks(interpretation, entry.stem) for entry in horizons.entries]
    return State(
        np.asarray(interpretation.facies),
        interpretation.project.legend,
        tuple(
            PickedHorizon(entry.name, entry.color, entry.event, one.times, one.kinds)
            for entry, one in zip(horizons.entries, picks, strict=True)
        ),
    )


def stored(folder: Path, key: str) -> State:
    """Return the state that the files hold, as other programs read them."""
    project = Project.open(folder)
    shape = project.entry(key).shape[:2]
    horizons = []
    for entry in project.entry(key).horizons:
        times, kinds = stored_picks(project, key, entry.stem) or (
            np.zeros(shape, np.float32),
            np.zeros(shape, np.uint8),
        )
        times = picked_times(times, kinds)
        horizons.append(PickedHorizon(entry.name, entry.color, entry.event, times, kinds))
    return State(project.labels(key, writable=False).codes, project.legend, tuple(horizons))


class Twin:
    """Follows a plan.

    Parameters
    ----------
    shape : tuple of int
        Of the survey.
    axes : dict
        Scale and such of its layers: a brush is as wide on both sides of a section.

    Attributes
    ----------
    states : dict of int to State
        After each revision; 0: before the first.
    position : int
    remembered : str or None
        The setting that was made last.
    """

    def __init__(self, shape: Shape, axes: dict[str, Any] | None = None) -> None:
        self._axes = axes or {}
        self.states = {0: State(np.zeros(shape, np.uint8), Legend.default(2), ())}
        self.position = 0
        self.remembered: str | None = None
        self._parents: dict[int, int] = {}
        self._favourites: dict[int, int] = {}

    @property
    def state(self) -> State:
        """The present one."""
        return self.states[self.position]

    @property
    def line(self) -> list[int]:
        """Revisions from the present one to the state before the first, by undo."""
        line = [self.position]
        while line[-1] in self._parents:
            line.append(self._parents[line[-1]])
        return line

    @property
    def n_revisions(self) -> int:
        """How many edits there ever were."""
        return len(self.states) - 1

    def copy(self) -> Twin:
        """Return another one that is as this one is now."""
        twin = copy(self)
        twin.states, twin._parents = dict(self.states), dict(self._parents)
        twin._favourites = dict(self._favourites)
        return twin

    def make(self, edit: Edit) -> None:
        """Make an edit."""
        do, here = edit["do"], self.position
        if do == "remember":
            self.remembered = edit["name"]
        elif do == "undo":
            self.go_to(self._parents.get(here, here))
        elif do == "redo":
            self.go_to(self._favourites.get(here, here))
        elif do == "go":
            self.go_to(edit["seed"] % len(self.states))
        else:
            self._add(_after(self.state, edit, self._axes))

    def go_to(self, number: int) -> None:
        """Go to the state after a revision; redo leads this way from now on."""
        self.position = number
        line = self.line
        self._favourites |= dict(zip(line[1:], line, strict=False))

    def _add(self, state: State) -> None:
        if state.difference(self.state):
            number = len(self.states)
            self.states[number] = state
            self._parents[number] = self.position
            self.go_to(number)


def _after(state: State, edit: Edit, axes: dict[str, Any]) -> State:
    do, shape = edit["do"], state.facies.shape
    if do in ("write", "stamps", "paste", "stroke"):
        return replace(state, facies=_painted(state.facies, edit, axes))
    if do in BESIDES:
        state = replace(state, legend=changed_legend(state.legend, edit))
        return _after(state, edit | {"do": BESIDES[do]}, axes) if BESIDES[do] else state
    horizons = list(state.horizons)
    if do == "horizon":
        none = (np.full(shape[:2], np.nan, np.float32), np.zeros(shape[:2], np.uint8))
        color = free_color([one.color for one in horizons])
        horizons.append(PickedHorizon(edit["name"], color, "trough", *none))
    elif not horizons:
        return state
    place = len(horizons) - 1 if do == "horizon" else edit["seed"] % len(horizons)
    horizons[place] = _picked(horizons[place], edit, shape)
    if do == "rename" and place + 1 < len(horizons):
        horizons[place : place + 2] = horizons[place + 1], horizons[place]
    return replace(state, horizons=tuple(horizons))


def _picked(horizon: PickedHorizon, edit: Edit, shape: Sequence[int]) -> PickedHorizon:
    if edit["do"] == "rename":
        return replace(horizon, name=edit["name"])
    i, j, times, kinds = picked(edit, tuple(shape))  # type: ignore[arg-type]
    erases = edit["do"] == "erase"
    new = replace(horizon, times=horizon.times.copy(), kinds=horizon.kinds.copy())
    new.times[i, j], new.kinds[i, j] = (np.nan, PickKind.ERASED) if erases else (times, kinds)
    return new


def _painted(facies: NDArray[np.uint8], edit: Edit, axes: dict[str, Any]) -> NDArray[np.uint8]:
    facies = np.array(facies)
    if edit["do"] == "stroke":
        viewer, layer = _brush(facies.shape, tuple(axes.items()))
        layer.data = facies
        stroke(viewer, layer, edit)
    elif edit["do"] == "stamps":
        for box in edit["boxes"]:
            facies[slices_of(box)] = 1 + edit["seed"] % 7
    elif edit["do"] == "write":
        facies[slices_of(edit["box"])] = edit["code"]
    else:
        codes, where = content(edit)
        facies[slices_of(edit["box"])][where] = codes[where]
    return facies


@cache
def _brush(shape: Shape, axes: tuple[tuple[str, Any], ...]) -> tuple[Any, Any]:
    """Return a viewer with a layer of nobody's labels."""
    from napari.components import ViewerModel  # slow to load

    viewer = ViewerModel()
    return viewer, viewer.add_labels(np.zeros(shape, np.uint8), **dict(axes))
