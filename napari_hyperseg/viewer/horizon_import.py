"""Horizon files that somebody is about to import: what they are taken for, and what is said.

Owns the choices and whether the import makes sense.  Files are read and fitted by the `submit`
it is given, so that a window stays alive; knows no Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.project.pick_import import picks_on
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice, HorizonPicks
from napari_hyperseg.survey.horizon_files.preview import HorizonPreview, ParsedFile, look, parse

Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]
"""Runs the first call somewhere, and the second with its result in this thread."""


def at_once(work: Callable[[], Any], done: Callable[[Any], None]) -> None:
    """Run both here and now."""
    done(work())


@dataclass
class ImportItem:
    """One file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What the horizon will be called.
    choice : HorizonChoice
        What the user says of the file.
    wanted : bool
        Whether it is to be imported.
    parsed, preview, picks
        What is known so far; None before it is read, or where it does not fit.
    problem : str
        Why it cannot be imported; empty where it can.
    pending : int
        How many answers are awaited.
    """

    path: Path
    name: str
    choice: HorizonChoice = field(default_factory=HorizonChoice)
    wanted: bool = True
    parsed: ParsedFile | None = None
    preview: HorizonPreview | None = None
    picks: HorizonPicks | None = None
    problem: str = ""
    pending: int = 0

    @property
    def ready(self) -> bool:
        """Whether it can be imported."""
        return not self.pending and self.picks is not None and bool(self.name.strip())

    @property
    def doubtful(self) -> bool:
        """Whether something about it was not sure."""
        return self.preview is not None and bool(self.preview.warnings)

    @property
    def source(self) -> str:
        """Where the horizon came from, in words."""
        return f"{self.path.name} ({self.preview.format_name})" if self.preview else self.path.name


@dataclass(frozen=True)
class ImportUse:
    """What files become.

    Parameters
    ----------
    as_picks : bool
        Picks, from which is tracked; else surfaces.
    inlines, crosslines : str
        Lines on which to pick, as they are typed; both empty: all.
    """

    as_picks: bool = False
    inlines: str = ""
    crosslines: str = ""

    def lines(self, geometry: Geometry) -> LineChoice:
        """Read the lists of lines.

        Raises
        ------
        LineNotFoundError
            If one is no such list, or names a line that the survey has not.
        """
        inlines, crosslines = (text.strip() or None for text in (self.inlines, self.crosslines))
        return LineChoice.typed(inlines, crosslines, geometry)


class HorizonImport:
    """Some horizon files on their way into a survey.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    geometry : Geometry
        The survey's.
    submit : callable
        Where files are read.

    Attributes
    ----------
    use : ImportUse
        What the files become.
    changed : Signal(int)
        More is known of the item of this number, or it was changed.
    use_changed : Signal()
        `use` is another one.
    """

    changed = Signal(int)
    use_changed = Signal()

    def __init__(self, paths: Sequence[Path], geometry: Geometry, submit: Submit = at_once) -> None:
        self.geometry = geometry
        self.items = [ImportItem(path, path.stem) for path in paths]
        self.use = ImportUse()
        self._submit = submit

    def start(self) -> None:
        """Read all files."""
        for number in range(len(self.items)):
            self._ask(number)

    def choose(self, number: int, choice: HorizonChoice) -> None:
        """Say something else of a file."""
        if choice != self.items[number].choice:
            self.items[number].choice = choice
            self._ask(number)

    def choose_for_all(self, choice: HorizonChoice) -> None:
        """Say the same of all files."""
        for number in range(len(self.items)):
            self.choose(number, choice)

    def rename(self, number: int, name: str) -> None:
        """Call the horizon otherwise."""
        self.items[number].name = name
        self.changed.emit(number)

    def want(self, number: int, wanted: bool) -> None:
        """Import a file, or leave it out."""
        self.items[number].wanted = wanted
        self.changed.emit(number)

    def choose_use(self, use: ImportUse) -> None:
        """Make something else of the files."""
        if use != self.use:
            self.use = use
            self.use_changed.emit()

    def shown(self, number: int) -> NDArray[np.floating] | None:
        """Return what would be imported of a file, to look at; None where it does not fit."""
        item = self.items[number]
        if item.picks is None:
            return None
        try:
            return self._values(item.name, item.picks)
        except HypersegError:
            return item.picks.values

    @property
    def wanted(self) -> list[ImportItem]:
        """The files to import."""
        return [item for item in self.items if item.wanted]

    @property
    def refusal(self) -> str:
        """Why nothing can be imported yet; empty where it can."""
        wanted = self.wanted
        if not wanted:
            return "No file is ticked."
        if any(item.pending for item in wanted):
            return "Reading ..."
        names = [item.name.strip() for item in wanted]
        for item in wanted:
            if not item.ready:
                return f"{item.path.name} cannot be imported as it is: change it, or untick it."
            if names.count(item.name.strip()) > 1:
                return f"Two horizons are called {item.name.strip()}."
        try:
            self.result()
        except HypersegError as error:
            return str(error)
        return ""

    def result(self) -> dict[str, tuple[NDArray[np.floating], str]]:
        """Return values and source by name.

        Raises
        ------
        LineNotFoundError
            If what is typed names no lines of the survey.
        HorizonError
            If a file has no pick on them.
        """
        return {
            item.name.strip(): (self._values(item.name.strip(), item.picks), item.source)
            for item in self.wanted
            if item.picks is not None
        }

    def _values(self, name: str, picks: HorizonPicks) -> NDArray[np.floating]:
        if not self.use.as_picks:
            return picks.values
        return picks_on(name, picks.values, self.geometry, self.use.lines(self.geometry))

    def _ask(self, number: int) -> None:
        item, choice, geometry = self.items[number], self.items[number].choice, self.geometry
        path, parsed = item.path, item.parsed
        item.pending += 1
        self._submit(
            lambda: _looked(path, parsed, choice, geometry),
            lambda found: self._take(number, choice, found),
        )

    def _take(self, number: int, choice: HorizonChoice, found: _Found) -> None:
        item = self.items[number]
        item.pending -= 1
        item.parsed = found.parsed or item.parsed
        if choice == item.choice:  # else a newer answer is on its way
            item.preview, item.picks, item.problem = found.preview, found.picks, found.problem
        self.changed.emit(number)


@dataclass(frozen=True)
class _Found:
    parsed: ParsedFile | None = None
    preview: HorizonPreview | None = None
    picks: HorizonPicks | None = None
    problem: str = ""


def _looked(
    path: Path, parsed: ParsedFile | None, choice: HorizonChoice, geometry: Geometry
) -> _Found:
    """Read a file where that was not done, and put it on the survey; in any thread."""
    try:
        parsed = parsed or parse(path, choice.format_name)
        preview, picks = look(parsed, geometry, choice)
    except HypersegError as error:
        return _Found(parsed, problem=str(error))
    return _Found(parsed, preview, picks, preview.problem)
