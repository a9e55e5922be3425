"""Layers lie in survey numbers and time, and look as they should."""

import numpy as np
import pint
import pytest
from napari.components import ViewerModel
from napari.layers import Image, Labels, Layer

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.axes import best_vertical_unit, layer_axes, vertical_units
from napari_hyperseg.viewer.layers import amplitude_layer, legend_colormap
from napari_hyperseg.viewer.reader import get_reader, project_layers, read
from napari_hyperseg.viewer.tags import Role, tag_of


def geometry(n_crosslines, n_samples, interval_ms, **changes):
    return Geometry(
        inlines=np.arange(1000, 1036),
        crosslines=np.arange(1002, 1002 + n_crosslines),
        n_samples=n_samples,
        start_ms=100.0,
        sample_interval_ms=interval_ms,
        **changes,
    )


@pytest.mark.parametrize(
    ("n_crosslines", "n_samples", "interval_ms", "unit"),
    [
        (229, 1501, 4.0, "centisecond"),
        (2000, 500, 4.0, "millisecond"),
        (50, 1501, 4.0, "decisecond"),
        (3, 1500, 2.0, "decisecond"),
    ],
)
def test_sections_come_near_to_squares(n_crosslines, n_samples, interval_ms, unit):
    assert best_vertical_unit(geometry(n_crosslines, n_samples, interval_ms)) == unit


def test_depth_surveys_count_in_metres():
    deep = geometry(229, 1501, 4.0, domain="depth")
    axes = layer_axes(deep)
    assert axes["units"][2] == "decameter"
    assert axes["axis_labels"][2] == "depth"


@pytest.mark.parametrize("domain", ["time", "depth"])
def test_every_unit_is_what_pint_takes_it_for(domain):
    base = "ms" if domain == "time" else "m"
    registry = pint.get_application_registry()
    for unit, size in vertical_units(geometry(9, 9, 1.0, domain=domain)).items():
        assert registry.Quantity(1, unit).to(base).magnitude == pytest.approx(size)


def test_the_unit_of_other_layers_is_kept():
    axes = layer_axes(geometry(229, 1501, 4.0), "second")
    assert axes["units"][2] == "second"
    assert axes["scale"][2] == pytest.approx(0.004)
    assert axes["translate"] == (1000.0, 1002.0, pytest.approx(0.1))


def test_world_coordinates_are_survey_numbers(project):
    survey = project.open_survey("tiny")
    for data, arguments, kind in project_layers(project, "tiny", survey, unit="millisecond"):
        layer = Layer.create(data, arguments, kind)
        assert layer.data_to_world((2, 3, 5)) == pytest.approx((14, 34, 120))
        assert layer.axis_labels == ("inline", "crossline", "twt")


def test_amplitudes_are_grey_and_clipped_at_the_99th_percentile(project):
    survey = project.open_survey("tiny")
    data, arguments, kind = project_layers(project, "tiny", survey)[0]
    layer = Layer.create(data, arguments, kind)
    assert isinstance(layer, Image)
    assert layer.colormap.name == "grey"
    assert layer.contrast_limits == pytest.approx([-survey.clip(), survey.clip()])
    np.testing.assert_array_equal(np.asarray(layer.data[2]), survey.load()[2])


def test_an_edit_of_the_layer_reaches_the_file(project):
    data, arguments, kind = project_layers(project, "tiny", project.open_survey("tiny"))[-1]
    layer = Layer.create(data, arguments, kind)
    assert isinstance(layer, Labels)
    layer.data_setitem((np.array([1]), np.array([2]), np.array([3])), 2)
    data.owner.flush()
    assert project.labels("tiny", writable=False).codes[1, 2, 3] == 2


def test_a_prediction_lies_between_seismic_and_labels(project, predicted):
    layers = project_layers(project, "tiny", project.open_survey("tiny"))
    roles = [arguments["metadata"]["hyperseg"].role for _, arguments, _ in layers]
    assert roles == [Role.AMPLITUDE, Role.CONFIDENCE, Role.PREDICTION, Role.LABELS]
    facies = layers[2][0]
    with pytest.raises(ValueError, match="read"):
        facies[0, 0, 0] = 1


def test_the_legend_colours_its_codes_only():
    colormap = legend_colormap(Legend.default(3))
    colors = colormap.map(np.array([0, 1, 2, 200]))
    assert colors[0][3] == colors[3][3] == 0
    np.testing.assert_allclose(colors[1], [0xE6 / 255, 0x9F / 255, 0, 1], atol=1e-6)


def test_a_hidden_class_is_transparent_and_order_does_not_matter():
    legend = Legend.default(3).moved(3, -2).shown(1, False)
    colors = legend_colormap(legend).map(np.array([1, 2, 3]))
    assert colors[:, 3].tolist() == [0, 1, 1]
    np.testing.assert_allclose(colors[2], legend_colormap(Legend.default(3)).map(3))


@pytest.mark.parametrize("path", ["a.sgy", "b.SEGY", "c.hyperseg", ["a.sgy", "b.segy"]])
def test_the_reader_offers_itself_by_name(path):
    assert get_reader(path) is read


@pytest.mark.parametrize(
    "path", ["a.tif", ["a.sgy", "b.tif"], [], "other/project.json", "project.json"]
)
def test_the_reader_leaves_other_files_alone(path):
    assert get_reader(path) is None


def test_a_project_is_read_by_its_record(project):
    by_folder = read(str(project.folder))
    by_record = read(str(project.folder / "project.json"))
    assert get_reader(str(project.folder / "project.json")) is read
    assert [layer[1]["name"] for layer in by_record] == [layer[1]["name"] for layer in by_folder]
    assert len(by_record) == 2


def test_reading_a_file_tags_its_layer(tiny_segy):
    ((data, arguments, kind),) = read(str(tiny_segy))
    tag = tag_of(Layer.create(data, arguments, kind))
    assert (tag.survey, tag.opened.source.path, tag.project, tag.role) == (
        "tiny",
        tiny_segy,
        None,
        Role.AMPLITUDE,
    )


def test_reading_a_project_takes_its_clip(project, predicted):
    layers = read(str(project.folder))
    assert len(layers) == 4
    assert all(
        arguments["metadata"]["hyperseg"].project == project.folder for _, arguments, _ in layers
    )


def test_an_own_clip_is_used(survey, project):
    tag = project_layers(project, "tiny", survey)[0][1]["metadata"]["hyperseg"]
    assert amplitude_layer(survey, tag, clip=5.0)[1]["contrast_limits"] == (-5.0, 5.0)


@pytest.mark.parametrize(("n_samples", "interval"), [(120, 4.0), (1431, 2.0), (47, 3.0)])
@pytest.mark.parametrize("unit", ["centisecond", "second"])
def test_the_slider_reaches_the_last_sample(n_samples, interval, unit):
    viewer = ViewerModel()
    axes = layer_axes(geometry(5, n_samples, interval), unit)
    viewer.add_image(np.zeros((36, 5, n_samples), np.float32), **axes)
    assert viewer.dims.nsteps[2] == n_samples
