"""The picking tool: the mouse on a section picks the horizon that is chosen.

A click sets a seed, a drag draws, a drag with Shift erases.  Owns whether the tool is in hand,
and what the mouse means; `SectionPicking` does it, the interpretation records it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Labels, Surface
from napari.utils.notifications import show_info
from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.labels.crossings import crossings
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.project.entries import HorizonEntry
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.section_picking import (
    PickOptions,
    SectionPicking,
    map_traces,
    section_traces,
    stroke_traces,
)
from napari_hyperseg.viewer.layer_tools import Tool
from napari_hyperseg.viewer.overlays import find_layer
from napari_hyperseg.viewer.pick_markers import (
    NO_MARKS,
    Marks,
    PickMarkers,
    mistie_words,
    places_on,
)
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.timing import Timing

if TYPE_CHECKING:
    from napari_hyperseg.viewer.survey_horizons import SurveyHorizons
    from napari_hyperseg.viewer.workspace import Workspace

NO_HORIZON = "There is no horizon to pick: press New first."
NO_LINE = "Lines are inlines and crosslines: show one to track or erase it."
NO_SEED = "There is no seed on this section: click on the horizon first."
LEAST_DRAG_PX = 4
CROSSHAIR, USUAL = "cross", "standard"


class Picking:
    """The tool, and the horizon it picks.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    horizons : SurveyHorizons
        Its horizons.
    timing : Timing
        The event loop's timers.

    Attributes
    ----------
    options : PickOptions
        How picks are made.
    track_along : bool
        Whether a section is tracked anew after every click.
    changed : Signal()
        The tool was taken up or put away, or another horizon is picked.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, horizons: SurveyHorizons, timing: Timing) -> None:
        self._workspace, self._horizons, self._viewer = workspace, horizons, workspace.viewer
        self.options, self.track_along = PickOptions(), True
        self._markers = PickMarkers(workspace.viewer)
        self._stem, self._in_hand = "", False
        self._recalled: Project | None = None
        self._mark_soon = timing.throttle(self._mark)
        self._viewer.mouse_drag_callbacks.append(self._on_mouse)
        self._viewer.layers.selection.events.active.connect(self._on_active)
        workspace.changed.connect(self._mark_soon)
        horizons.changed.connect(self._on_horizons)

    def disconnect(self) -> None:
        """Listen no more."""
        self._workspace.changed.disconnect(self._mark_soon, missing_ok=True)
        self._horizons.changed.disconnect(self._on_horizons, missing_ok=True)
        self._viewer.layers.selection.events.active.disconnect(self._on_active)
        if self._on_mouse in self._viewer.mouse_drag_callbacks:
            self._viewer.mouse_drag_callbacks.remove(self._on_mouse)

    @property
    def horizon(self) -> str:
        """Name of the horizon that is picked; empty where there is none."""
        names = {entry.stem: entry.name for entry in self._horizons.entries}
        return names.get(self._stem) or next(iter(names.values()), "")

    @property
    def in_hand(self) -> bool:
        """Whether the mouse picks."""
        return self._in_hand

    def choose(self, name: str) -> None:
        """Pick this horizon from now on."""
        stems = {entry.name: entry.stem for entry in self._horizons.entries}
        if name in stems and stems[name] != self._stem:
            self._stem = stems[name]
            self._mark_soon()
            self.changed.emit()

    def step(self, places: int) -> None:
        """Pick the horizon that is so many places further down in the list."""
        names = [entry.name for entry in self._horizons.entries]
        if not names:
            show_info(NO_HORIZON)
            return
        place = names.index(self.horizon) + places
        self.choose(names[min(max(place, 0), len(names) - 1)])
        self._viewer.status = f"Horizon {self.horizon}"

    def choose_options(self, options: PickOptions) -> None:
        """Pick and track in another way from now on; the project remembers it."""
        self.options = options
        if self._workspace.project is not None:
            for setting, value in options.as_settings().items():
                self._workspace.project.remember(setting, value)

    def take(self) -> None:
        """Let the mouse pick."""
        layer, interpretation = self._layer(), self._workspace.interpretation
        if interpretation is not None and interpretation.facies.refusal:
            show_info(interpretation.facies.refusal)
            return
        if not self.horizon or layer is None:
            show_info(NO_HORIZON)
            return
        brush = self._workspace.layer(Role.LABELS)
        if isinstance(brush, Labels):
            brush.mode = Tool.PAN.value  # or napari goes on drawing the brush
        self._viewer.layers.selection.active = layer
        self._in_hand = True  # now: until here other layers were active
        layer.mouse_pan, layer.cursor = False, CROSSHAIR
        layer.bind_key("Space", self._move_view, overwrite=True)
        layer.bind_key("Escape", lambda _: self.put_away(), overwrite=True)
        self._mark()
        self.changed.emit()

    def put_away(self) -> None:
        """Let the mouse move the view again."""
        layer = self._layer()
        if layer is not None:
            layer.mouse_pan, layer.cursor = True, USUAL
        if self._in_hand:
            self._in_hand = False
            self._mark()
            self.changed.emit()

    def toggle(self) -> None:
        """Take the tool up, or put it away."""
        if self._in_hand:
            self.put_away()
        else:
            self.take()

    def track(self) -> None:
        """Track the section in view from its seeds, anew."""
        place = self._place()
        if place is None or not self.horizon:
            show_info(NO_LINE if self.horizon else NO_HORIZON)
            return
        with self._edit("Tracked"):
            n_traces = self._picker().track(*place)
        if not n_traces:
            show_info(NO_SEED)

    def erase_section(self) -> None:
        """Say that the horizon is nowhere on the section in view."""
        place = self._place()
        if place is None or not self.horizon:
            show_info(NO_LINE if self.horizon else NO_HORIZON)
            return
        with self._edit("Line erased"):
            self._horizons.erase(self.horizon, *section_traces(self._shape(), *place))

    def _move_view(self, layer: Surface) -> Iterator[None]:
        """Let the mouse move the view while the key is held."""
        layer.mouse_pan = True
        yield
        layer.mouse_pan = not self._in_hand

    def _on_mouse(self, viewer: Any, event: Any) -> Iterator[None]:
        """Follow the button from press to release."""
        layer = self._layer()
        if not self._in_hand or layer is None or layer.mouse_pan or event.button != 1:
            return
        if self._workspace.navigation.section is None:
            return
        begin = np.array(event.pos)
        trail, dragged = [self._at(event)], False
        yield
        while event.type == "mouse_move":
            dragged = dragged or bool(np.abs(np.array(event.pos) - begin).max() > LEAST_DRAG_PX)
            trail.append(self._at(event))
            yield
        try:
            self._picked(trail if dragged else trail[:1], erase="Shift" in event.modifiers)
        except HypersegError as error:
            show_info(str(error))

    def _picked(self, trail: list[tuple[float, float, float]], *, erase: bool) -> None:
        section = self._workspace.navigation.section
        assert section is not None
        if section is Section.TIME_SLICE:
            self._picked_on_map(trail, erase=erase)
            return
        stroke = [(place[1 - section], place[2]) for place in trail]
        traces, samples = stroke_traces(stroke)
        inside = (traces >= 0) & (traces < self._shape()[1 - section])
        traces, samples = traces[inside], samples[inside]
        across = np.full(len(traces), self._workspace.navigation.line)
        at = (across, traces) if section is Section.INLINE else (traces, across)
        self._apply(at, samples, erase=erase, click=len(trail) == 1)

    def _picked_on_map(self, trail: list[tuple[float, float, float]], *, erase: bool) -> None:
        """Pick the traces under the mouse at the time of the slice, or erase them at any time."""
        i, j = map_traces([place[:2] for place in trail], self._shape())
        samples = np.full(len(i), float(self._workspace.navigation.line or 0))
        self._apply((i, j), samples, erase=erase, click=len(trail) == 1)

    def _apply(
        self, at: tuple[np.ndarray, np.ndarray], samples: np.ndarray, *, erase: bool, click: bool
    ) -> None:
        if not len(samples):
            return
        picker, place = self._picker(), self._place()
        if erase:
            with self._edit("Erased"):
                self._horizons.erase(self.horizon, *at)
            return
        with self._edit("Seed" if click else "Picks drawn"):
            if click:
                found = picker.click(int(at[0][0]), int(at[1][0]), float(samples[0]))
            else:
                found = bool(picker.draw(*at, samples))
            if found and click and self.track_along and place is not None:
                picker.track(*place)
        if not found:
            show_info(f"There is no {self._entry().event} within {self._window_words()} of it.")

    def _edit(self, tool: str) -> Any:
        interpretation = self._workspace.interpretation
        assert interpretation is not None
        where = filter(None, (self.horizon, self._workspace.section_name))
        return interpretation.edit(tool, ", ".join(where))

    def _picker(self) -> SectionPicking:
        tag = self._horizons.tag
        assert tag is not None
        picks = self._horizons.picks(self.horizon)
        return SectionPicking(tag.opened, picks, Event(self._entry().event), self.options)

    def _entry(self) -> HorizonEntry:
        return next(entry for entry in self._horizons.entries if entry.name == self.horizon)

    def _at(self, event: Any) -> tuple[float, float, float]:
        layer = self._layer()
        assert layer is not None
        i, j, k = layer.world_to_data(event.position[-3:])
        return float(i), float(j), float(k)

    def _place(self) -> tuple[int, int] | None:
        """Return axis and index of the vertical section in view."""
        section, line = self._workspace.navigation.section, self._workspace.navigation.line
        if section is None or line is None or section is Section.TIME_SLICE:
            return None
        return int(section), line

    def _layer(self) -> Surface | None:
        tag = self._horizons.tag
        found = find_layer(self._viewer, Role.HORIZON_LINES, tag.survey) if tag else None
        return found if isinstance(found, Surface) else None

    def _shape(self) -> tuple[int, int]:
        tag = self._horizons.tag
        assert tag is not None
        return tag.geometry.shape[:2]

    def _window_words(self) -> str:
        tag = self._horizons.tag
        assert tag is not None
        return f"{self.options.window:g} {tag.geometry.vertical_unit}"

    def _on_active(self, event: Any = None) -> None:
        """Another layer was chosen, by hand or for painting: the tool is put away."""
        active = self._viewer.layers.selection.active
        if self._in_hand and active is not None and active != self._layer():
            self.put_away()

    def _on_horizons(self) -> None:
        if self._workspace.project is not self._recalled:
            self._recalled = self._workspace.project
            settings = self._recalled.settings if self._recalled else {}
            self.options = PickOptions.of_settings(settings)
        if self._in_hand and not self.horizon:
            self.put_away()
        self._mark_soon()

    def _mark(self) -> None:
        """Draw seeds and ties of the section in view, while the tool is in hand."""
        tag = self._horizons.tag
        if tag is None:
            return
        if not self._in_hand or not self.horizon:
            self._markers.clear(tag)
            return
        with self._viewer.layers.selection.events.active.blocker(self._on_active):
            self._markers.show(tag, self._marks(), self._entry().color)

    def _marks(self) -> Marks:
        place, tag = self._place(), self._horizons.tag
        if place is None or tag is None:
            return NO_MARKS
        picks, geometry = self._horizons.picks(self.horizon), tag.geometry
        times, kinds = picks.times, picks.kinds
        at = section_traces(times.shape, *place)
        seeds = np.flatnonzero(kinds[at] == PickKind.SEED)
        found = crossings(times, *place)
        ties = geometry.sample_position(found.times)
        samples = geometry.sample_position(times[at][seeds])
        return Marks(
            places_on(*place, seeds, samples),
            places_on(*place, found.traces, ties),
            mistie_words(found, geometry),
        )
