"""What the interpreter reads on the canvas: the section on screen, the place under the mouse.

napari's sliders count sections from 0 and its status bar shows the vertical axis in the unit
of display; this text, in the canvas's corner, is in survey numbers and milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.axes import VERTICAL_LABELS
from napari_hyperseg.viewer.napari_versions import text_of
from napari_hyperseg.viewer.sections import Section, line_index, shown_section
from napari_hyperseg.viewer.tags import tag_of

_DIMS_EVENTS = ("point", "order", "ndisplay")


class LineAxis(NamedTuple):
    """Numbers along the axis that is cut: survey numbers, or times in ms (depths in m or ft)."""

    first: float
    step: float
    n_lines: int
    suffix: str


def line_axis(geometry: Geometry, section: Section) -> LineAxis:
    """Return the numbers of the sections that can be shown."""
    if section is Section.TIME_SLICE:
        suffix = geometry.vertical_unit
        step = geometry.sample_interval_ms
        return LineAxis(geometry.start_ms, step, geometry.n_samples, suffix)
    inline = section is Section.INLINE
    lines = geometry.inlines if inline else geometry.crosslines
    step = geometry.inline_step if inline else geometry.crossline_step
    return LineAxis(float(lines[0]), float(step), len(lines), "")


def section_title(survey: Survey, section: Section, index: int) -> str:
    """Name a section as interpreters do: "Inline 1092", "Time slice 2400 ms", "Line L12"."""
    geometry = survey.geometry
    if geometry.shape[section] == 1 and section is not Section.TIME_SLICE:
        return f"Line {survey.name}"
    if section is Section.TIME_SLICE:
        kind = "Time" if geometry.domain == "time" else "Depth"
        return f"{kind} slice {vertical_text(geometry, index)}"
    lines = geometry.inlines if section is Section.INLINE else geometry.crosslines
    return f"{section.name.capitalize()} {int(lines[index])}"


def vertical_text(geometry: Geometry, sample: int) -> str:
    """Return the time or depth of a sample with its unit: "2400 ms"."""
    value = geometry.time_at(sample)
    return f"{value:.10g} {geometry.vertical_unit}"


def place_text(survey: Survey, i: int, j: int, k: int) -> str:
    """Name a voxel: "inline 1092  crossline 1116  twt 2400 ms"; where it is, what is there.

    In two lines.  Empty outside the survey; without a map there are no coordinates, without a
    trace no amplitude.
    """
    geometry = survey.geometry
    if not all(0 <= index < n for index, n in zip((i, j, k), geometry.shape, strict=True)):
        return ""
    inline, crossline = int(geometry.inlines[i]), int(geometry.crosslines[j])
    vertical = f"{VERTICAL_LABELS[geometry.domain]} {vertical_text(geometry, k)}"
    told = []
    position = geometry.map_position(i, j)
    if position is not None:
        x, y = position
        told += [f"x {x:.1f}", f"y {y:.1f}"]
    live = bool(geometry.live_mask[i, j])
    told.append(f"amplitude {float(survey.volume[i, j, k]):.6g}" if live else "no trace")
    return f"inline {inline}  crossline {crossline}  {vertical}\n{'  '.join(told)}"


class Readout:
    """Writes section and place into the viewer's text overlay.

    Parameters
    ----------
    viewer : ViewerModel
        The viewer.
    age_of : callable, optional
        Says how old the prediction of a voxel is; nothing where there is none.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        age_of: Callable[[int, int, int], str] = lambda i, j, k: "",
    ) -> None:
        self._viewer, self._age_of = viewer, age_of
        self._layer: Layer | None = None
        self._place = ""
        for name in _DIMS_EVENTS:
            viewer.dims.events[name].connect(self._on_moved)
        viewer.mouse_move_callbacks.append(self._on_mouse_move)

    def follow(self, layer: Layer | None) -> None:
        """Tell of this layer's survey from now on; None: write nothing."""
        self._layer, self._place = layer, ""
        self._write()

    def disconnect(self) -> None:
        """Write no more; what is written stays."""
        for name in _DIMS_EVENTS:
            self._viewer.dims.events[name].disconnect(self._on_moved)
        callbacks = self._viewer.mouse_move_callbacks
        if self._on_mouse_move in callbacks:
            callbacks.remove(self._on_mouse_move)

    def _on_moved(self, event: Any = None) -> None:
        self._place = ""
        self._write()

    def _on_mouse_move(self, viewer: ViewerModel, event: Any) -> None:
        if self._layer is None or viewer.dims.ndisplay != 2:
            return
        i, j, k = map(int, np.rint(self._layer.world_to_data(event.position)))
        place = place_text(_survey(self._layer), i, j, k)
        self._place = "\n".join(text for text in (place, self._age_of(i, j, k)) if text)
        self._write()

    def _write(self) -> None:
        text = text_of(self._viewer)
        text.text = self._text()
        text.box = text.visible = bool(text.text)
        text.position = "top_left"

    def _text(self) -> str:
        section = shown_section(self._viewer)
        if self._layer is None or section is None:
            return ""
        index = line_index(self._viewer, self._layer, section)
        title = section_title(_survey(self._layer), section, index)
        return f"{title}\n{self._place}" if self._place else title


def _survey(layer: Layer) -> Survey:
    tag = tag_of(layer)
    assert tag is not None
    return tag.opened
