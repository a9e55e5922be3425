"""The table of the window's keys: what they do, how they are called, how people write them.

Owns the table alone; `keys` binds it, and whoever shows it reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from napari_hyperseg.viewer.horizon_keys import HorizonKeys
from napari_hyperseg.viewer.navigation import Navigation
from napari_hyperseg.viewer.next_line import NextLines
from napari_hyperseg.viewer.painting import Painting
from napari_hyperseg.viewer.sections import Section

Call = Callable[[], object]
N_CLASS_KEYS = 9


class Action(Enum):
    """What keys do; the value says it."""

    INLINE = "Vertical section along an inline"
    CROSSLINE = "Vertical section along a crossline"
    TIME_SLICE = "Horizontal section at one time or depth"
    VOLUME = "The whole survey in space"
    SECOND_VIEW = "Second view, along another axis"
    PREVIOUS = "Previous line"
    NEXT = "Next line"
    STEP_BACK = "Back by a step"
    STEP_ON = "On by a step"
    PREVIOUS_LABELLED = "Previous labelled line"
    NEXT_LABELLED = "Next labelled line"
    GO_TO = "Type the number of a line"
    LABEL_NEXT = "Go where labels would help most"
    CLASS = "Paint with the class in this row of the list"
    BRUSH = "Brush"
    ERASER = "Eraser"
    FILL = "Fill"
    POLYGON = "Polygon"
    COPY = "Copy labels to the previous or next line"
    PICK = "Take the class under the mouse"
    BRUSH_SIZE = "Smaller or larger brush"
    PICK_HORIZON = "Take the picking tool up, or put it away"
    PUT_AWAY = "Put the picking tool away"
    TRACK_LINE = "Track the line in view"
    TRACK_VOLUME = "Track the whole survey, or stop"
    NEXT_HORIZON = "Next horizon in the list"
    PREVIOUS_HORIZON = "Previous horizon in the list"
    ERASE_LINE = "Erase the horizon on the line in view"
    UNDO = "Undo"
    REDO = "Redo"
    PAN = "Hold to move the section while painting"
    KEYS = "Show these keys"


@dataclass(frozen=True)
class Key:
    """A row of the table.

    Parameters
    ----------
    action : Action
        What the keys do.
    names : tuple of str
        The keys as napari names them.
    call : callable or None
        Does it; None: others bind the keys.
    on_canvas : bool
        Whether to bind them on the canvas; if not, it knows them already.
    also : tuple of str
        Other keys for the same, for layers on which the first are taken.
    """

    action: Action
    names: tuple[str, ...]
    call: Call | None = None
    on_canvas: bool = True
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The keys as people write them."""
        return ", ".join(key_text(name) for name in self.names)


@dataclass(frozen=True)
class KeyGroup:
    """Rows under one heading."""

    title: str
    keys: tuple[Key, ...]


def key_groups(
    navigation: Navigation,
    next_lines: NextLines,
    painting: Painting,
    horizons: HorizonKeys,
    ask_second: Call,
    ask: Call,
) -> tuple[KeyGroup, ...]:
    """Return the table.

    Parameters
    ----------
    navigation : Navigation
        What most keys ask.
    next_lines : NextLines
        Where to label next.
    painting : Painting
        What those of the brush ask.
    horizons : HorizonKeys
        What those of horizons ask.
    ask_second : callable
        Opens the second view.
    ask : callable
        Shows the table.
    """
    return (
        KeyGroup("Sections", _sections(navigation, ask_second)),
        KeyGroup("Lines", _lines(navigation, next_lines)),
        KeyGroup("Painting", _painting(painting)),
        KeyGroup("Horizons", _horizons(horizons)),
        KeyGroup("Help", (Key(Action.KEYS, ("F1",), ask),)),
    )


def key_text(name: str) -> str:
    """Return a key as people write it: "Shift+I", "Page Up"."""
    return name.replace("Page", "Page ").replace("-", "+") if len(name) > 1 else name


def _sections(navigation: Navigation, ask_second: Call) -> tuple[Key, ...]:
    def show(section: Section) -> Call:
        return lambda: navigation.show(section)

    return (
        Key(Action.INLINE, ("I",), show(Section.INLINE), also=("Shift-I",)),
        Key(Action.CROSSLINE, ("C",), show(Section.CROSSLINE), also=("Shift-C",)),
        Key(Action.TIME_SLICE, ("T",), show(Section.TIME_SLICE), also=("Shift-T",)),
        Key(Action.VOLUME, ("D",), navigation.show_volume, also=("Shift-D",)),
        Key(Action.SECOND_VIEW, ("W",), ask_second),
    )


def _lines(navigation: Navigation, next_lines: NextLines) -> tuple[Key, ...]:
    return (
        # napari's own, which goes on while the key is held; bound keys do not.
        Key(Action.PREVIOUS, ("Left",), navigation.previous_line, on_canvas=False),
        Key(Action.NEXT, ("Right",), navigation.next_line, on_canvas=False),
        Key(Action.STEP_BACK, ("PageUp",), navigation.step_back),
        Key(Action.STEP_ON, ("PageDown",), navigation.step_on),
        Key(Action.NEXT_LABELLED, ("N",), navigation.next_labelled),
        Key(Action.PREVIOUS_LABELLED, ("Shift-N",), navigation.previous_labelled),
        Key(Action.GO_TO, ("G",), navigation.ask_line),
        Key(Action.LABEL_NEXT, ("U",), next_lines.go),
    )


def _painting(painting: Painting) -> tuple[Key, ...]:
    def choose(row: int) -> Call:
        return lambda: painting.choose_row(row)

    rows = range(1, N_CLASS_KEYS + 1)
    return (
        *(Key(Action.CLASS, (str(row),), choose(row)) for row in rows),
        Key(Action.BRUSH, ("P",)),
        Key(Action.ERASER, ("E",)),
        Key(Action.FILL, ("F",)),
        Key(Action.PICK, ("L",)),
        Key(Action.BRUSH_SIZE, ("[", "]")),
        # Bound by those who do it; two shortcuts of one key in the dock would do nothing.
        Key(Action.POLYGON, ("Shift-P",)),
        Key(Action.COPY, ("Ctrl-Left", "Ctrl-Right")),
        Key(Action.UNDO, ("Ctrl-Z",)),
        Key(Action.REDO, ("Ctrl-Shift-Z",)),
        Key(Action.PAN, ("Space",)),
    )


def _horizons(horizons: HorizonKeys) -> tuple[Key, ...]:
    return (
        Key(Action.PICK_HORIZON, ("H",), horizons.pick),
        Key(Action.PUT_AWAY, ("Escape",)),  # bound while it is in hand
        Key(Action.TRACK_LINE, ("K",), horizons.track_line),
        Key(Action.TRACK_VOLUME, ("Shift-K",), horizons.track_volume),
        Key(Action.NEXT_HORIZON, ("J",), horizons.next),
        Key(Action.PREVIOUS_HORIZON, ("Shift-J",), horizons.previous),
        Key(Action.ERASE_LINE, ("Shift-Delete",), horizons.erase_line),
    )
