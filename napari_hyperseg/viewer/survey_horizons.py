"""The horizons of the survey that is open: kept by its project, drawn by the viewer.

Follows the workspace from survey to survey.  Every change goes to the project first, then to
the layers, then to who listens; errors are raised, so that a panel can show them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from napari.utils.notifications import show_error
from numpy.typing import NDArray
from psygnal import Signal

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.project.boundary_horizons import (
    BoundaryHorizon,
    boundary_horizons,
    snapped,
)
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.horizon_export import boundary_names
from napari_hyperseg.project.horizons import Horizons
from napari_hyperseg.project.interpretation import Edited, Interpretation
from napari_hyperseg.project.noted import HORIZONS
from napari_hyperseg.project.picks import Indices, Picks, picked_stems
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.project.record import SeismicEvent
from napari_hyperseg.project.training_horizons import training_horizons
from napari_hyperseg.survey.horizon_amplitudes import Stop, horizon_amplitudes
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file
from napari_hyperseg.survey.horizon_grids import Grid
from napari_hyperseg.viewer.horizon_layers import HorizonLayers
from napari_hyperseg.viewer.sections import go_to_place, place_of
from napari_hyperseg.viewer.shown_horizon import HorizonShape, ShownHorizon
from napari_hyperseg.viewer.tags import Role, Tag
from napari_hyperseg.viewer.timing import Timing

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

Values = NDArray[np.floating]
Version = tuple[object, ...]


class SurveyHorizons:
    """Horizons of the workspace's survey.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    timing : Timing
        The event loop's timers.

    Attributes
    ----------
    changed : Signal()
        Other horizons, or another survey.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, timing: Timing) -> None:
        self._workspace = workspace
        self._layers = HorizonLayers(workspace.viewer, timing.throttle)
        self._kept: Horizons | None = None
        self._interpretation: Interpretation | None = None
        self._picked: Counter[str] = Counter()  # edits of the picks, by stem
        self._tag: Tag | None = None
        self._shapes: dict[Version, HorizonShape] = {}
        self._opened: tuple[object, str] | None = None
        workspace.changed.connect(self._follow)

    @property
    def tag(self) -> Tag | None:
        """The survey that is open."""
        return self._tag

    @property
    def entries(self) -> tuple[HorizonEntry, ...]:
        """From top to bottom."""
        return self._kept.entries if self._kept else ()

    def grid(self, name: str) -> Grid:
        """Return a horizon in the survey's vertical unit.

        Raises
        ------
        ProjectError
            If there is none of this name, or its file is damaged.
        """
        return self._open().load(name)

    def shown(self) -> Iterator[ShownHorizon]:
        """Yield the visible horizons, from top to bottom."""
        for entry in self.entries:
            if entry.visible:
                yield ShownHorizon(entry.color, self._shape(entry))

    def add(
        self, horizons: Mapping[str, tuple[Values, str]], *, keep_others: bool = True
    ) -> list[str]:
        """Keep horizons: values and source by name; names in use are replaced or counted on.

        Raises
        ------
        ProjectError
            If one cannot be kept; then none is.
        """
        kept, added = self._open(), []
        with self._edit("Horizons added", ", ".join(horizons), whole=True):
            for name, (values, source) in horizons.items():
                free = _free_name(name, kept.names) if keep_others else name
                added.append(kept.add(free, values, source=source).name)
        return added

    def add_picks(self, horizons: Mapping[str, tuple[Values, str]]) -> None:
        """Set picks of horizons: values and source by name; those of a known name get them, too.

        Raises
        ------
        ProjectError
            If those of one cannot be set; then none are.
        """
        kept = self._open()
        with self._edit("Picks imported", ", ".join(horizons), whole=True):
            for name, (values, source) in horizons.items():
                kept.pick(name, values, source=source)

    def erase(self, name: str, i: Indices, j: Indices) -> None:
        """Say that a horizon is not on these traces; part of an edit.

        Raises
        ------
        ProjectError
            If there is none of this name, or its file is damaged.
        """
        self._open().erase(name, i, j)

    def take_surface(self, name: str, surface: Values, confidence: Values) -> None:
        """Keep the surface that was tracked for a horizon, which may have gone meanwhile."""
        if name not in self._open().names:
            return
        with self._edit("Tracked volume", name):
            self._open().add(name, surface, source="tracked from picks", confidence=confidence)

    def create(self, event: SeismicEvent = "peak") -> str:
        """Begin a horizon to be picked; returns its name."""
        kept = self._open()
        name = _free_name("Horizon", kept.names)
        with self._edit("Horizon begun", name):
            kept.create(name, event)
        return name

    def snap_to(self, name: str, event: SeismicEvent) -> None:
        """Say which event of the traces picks of a horizon lie on."""
        with self._edit("Horizon", f"{name}: {event}"):
            self._open().snap_to(name, event)

    def picks(self, name: str) -> Picks:
        """Return the picks of a horizon, to be edited.

        Raises
        ------
        ProjectError
            If there is none of this name.
        """
        entry = self._open().entry(name)
        assert self._interpretation is not None
        return Picks(self._interpretation, entry.stem)

    def version(self, name: str) -> Version:
        """Return what is another one when the times of a horizon are; empty without such a one."""
        for entry in self.entries:
            if entry.name == name:
                return _version(entry, self._picked)
        return ()

    def remove(self, name: str) -> None:
        """Take a horizon out of the project; undo brings it back."""
        with self._edit("Horizon removed", name):
            self._open().remove(name)

    def rename(self, name: str, new_name: str) -> None:
        """Give a horizon another name."""
        with self._edit("Horizon renamed", f"{name}: {new_name}"):
            self._open().rename(name, new_name)

    def recolour(self, name: str, color: str) -> None:
        """Give a horizon another colour."""
        with self._edit("Horizon recoloured", name):
            self._open().recolour(name, color)

    def show(self, name: str, visible: bool) -> None:
        """Show a horizon, or hide it."""
        with self._edit("Horizon shown" if visible else "Horizon hidden", name):
            self._open().show(name, visible)

    def move(self, name: str, places: int) -> None:
        """Move a horizon down in the order; up where negative."""
        with self._edit("Horizon moved", name):
            self._open().move(name, places)

    def export(self, name: str, path: Path, format_name: str) -> None:
        """Write a horizon as a text file.

        Raises
        ------
        HorizonError
            If the format cannot express it, or the file cannot be written.
        """
        grid = self.grid(name).astype(np.float64)
        write_horizon_file(path, grid, self._survey_tag().geometry, format_name)

    @property
    def place(self) -> tuple[int, int, int] | None:
        """Array indices at which the viewer cuts the survey; None without one."""
        layer = self._workspace.layer(Role.AMPLITUDE)
        return None if layer is None else place_of(self._workspace.viewer, layer)

    def go_to(self, name: str, i: int, j: int) -> None:
        """Move the viewer to a trace, and to where the horizon is on it."""
        layer = self._workspace.layer(Role.AMPLITUDE)
        if layer is None or self.place is None:
            return
        sample = self._shape(self._open().entry(name)).samples[i, j]
        k = float(sample) if np.isfinite(sample) else self.place[2]
        go_to_place(self._workspace.viewer, layer, (i, j, round(k)))

    def amplitudes(self, name: str) -> Callable[[Stop], NDArray[np.float32]]:
        """Return what samples the survey along a horizon; to be called in a thread."""
        survey, grid = self._survey_tag().opened, self.grid(name)
        return lambda stop: horizon_amplitudes(survey, grid, stop)

    def boundaries(self) -> Callable[[], tuple[dict[str, BoundaryHorizon], str]]:
        """Return what finds the boundaries of the newest prediction; to be called in a thread.

        It returns them by name, and where they came from.  Picked ones lie on the event that
        they were picked on, where that is near.

        Raises
        ------
        ProjectError
            If nothing was predicted yet.
        """
        tag, project = self._survey_tag(), self._workspace.project
        assert project is not None
        prediction = open_prediction(project, tag.survey)
        order = project.legend.order(prediction.n_classes)
        trained = training_horizons(project)[tag.survey]
        names = boundary_names(project.entry(tag.survey), project.legend, order, trained)
        source = f"prediction of model {prediction.model}"
        picked = {horizon.name for horizon in trained}
        own = {entry.name: Event(entry.event) for entry in self.entries if entry.name in picked}
        events = [own.get(name, Event.NONE) for name in names]

        def find() -> tuple[dict[str, BoundaryHorizon], str]:
            found = boundary_horizons(prediction, order, tag.geometry)
            found = snapped(found, events, tag.opened)
            named = zip(names, found, strict=True)
            return {name: one for name, one in named if np.isfinite(one.values).any()}, source

        return find

    def add_boundaries(self, found: Mapping[str, BoundaryHorizon], source: str) -> None:
        """Keep boundaries of a prediction as horizons, with how sure they are.

        One that was picked gets its surface; its picks stay.

        Raises
        ------
        ProjectError
            If one cannot be kept; then none is.
        """
        kept = self._open()
        project = self._workspace.project
        assert project is not None
        trained = {horizon.name for horizon in training_horizons(project)[kept.key]}
        with self._edit("Horizons added", ", ".join(found), whole=True):
            for name, one in found.items():
                chosen = name if name in trained else _free_name(name, kept.names)
                kept.add(chosen, one.values, source=source, confidence=one.sure)

    def look(self, kept: Horizons | None) -> None:
        """Show horizons as they were; None: as they are."""
        if self._kept is None or self._tag is None or self._workspace.project is None:
            return
        self._kept = kept or Horizons(
            self._workspace.project, self._tag.survey, self._interpretation
        )
        self._picked.update(entry.stem for entry in self.entries)
        self._refresh()

    def close(self) -> None:
        """Follow no more; what is drawn stays."""
        self._workspace.changed.disconnect(self._follow)
        self._layers.disconnect()
        self._listen_to(None)
        self._kept = self._tag = self._opened = None

    def _follow(self) -> None:
        """Take the horizons of the survey that is open, if it is another one."""
        project, tag = self._workspace.project, self._workspace.tag
        interpretation = self._workspace.interpretation
        opened = None if interpretation is None or tag is None else (interpretation, tag.survey)
        if opened == self._opened:
            return
        self._opened, self._tag, self._shapes = opened, tag, {}
        self._listen_to(interpretation)
        self._kept = Horizons(project, tag.survey, interpretation) if project and tag else None
        if self._kept is None:
            self._layers.clear()
        self._refresh()

    def _listen_to(self, interpretation: Interpretation | None) -> None:
        if self._interpretation is not None:
            self._interpretation.edited.disconnect(self._on_edited, missing_ok=True)
        self._interpretation = interpretation
        if interpretation is not None:
            interpretation.edited.connect(self._on_edited)

    def _on_edited(self, event: Edited) -> None:
        """Show horizons that were edited, undone, or done again."""
        picked = picked_stems(event.targets)
        self._picked.update(picked)
        if picked or event.touches(HORIZONS):
            self._refresh()

    def _edit(
        self, tool: str, words: str, *, whole: bool = False
    ) -> AbstractContextManager[object]:
        self._open()
        assert self._interpretation is not None
        edit = self._interpretation.whole if whole else self._interpretation.edit
        return edit(tool, words)

    def _refresh(self) -> None:
        versions = {_version(entry, self._picked) for entry in self.entries}
        self._shapes = {key: shape for key, shape in self._shapes.items() if key in versions}
        if self._tag is not None:
            self._layers.show(self._tag, list(self.shown()))
        self.changed.emit()

    def _shape(self, entry: HorizonEntry) -> HorizonShape:
        """Return where a horizon is; one that cannot be read is told of once, and nowhere."""
        version = _version(entry, self._picked)
        if version not in self._shapes:
            geometry = self._survey_tag().geometry
            try:
                grid = self.grid(entry.name)
            except ProjectError as error:
                show_error(f"Horizon {entry.name} is not shown: {error}")
                grid = np.full(geometry.shape[:2], np.nan, np.float32)
            self._shapes[version] = HorizonShape.of(grid, geometry)
        return self._shapes[version]

    def _open(self) -> Horizons:
        if self._kept is None:
            raise ProjectError("No survey is open. Open one before its horizons.")
        return self._kept

    def _survey_tag(self) -> Tag:
        self._open()
        assert self._tag is not None
        return self._tag


def _version(entry: HorizonEntry, picked: Counter[str]) -> Version:
    return entry.stem, entry.surface, picked[entry.stem]


def _free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number behind it where it is taken."""
    names = set(taken)
    candidates = [name, *(f"{name} ({number})" for number in range(2, len(names) + 3))]
    return next(one for one in candidates if one not in names)
