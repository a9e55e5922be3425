"""Sections, the readout and live repainting, in a viewer without a window."""

from dataclasses import replace

import numpy as np
import pytest

from napari_hyperseg.jobs.events import BlockPredicted
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.viewer.line_rows import line_title
from napari_hyperseg.viewer.live import LivePrediction
from napari_hyperseg.viewer.readout import LineAxis, line_axis, place_text, section_title
from napari_hyperseg.viewer.sections import (
    Section,
    first_look,
    go_to,
    line_index,
    show_section,
    show_volume,
    shown_section,
    view_of,
)
from napari_hyperseg.viewer.tags import Role, tagged


@pytest.fixture
def amplitude(shown):
    return next(tagged(shown.layers, Role.AMPLITUDE))


@pytest.mark.parametrize(
    ("section", "displayed"),
    [
        (Section.INLINE, (2, 1)),
        (Section.CROSSLINE, (2, 0)),
        (Section.TIME_SLICE, (0, 1)),
    ],
)
def test_sections_have_time_downwards(shown, section, displayed):
    show_section(shown, section)
    assert shown.dims.displayed == displayed
    assert shown_section(shown) is section


def test_the_first_look_is_the_middle_inline(shown, amplitude):
    first_look(shown, amplitude)
    assert shown_section(shown) is Section.INLINE
    assert shown.dims.point[0] == 14
    view = view_of(shown, amplitude)
    assert (view.survey, view.axis, view.index) == ("tiny", 0, 2)


def test_a_2d_line_is_called_by_its_name(survey):
    whole = survey.geometry
    line = replace(survey, geometry=replace(whole, inlines=whole.inlines[:1], live=None))
    assert section_title(line, Section.INLINE, 0) == "Line tiny"
    assert section_title(line, Section.CROSSLINE, 1) == "Crossline 32"
    assert section_title(line, Section.TIME_SLICE, 5) == "Time slice 120 ms"
    labelled = LabelledLine(0, 0, ((1, 1),))
    assert line_title(labelled, line.geometry) == "Whole line"
    assert line_title(labelled, whole) == "Inline 10"


@pytest.mark.parametrize(("section", "index"), [(0, 4), (1, 3), (2, 17)])
def test_going_to_a_line_shows_it(shown, amplitude, section, index):
    show_section(shown, Section(section))
    go_to(shown, amplitude, Section(section), index)
    assert line_index(shown, amplitude, Section(section)) == index
    assert view_of(shown, amplitude).index == index


def test_a_look_at_the_volume_keeps_the_lines(shown, amplitude):
    show_section(shown, Section.INLINE)
    go_to(shown, amplitude, Section.INLINE, 4)
    show_volume(shown)
    assert shown_section(shown) is None
    assert view_of(shown, amplitude) is None
    show_section(shown, Section.INLINE)
    assert line_index(shown, amplitude, Section.INLINE) == 4


def test_titles_and_places_are_in_survey_numbers(survey):
    geometry = survey.geometry
    assert section_title(survey, Section.INLINE, 2) == "Inline 14"
    assert section_title(survey, Section.CROSSLINE, 4) == "Crossline 35"
    assert section_title(survey, Section.TIME_SLICE, 5) == "Time slice 120 ms"
    assert place_text(survey, 2, 3, 5) == (
        "inline 14  crossline 34  twt 120 ms\nx 450474.0  y 6099986.0  amplitude 143405"
    )
    assert place_text(survey, 2, 5, 5) == ""
    live = np.ones(geometry.shape[:2], bool)
    live[2, 3] = False
    holes = replace(survey, geometry=replace(geometry, live=live, to_xy=None))
    assert place_text(holes, 2, 3, 5) == "inline 14  crossline 34  twt 120 ms\nno trace"
    assert line_axis(geometry, Section.INLINE) == LineAxis(10, 2, 6, "")
    assert line_axis(geometry, Section.TIME_SLICE) == LineAxis(100, 4, 20, "ms")


def block(box):
    return BlockPredicted(survey="tiny", box=box, step=1, done=1, total=1)


@pytest.mark.parametrize(
    ("section", "box", "repainted"),
    [
        (Section.INLINE, ((2, 3), (0, 5), (0, 20)), True),
        (Section.INLINE, ((3, 6), (0, 5), (0, 20)), False),
        (Section.CROSSLINE, ((3, 6), (2, 4), (0, 20)), True),
        (Section.TIME_SLICE, ((0, 6), (0, 5), (0, 5)), False),
    ],
)
def test_only_blocks_on_screen_are_repainted(predicted, shown, amplitude, section, box, repainted):
    first_look(shown, amplitude)
    show_section(shown, section)
    drawn = []
    for layer in tagged(shown.layers, Role.PREDICTION):
        layer.events.set_data.connect(drawn.append)
    LivePrediction(shown).block_predicted(block(box))
    assert bool(drawn) is repainted


def test_what_the_worker_wrote_is_what_is_drawn(predicted, shown, amplitude):
    import zarr

    first_look(shown, amplitude)
    layer = next(tagged(shown.layers, Role.PREDICTION))
    zarr.open_group(predicted, mode="a")["facies"][2] = 1
    LivePrediction(shown).block_predicted(block(((2, 3), (0, 5), (0, 20))))
    assert layer.get_value((14, 33, layer.data_to_world((2, 2, 4))[2]), world=True) == 1


def test_in_3d_a_whole_sweep_is_repainted_at_once(predicted, shown):
    show_volume(shown)
    drawn = []
    next(tagged(shown.layers, Role.PREDICTION)).events.set_data.connect(drawn.append)
    live = LivePrediction(shown)
    part = block(((0, 6), (0, 5), (0, 20))).model_copy(update={"total": 2})
    live.block_predicted(part)
    assert drawn == []
    live.block_predicted(part.model_copy(update={"done": 2}))
    assert len(drawn) == 1


def test_a_burst_of_blocks_is_repainted_once(predicted, shown, amplitude):
    first_look(shown, amplitude)
    asked, drawn = [], []
    live = LivePrediction(shown, throttle=lambda call: lambda: asked.append(call))
    layer = next(tagged(shown.layers, Role.PREDICTION))
    layer.events.set_data.connect(drawn.append)
    for _ in range(50):
        live.block_predicted(block(((2, 3), (0, 5), (0, 20))))
    for call in asked:
        call()
    assert len(drawn) == 1


def test_the_sample_shows_a_line_without_labels_first(viewer_model, tmp_path):
    from napari.layers import Layer

    from napari_hyperseg.project.sample_project import open_sample_project
    from napari_hyperseg.viewer.reader import read

    project = open_sample_project(tmp_path / "sample.hyperseg")
    for data, arguments, kind in read(str(project.folder)):
        viewer_model.add_layer(Layer.create(data, arguments, kind))
    amplitude, labels = viewer_model.layers
    first_look(viewer_model, amplitude)
    assert np.any(labels.data)
    assert not np.any(labels.data[line_index(viewer_model, amplitude, Section.INLINE)].all(axis=0))
