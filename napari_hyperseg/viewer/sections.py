"""Which section the viewer shows: inline, crossline or time slice, and the first look.

Owns the order of the displayed dimensions.  Vertical sections have time downwards and the
other line axis to the right; a time slice is a map with inlines downwards.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer

from napari_hyperseg.jobs.messages import View
from napari_hyperseg.viewer.napari_versions import camera_of
from napari_hyperseg.viewer.tags import tag_of


class Section(IntEnum):
    """The axis that is cut; the value is its position in (inline, crossline, sample)."""

    INLINE = 0
    CROSSLINE = 1
    TIME_SLICE = 2


# Section -> order of the axes: sliced, downwards, to the right.
DISPLAY_ORDERS: dict[Section, tuple[int, int, int]] = {
    Section.INLINE: (0, 2, 1),
    Section.CROSSLINE: (1, 2, 0),
    Section.TIME_SLICE: (2, 0, 1),
}


def show_section(viewer: ViewerModel, section: Section) -> None:
    """Cut the survey along another axis, at the line last looked at."""
    point = viewer.dims.point
    viewer.dims.ndisplay = 2  # from 3D, napari moves the point to the camera's centre
    viewer.dims.point = point
    viewer.dims.order = _behind(viewer, DISPLAY_ORDERS[section])
    viewer.dims.last_used = viewer.dims.order[-3]
    viewer.fit_to_view()


def show_volume(viewer: ViewerModel) -> None:
    """Show the survey in space, from obliquely above, time downwards."""
    viewer.dims.order = _behind(viewer, DISPLAY_ORDERS[Section.INLINE])
    viewer.dims.ndisplay = 3
    camera_of(viewer).set_view_direction((1.0, 0.5, -0.6), up_direction=(0.0, -1.0, 0.0))
    viewer.fit_to_view()


def shown_section(viewer: ViewerModel) -> Section | None:
    """Return the section on screen; None in 3D, or when the user chose another order."""
    if viewer.dims.ndisplay != 2 or viewer.dims.ndim < 3:
        return None
    return Section(viewer.dims.order[-3] - (viewer.dims.ndim - 3))


def main_section(layer: Layer) -> Section:
    """Return the section that shows most of a survey: a line is seen along itself."""
    n_inlines, n_crosslines, _ = layer.data.shape
    return Section.CROSSLINE if n_crosslines == 1 < n_inlines else Section.INLINE


def first_look(viewer: ViewerModel, layer: Layer) -> None:
    """Show the middle line of a survey that was just opened."""
    middle = layer.data_to_world([(n - 1) // 2 for n in layer.data.shape])
    axes = range(viewer.dims.ndim - layer.ndim, viewer.dims.ndim)
    viewer.dims.set_point(list(axes), list(middle))
    show_section(viewer, main_section(layer))


def go_to(viewer: ViewerModel, layer: Layer, section: Section, index: int) -> None:
    """Show the section with this array index."""
    position = [0, 0, 0]
    position[section] = index
    axis = viewer.dims.ndim - 3 + section
    viewer.dims.set_point(axis, layer.data_to_world(position)[section])


def go_to_place(viewer: ViewerModel, layer: Layer, place: tuple[int, int, int]) -> None:
    """Cut all three axes at a voxel; the section on screen stays of its kind."""
    axes = range(viewer.dims.ndim - 3, viewer.dims.ndim)
    viewer.dims.set_point(list(axes), list(layer.data_to_world(place)))


def place_of(viewer: ViewerModel, layer: Layer) -> tuple[int, int, int]:
    """Return the voxel at which the viewer cuts the three axes."""
    at = np.rint(layer.world_to_data(viewer.dims.point[-3:]))
    i, j, k = np.clip(at, 0, np.array(layer.data.shape) - 1).astype(int)
    return int(i), int(j), int(k)


def view_of(viewer: ViewerModel, layer: Layer) -> View | None:
    """Return the section on screen as the worker understands it; None in 3D."""
    tag, section = tag_of(layer), shown_section(viewer)
    if tag is None or section is None:
        return None
    return View(survey=tag.survey, axis=section.value, index=line_index(viewer, layer, section))


def line_index(viewer: ViewerModel, layer: Layer, section: Section) -> int:
    """Return the array index, along a section's axis, at which the viewer cuts."""
    index = layer.world_to_data(viewer.dims.point[-3:])[section]
    return int(np.clip(round(index), 0, layer.data.shape[section] - 1))


def _behind(viewer: ViewerModel, order: tuple[int, int, int]) -> tuple[int, ...]:
    """Put axes that the survey does not have in front."""
    extra = viewer.dims.ndim - 3
    return (*range(extra), *(axis + extra for axis in order))
