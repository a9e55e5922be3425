"""The horizons that a project keeps of a survey: times in files, the rest in ``project.json``.

Owns their order, from top to bottom, and that file and record agree: a surface is written under
a new name first, then the record is replaced.  Old surfaces stay as long as the history leads
to them.  A horizon is its picks, and its surface where nothing is picked nor erased.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.horizon_names import checked_name, free_color, new_stem
from napari_hyperseg.project.noted import HORIZONS
from napari_hyperseg.project.picks import Indices, Picks, over, stored_picks
from napari_hyperseg.project.record import SeismicEvent
from napari_hyperseg.survey.horizon_grids import Grid, read_grid, write_grid

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.interpretation import Interpretation

logger = logging.getLogger(__name__)


class Horizons:
    """The horizons of one survey of a project.

    Parameters
    ----------
    project : Project
        Saved by every change.
    key : str
        The survey.
    interpretation : Interpretation, optional
        Records every change, so that it can be undone; gives the picks as they are edited.
    """

    def __init__(
        self, project: Project, key: str, interpretation: Interpretation | None = None
    ) -> None:
        self._project, self.key = project, project.entry(key).key
        self._interpretation = interpretation

    @property
    def entries(self) -> tuple[HorizonEntry, ...]:
        """From top to bottom."""
        return self._project.entry(self.key).horizons

    @property
    def names(self) -> tuple[str, ...]:
        """From top to bottom."""
        return tuple(entry.name for entry in self.entries)

    def entry(self, name: str) -> HorizonEntry:
        """Return the horizon of this name.

        Raises
        ------
        ProjectError
            If there is none.
        """
        for entry in self.entries:
            if entry.name == name:
                return entry
        known = ", ".join(self.names) or "none"
        raise ProjectError(f"The project has no horizon {name!r}; it has {known}.")

    def load(self, name: str) -> Grid:
        """Return a horizon, shape (n_inlines, n_crosslines), in the survey's vertical unit.

        Raises
        ------
        ProjectError
            If there is none of this name, or its file is damaged.
        """
        entry = self.entry(name)
        surface, picks = self._surface(entry.surface), self._picks(entry.stem)
        return surface if picks is None else over(surface, *picks)

    def confidence(self, name: str) -> Grid | None:
        """Return how sure the tracking of a surface is, 0 to 1; None if it was not tracked.

        NaN where the horizon was erased.

        Raises
        ------
        ProjectError
            If there is no such horizon, or its file is damaged.
        """
        entry = self.entry(name)
        if entry.surface is None or not self._path(f"{entry.surface}.confidence").exists():
            return None
        sure, picks = self._surface(f"{entry.surface}.confidence"), self._picks(entry.stem)
        return sure if picks is None else np.where(picks[1] == PickKind.ERASED, np.nan, sure)

    def create(self, name: str, event: SeismicEvent = "peak") -> HorizonEntry:
        """Begin a horizon that is to be picked, below the others.

        Raises
        ------
        ProjectError
            If the name cannot be one, or is taken.
        """
        return self._begin(checked_name(name, self.names), len(self.entries), "picks", event)

    def snap_to(self, name: str, event: SeismicEvent) -> None:
        """Say which event of the traces picks of a horizon lie on."""
        self._change(name, replace(self.entry(name), event=event))

    def add(
        self,
        name: str,
        values: NDArray[np.floating],
        *,
        color: str | None = None,
        source: str = "",
        confidence: NDArray[np.floating] | None = None,
    ) -> HorizonEntry:
        """Keep a surface, at its place from top to bottom; that of a known name is replaced.

        What was erased of the former one is there again where the new one is.

        Parameters
        ----------
        name : str
            As the interpreter calls it.
        values : ndarray, shape (n_inlines, n_crosslines)
            In the survey's vertical unit; NaN where there is none.
        color : str, optional
            ``#rrggbb``; by default one that is not in use.
        source : str
            Where it came from, in words.
        confidence : ndarray, same shape, optional
            How sure each value is, 0 to 1.

        Raises
        ------
        ProjectError
            If name or shape do not fit, nothing is defined, or it cannot be written.
        """
        name = checked_name(name, ())
        self._check(name, values)
        old = next((entry for entry in self.entries if entry.name == name), None)
        taken = [entry.color for entry in self.entries]
        surface = new_stem(name)
        new = replace(
            old or HorizonEntry(name, surface, None, free_color(taken)),
            surface=surface,
            source=source[:1000],
        )
        new = replace(new, color=color or new.color)
        place = self.entries.index(old) if old else self._place(values)
        if confidence is not None:
            write_grid(self._path(f"{surface}.confidence"), confidence)
        write_grid(self._path(surface), values)
        others = [entry for entry in self.entries if entry is not old]
        with self._edit():
            self._replace([*others[:place], new, *others[place:]])
            if self._interpretation is not None:
                Picks(self._interpretation, new.stem).forget_erased(np.isfinite(values))
        self._discard(old)
        return new

    def pick(self, name: str, values: NDArray[np.floating], *, source: str = "") -> HorizonEntry:
        """Set picks from a file; part of an edit.

        They stay when sections are tracked.  A horizon of a known name keeps its surface and
        its other picks; one of a new name begins with them, at its place from top to bottom,
        and snaps to nothing: a file does not say which event its picks lie on.

        Parameters
        ----------
        name : str
            As the interpreter calls it.
        values : ndarray, shape (n_inlines, n_crosslines)
            In the survey's vertical unit; NaN where nothing is picked.
        source : str
            Where they came from, in words; of a known horizon, that stays.

        Raises
        ------
        ProjectError
            If name or shape do not fit, or nothing is defined.
        """
        name = checked_name(name, ())
        self._check(name, values)
        assert self._interpretation is not None
        i, j = np.nonzero(np.isfinite(values))
        with self._edit():
            entry = next((entry for entry in self.entries if entry.name == name), None)
            entry = entry or self._begin(name, self._place(values), source[:1000], "none")
            picks = Picks(self._interpretation, entry.stem)
            picks.put(i, j, values[i, j], PickKind.IMPORTED)
        return entry

    def erase(self, name: str, i: Indices, j: Indices) -> None:
        """Say that there is no horizon on these traces, picks or surface; part of an edit.

        Raises
        ------
        ProjectError
            If there is no such horizon, or its file is damaged.
        """
        assert self._interpretation is not None
        there = np.isfinite(self.load(name)[i, j])
        Picks(self._interpretation, self.entry(name).stem).erase(i[there], j[there])

    def remove(self, name: str) -> None:
        """Take a horizon out of the project."""
        old = self.entry(name)
        self._replace([entry for entry in self.entries if entry is not old])
        self._discard(old)

    def rename(self, name: str, new_name: str) -> None:
        """Give a horizon another name.

        Raises
        ------
        ProjectError
            If the name cannot be one, or is taken.
        """
        others = [other for other in self.names if other != name]
        self._change(name, replace(self.entry(name), name=checked_name(new_name, others)))

    def recolour(self, name: str, color: str) -> None:
        """Give a horizon another colour, ``#rrggbb``."""
        self._change(name, replace(self.entry(name), color=color.lower()))

    def show(self, name: str, visible: bool) -> None:
        """Show a horizon in the window, or hide it."""
        self._change(name, replace(self.entry(name), visible=visible))

    def move(self, name: str, places: int) -> None:
        """Move a horizon down in the order by so many places; up where negative."""
        entry, entries = self.entry(name), list(self.entries)
        place = min(max(entries.index(entry) + places, 0), len(entries) - 1)
        entries.remove(entry)
        entries.insert(place, entry)
        self._replace(entries)

    def _begin(
        self, name: str, place: int, source: str, event: SeismicEvent = "peak"
    ) -> HorizonEntry:
        """Put a horizon without picks and surface at a place in the order."""
        color = free_color([entry.color for entry in self.entries])
        new = HorizonEntry(name, new_stem(name), None, color, source=source, event=event)
        self._replace([*self.entries[:place], new, *self.entries[place:]])
        return new

    def _edit(self) -> AbstractContextManager[object]:
        """Make what follows one edit, or part of the one that is being made."""
        if self._interpretation is None:
            return nullcontext()
        return self._interpretation.edit_in_hand()

    def _place(self, values: NDArray[np.floating]) -> int:
        """Return the place above the first horizon that lies deeper on the common traces."""
        for place, name in enumerate(self.names):
            try:
                below = self.load(name) - values
            except ProjectError:
                continue  # damaged: it has no depth
            common = below[np.isfinite(below)]
            if common.size and np.median(common) > 0:
                return place
        return len(self.entries)

    def _check(self, name: str, values: NDArray[np.floating]) -> None:
        shape = self._project.entry(self.key).shape[:2]
        if values.shape != shape:
            raise ProjectError(
                f"Horizon {name} has shape {values.shape}, the survey {shape}. "
                "Give one value per trace."
            )
        if not np.isfinite(values).any():
            raise ProjectError(f"Horizon {name} has no value on the survey.")

    def _change(self, name: str, new: HorizonEntry) -> None:
        self._replace([new if entry.name == name else entry for entry in self.entries])

    def _replace(self, entries: Sequence[HorizonEntry]) -> None:
        """Save other entries; where that fails, the old ones stay."""

        def put() -> None:
            survey = self._project.entry(self.key)
            self._project.put(replace(survey, horizons=tuple(entries)))

        if self._interpretation is None:
            put()
        else:
            self._interpretation.note(HORIZONS, put)

    def _surface(self, surface: str | None) -> Grid:
        shape = self._project.entry(self.key).shape[:2]
        if surface is None:
            return np.full(shape, np.nan, np.float32)
        return read_grid(self._path(surface), shape)

    def _picks(self, stem: str) -> tuple[Grid, NDArray[np.uint8]] | None:
        """Return times and kinds; None where nothing was ever picked."""
        if self._interpretation is not None:
            picks = Picks(self._interpretation, stem)
            return picks.times, picks.kinds
        return stored_picks(self._project, self.key, stem)

    def _discard(self, old: HorizonEntry | None) -> None:
        """Remove a surface to which no history leads; that it stays would do no harm."""
        if old is None or old.surface is None or self._interpretation is not None:
            return
        for surface in (old.surface, f"{old.surface}.confidence"):
            try:
                self._path(surface).unlink(missing_ok=True)
            except OSError:
                logger.warning("The times of the removed horizon %s could not be removed", old.name)

    def _path(self, surface: str) -> Path:
        return self._project.horizon_path(self.key, surface)
