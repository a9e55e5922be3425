"""The horizons that a project keeps of a survey: times in files, the rest in ``project.json``.

Owns their order, from top to bottom, and that file and record agree: times are written under
a new name first, then the record is replaced, then the old times are removed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.horizon_grids import Grid, read_grid, write_grid
from napari_hyperseg.project.horizon_names import checked_name, free_color, new_grid

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)


class Horizons:
    """The horizons of one survey of a project.

    Parameters
    ----------
    project : Project
        Saved by every change.
    key : str
        The survey.
    """

    def __init__(self, project: Project, key: str) -> None:
        self._project, self._key = project, project.entry(key).key

    @property
    def entries(self) -> tuple[HorizonEntry, ...]:
        """From top to bottom."""
        return self._project.entry(self._key).horizons

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
        shape = self._project.entry(self._key).shape
        path = self._project.horizon_path(self._key, self.entry(name).grid)
        return read_grid(path, shape[:2])

    def add(
        self, name: str, values: NDArray[np.floating], *, color: str | None = None, source: str = ""
    ) -> HorizonEntry:
        """Keep a horizon, at its place from top to bottom; one of the same name is replaced.

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

        Raises
        ------
        ProjectError
            If name or shape do not fit, nothing is defined, or it cannot be written.
        """
        name = checked_name(name, ())
        self._check(name, values)
        old = next((entry for entry in self.entries if entry.name == name), None)
        taken = [entry.color for entry in self.entries]
        new = HorizonEntry(
            name=name,
            grid=new_grid(name),
            color=color or (old.color if old else free_color(taken)),
            source=source[:1000],
        )
        place = self.entries.index(old) if old else self._place(values)
        write_grid(self._project.horizon_path(self._key, new.grid), values)
        others = [entry for entry in self.entries if entry is not old]
        self._replace([*others[:place], new, *others[place:]])
        self._discard(old)
        return new

    def remove(self, name: str) -> None:
        """Forget a horizon and remove its times."""
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
        shape = self._project.entry(self._key).shape[:2]
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
        survey = self._project.entry(self._key)
        self._project.put(replace(survey, horizons=tuple(entries)))

    def _discard(self, old: HorizonEntry | None) -> None:
        """Remove times that nothing names any more; that they stay would do no harm."""
        if old is not None:
            try:
                self._project.horizon_path(self._key, old.grid).unlink(missing_ok=True)
            except OSError:
                logger.warning("The times of the removed horizon %s could not be removed", old.name)
