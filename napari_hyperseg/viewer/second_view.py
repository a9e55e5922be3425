"""A second view of the survey: which section it shows beside the viewer's, and what moves it.

It is always cut along another axis than the viewer's section.  Owns its place and the mark on the
viewer's canvas; who draws it is told when there is something new.  Knows no Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psygnal import Signal

from napari_hyperseg.jobs.events import BlockPredicted, Event, JobFinished
from napari_hyperseg.project.interpretation import FACIES, Edited, Interpretation
from napari_hyperseg.viewer.cut_mark import CutMark
from napari_hyperseg.viewer.horizon_lines import Segments
from napari_hyperseg.viewer.section_picture import Look, looks
from napari_hyperseg.viewer.sections import Section, go_to, place_of
from napari_hyperseg.viewer.tags import Role, Tag, tag_of
from napari_hyperseg.viewer.timing import Timing

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

_LOOKS = ("visible", "opacity", "colormap", "contrast_limits", "gamma", "data")
# What a view beside each section shows first; beside the survey in 3D, an inline.
_BESIDE = {
    Section.INLINE: Section.CROSSLINE,
    Section.CROSSLINE: Section.INLINE,
    Section.TIME_SLICE: Section.INLINE,
}


class SecondView:
    """Another section of the workspace's survey.

    Parameters
    ----------
    workspace : Workspace
        Whose viewer it is beside.
    timing : Timing
        The event loop's timers.

    Attributes
    ----------
    changed : Signal()
        Another section, or what is on it: it is to be read again.
    moved : Signal()
        The viewer shows another section; this one stays.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, workspace: Workspace, timing: Timing) -> None:
        self._workspace, self._viewer = workspace, workspace.viewer
        self._mark = CutMark(workspace.viewer, timing.throttle)
        self._tag: Tag | None = None
        self._place, self._seen = [0, 0, 0], (0, 0, 0)  # of this view, of the viewer
        self._beside: Section | None = None
        self._interpretation: Interpretation | None = None
        self._watched: list[Any] = []
        self._changed_soon = timing.throttle(self.changed.emit)
        self._share_soon = timing.debounce(self._share)
        self.section = Section.CROSSLINE
        self.is_open = False

    @property
    def tag(self) -> Tag | None:
        """The survey that is shown; None without one."""
        return self._tag

    @property
    def line(self) -> int:
        """Array index of the section."""
        return self._place[self.section]

    @property
    def crossing(self) -> tuple[Section, int] | None:
        """What the viewer shows; None in 3D."""
        section, line = self._workspace.navigation.section, self._workspace.navigation.line
        return None if section is None or line is None else (section, line)

    def open(self) -> None:
        """Follow the viewer."""
        if self.is_open:
            return
        self.is_open = True
        self._workspace.changed.connect(self._follow)
        self._workspace.horizons.changed.connect(self._changed_soon)
        self._workspace.model.reported.connect(self._on_reported)
        self._viewer.layers.events.inserted.connect(self._on_layers)
        self._viewer.layers.events.removed.connect(self._on_layers)
        self._viewer.layers.events.reordered.connect(self._on_layers)
        self._on_layers()
        self._follow()

    def close(self) -> None:
        """Follow no more, and mark nothing."""
        if not self.is_open:
            return
        self.is_open = False
        self._workspace.changed.disconnect(self._follow)
        self._workspace.horizons.changed.disconnect(self._changed_soon)
        self._workspace.model.reported.disconnect(self._on_reported)
        self._viewer.layers.events.inserted.disconnect(self._on_layers)
        self._viewer.layers.events.removed.disconnect(self._on_layers)
        self._viewer.layers.events.reordered.disconnect(self._on_layers)
        self._watch([])
        self._listen_to(None)
        self._mark.hide()
        self._tag = None

    def show(self, section: Section) -> None:
        """Cut the survey along another axis; if that is the viewer's, the two change places."""
        crossing = self.crossing
        if section is self.section or self._tag is None:
            return
        before, self.section = self.section, section
        if crossing is not None and crossing[0] is section:
            self._workspace.navigation.visit((before.value, self._place[before]))
        self._show_mark()
        self.changed.emit()

    def go_to(self, index: int) -> None:
        """Show the section with this array index."""
        if self._tag is None or index == self.line:
            return
        self._place[self.section] = index
        self._show_mark()
        self._share_soon()
        self.changed.emit()

    def move(self, n_lines: int) -> None:
        """Go on by some lines, or back; at most to the last, or the first."""
        if self._tag is not None:
            last = self._tag.geometry.shape[self.section] - 1
            self.go_to(min(max(self.line + n_lines, 0), last))

    def looks(self) -> list[Look]:
        """Return how the survey's volumes look, from below."""
        return looks(self._viewer.layers, self._tag.survey) if self._tag is not None else []

    def horizons(self) -> list[tuple[str, Segments]]:
        """Return colours and lines of the horizons on this section."""
        shown = self._workspace.horizons.shown() if self._tag is not None else ()
        return [(one.color, one.shape.cut(self.section, self.line, 1)) for one in shown]

    def _follow(self) -> None:
        """Take over where the viewer is, and cut along another axis than it."""
        tag, amplitude = self._workspace.tag, self._workspace.layer(Role.AMPLITUDE)
        if tag is None or amplitude is None:
            self._tag, self._beside = None, None
            self._listen_to(None)
            self._mark.hide()
            self.changed.emit()
            return
        another = self._tag is None or self._tag.opened is not tag.opened
        before, crossing = (self.section, self.line), self._workspace.navigation.section
        self._take_over(place_of(self._viewer, amplitude), whole=another)
        self._tag = tag
        if crossing is not None:
            if crossing is self.section:
                self.section = self._beside if not another and self._beside else _BESIDE[crossing]
            self._beside = crossing
        self._listen_to(self._workspace.interpretation)
        self._show_mark()
        same = not another and before == (self.section, self.line)
        (self.moved if same else self.changed).emit()

    def _take_over(self, place: tuple[int, int, int], *, whole: bool) -> None:
        """Go along where the viewer went; the rest of it may not have heard of this view yet."""
        for axis in Section:
            if whole or place[axis] != self._seen[axis]:
                self._place[axis] = place[axis]
        self._seen = place

    def _share(self) -> None:
        """Let the viewer come to this section when it turns to this axis."""
        amplitude = self._workspace.layer(Role.AMPLITUDE)
        if self.is_open and amplitude is not None:
            go_to(self._viewer, amplitude, self.section, self.line)

    def _show_mark(self) -> None:
        if self._tag is not None:
            self._mark.show(self._tag, (self.section, self.line))

    def _listen_to(self, interpretation: Interpretation | None) -> None:
        """Draw again after edits of the labels."""
        if interpretation is self._interpretation:
            return
        if self._interpretation is not None:
            self._interpretation.edited.disconnect(self._on_edited, missing_ok=True)
        self._interpretation = interpretation
        if interpretation is not None:
            interpretation.edited.connect(self._on_edited)

    def _on_edited(self, event: Edited) -> None:
        if event.touches(FACIES):
            self._changed_soon()

    def _on_layers(self, event: Any = None) -> None:
        self._watch([layer for layer in self._viewer.layers if tag_of(layer) is not None])
        self._changed_soon()

    def _watch(self, layers: list[Any]) -> None:
        """Hear of other looks of these layers, and of no others."""
        for emitter in self._watched:
            emitter.disconnect(self._on_look)
        names = [(layer, name) for layer in layers for name in _LOOKS]
        self._watched = [
            layer.events[name] for layer, name in names if name in layer.events.emitters
        ]
        for emitter in self._watched:
            emitter.connect(self._on_look)

    def _on_look(self, event: Any = None) -> None:
        self._changed_soon()

    def _on_reported(self, event: Event) -> None:
        if isinstance(event, JobFinished) or self._shows(event):
            self._changed_soon()

    def _shows(self, event: Event) -> bool:
        if not isinstance(event, BlockPredicted) or self._tag is None:
            return False
        start, stop = event.box[self.section]
        return event.survey == self._tag.survey and start <= self.line < stop
