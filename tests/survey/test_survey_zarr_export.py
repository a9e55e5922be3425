"""Exported zarr and OME-Zarr, read by others: zarr, a validator of the specification, napari."""

from __future__ import annotations

import json

import numpy as np
import ome_zarr_models
import pytest
import zarr
from segy_making import grid_positions

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.export import arrays, ome_zarr
from napari_hyperseg.survey.export.content import Content, ExportedClass
from napari_hyperseg.survey.export.description import Description, read_description
from napari_hyperseg.survey.export.exporting import export_volume, export_zarr
from napari_hyperseg.survey.export.placement import Placement
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.segy.opening import open_survey

CLASSES = (ExportedClass(1, "Sand", "#e69f00"), ExportedClass(2, "Mud", "#56b4e9"))
FACIES = Content("facies", "tiny facies", "Facies codes", CLASSES)
CONFIDENCE = Content("confidence", "tiny confidence", "Confidence in %")
AMPLITUDE = Content("amplitude", "tiny", "Amplitudes")


@pytest.fixture(autouse=True)
def several_shards_and_levels(monkeypatch):
    monkeypatch.setattr(arrays, "CHUNK", 4)
    monkeypatch.setattr(arrays, "SHARD", 8)
    monkeypatch.setattr(ome_zarr, "SMALLEST_LEVEL", 6)


def codes(shape, highest=2):
    return np.random.default_rng(0).integers(1, highest + 1, shape).astype(np.uint8)


def export(survey, volume, path, content, **given):
    export_volume(survey, volume, path, content, **given)
    return zarr.open(path, mode="r")


def test_a_plain_array_holds_samples_axes_and_geometry(survey, tmp_path):
    array = export(survey, survey.volume, tmp_path / "a.zarr", AMPLITUDE)
    assert np.array_equal(array[:], survey.volume[:])
    assert array.dtype == np.float32
    assert array.metadata.dimension_names == ("inline", "crossline", "sample")
    said = array.attrs["hyperseg"]["geometry"]
    assert said["inlines"] == {"start": 10, "step": 2, "count": 6}
    assert said["crosslines"] == {"start": 31, "step": 1, "count": 5}
    assert said["samples"] == {
        "start": 100.0, "interval": 4.0, "count": 20, "unit": "ms", "domain": "time",
    }  # fmt: skip
    assert np.allclose(said["coordinates"]["to_xy"], survey.geometry.to_xy)
    json.loads((tmp_path / "a.zarr" / "zarr.json").read_text())


@pytest.mark.parametrize("content", [FACIES, CONFIDENCE, AMPLITUDE], ids=lambda c: c.kind)
def test_ome_zarr_is_what_the_specification_says(survey, tmp_path, content):
    volume = survey.volume if content is AMPLITUDE else codes(survey.geometry.shape)
    group = export(survey, volume, tmp_path / "v.ome.zarr", content)
    assert group.metadata.zarr_format == 3
    assert group.attrs["ome"]["version"] == "0.5"
    model = ome_zarr_models.open_ome_zarr(group)
    assert type(model).__name__ == ("ImageLabel" if content is FACIES else "Image")
    (multiscale,) = model.attributes.ome.multiscales
    assert [(axis.name, axis.type, axis.unit) for axis in multiscale.axes] == [
        ("inline", "space", None), ("crossline", "space", None), ("sample", "space", "centisecond"),
    ]  # fmt: skip
    assert [group[d.path].shape for d in multiscale.datasets] == [(6, 5, 20), (3, 3, 10), (2, 2, 5)]
    assert np.array_equal(group["0"][:], volume[:])
    names = {group[d.path].metadata.dimension_names for d in multiscale.datasets}
    assert names == {("inline", "crossline", "sample")}


def test_levels_of_facies_are_codes_that_are_there_and_lie_on_their_samples(survey, tmp_path):
    volume = codes(survey.geometry.shape)
    group = export(survey, volume, tmp_path / "f.ome.zarr", FACIES)
    assert np.array_equal(group["1"][:], volume[::2, ::2, ::2])
    assert np.array_equal(group["2"][:], volume[::4, ::4, ::4])
    scale, translation = transform_of(group, 1)
    assert (scale, translation) == ([4, 2, 0.8], [10, 31, 10])
    assert group.attrs["ome"]["image-label"]["colors"][1] == {
        "label-value": 2, "rgba": [0x56, 0xB4, 0xE9, 255],
    }  # fmt: skip


def test_levels_of_confidence_are_means_and_lie_between_their_samples(survey, tmp_path):
    volume = codes(survey.geometry.shape, 100)
    group = export(survey, volume, tmp_path / "c.ome.zarr", CONFIDENCE)
    fine = volume[:, [0, 1, 2, 3, 4, 4]].astype(float)
    means = fine.reshape(3, 2, 3, 2, 10, 2).mean(axis=(1, 3, 5))
    assert np.abs(group["1"][:] - means).max() <= 0.5
    scale, translation = transform_of(group, 1)
    assert (scale, translation) == ([4, 2, 0.8], pytest.approx([11, 31.5, 10.2]))
    assert "image-label" not in group.attrs["ome"]


def transform_of(group, level):
    dataset = group.attrs["ome"]["multiscales"][0]["datasets"][level]
    scale, translation = dataset["coordinateTransformations"]
    return scale["scale"], translation["translation"]


def test_another_reader_opens_it(survey, tmp_path):
    reader = pytest.importorskip("napari_ome_zarr").napari_get_reader
    volume = codes(survey.geometry.shape)
    export(survey, volume, tmp_path / "f.ome.zarr", FACIES)
    ((levels, arguments, kind),) = reader(str(tmp_path / "f.ome.zarr"))(str(tmp_path))
    assert kind == "labels"
    assert np.array_equal(np.asarray(levels[0]), volume)
    assert arguments["scale"] == [2.0, 1.0, 0.4]
    assert arguments["axis_labels"] == ("inline", "crossline", "sample")


@pytest.mark.parametrize("name", ["out.zarr", "out.ome.zarr"])
def test_dead_traces_are_zero(make_segy, tmp_path, name):
    positions = [at for at in grid_positions([2, 4], [5, 8, 11]) if at != (4, 8)]
    survey = open_survey(make_segy(positions))
    volume = codes(survey.geometry.shape)
    opened = export(survey, volume, tmp_path / name, FACIES)
    array = opened["0"] if name == "out.ome.zarr" else opened
    assert np.array_equal(array[:], np.where(survey.geometry.live_mask[..., None], volume, 0))


@pytest.mark.parametrize(("samples", "dtype"), [("int8", "int8"), ("float", "float32")])
def test_the_sample_type_can_be_chosen(survey, tmp_path, samples, dtype):
    volume = codes(survey.geometry.shape)
    array = export(survey, volume, tmp_path / "f.zarr", FACIES, samples=samples)
    assert array.dtype == dtype
    assert np.array_equal(array[:], volume)
    with pytest.raises(ExportError, match="int8 holds whole numbers"):
        export(survey, survey.volume, tmp_path / "a.zarr", AMPLITUDE, samples="int8")


def test_only_an_export_is_replaced(survey, tmp_path):
    volume = codes(survey.geometry.shape)
    zarr.create_array(tmp_path / "own.zarr", shape=(2, 2, 2), dtype="u1")
    (tmp_path / "file.zarr").write_text("precious")
    for name in ("own.zarr", "file.zarr"):
        with pytest.raises(ExportError, match="exists and is no exported volume"):
            export(survey, volume, tmp_path / name, FACIES)
    export(survey, volume, tmp_path / "f.zarr", FACIES)
    assert np.array_equal(export(survey, volume + 1, tmp_path / "f.zarr", FACIES)[:], volume + 1)


@pytest.mark.parametrize("name", ["out.npy", "out", "zarr", "out.zarr.zip", ".ome"])
def test_a_name_that_says_nothing_is_refused(survey, tmp_path, name):
    with pytest.raises(ExportError, match=r"ends in \.sgy, \.segy, \.zarr or \.ome\.zarr"):
        export_volume(survey, survey.volume, tmp_path / name, AMPLITUDE)


def test_what_does_not_fit_is_refused(survey, tmp_path):
    with pytest.raises(ExportError, match="not the survey's"):
        export_volume(survey, survey.load()[1:], tmp_path / "a.zarr", AMPLITUDE)
    with pytest.raises(ExportError, match="no folder"):
        export_volume(survey, survey.volume, tmp_path / "no" / "a.zarr", AMPLITUDE)


def test_volumes_of_no_survey_lie_where_they_are_put(tmp_path):
    volume = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)
    placement = Placement(("z", "y", "x"), (None, "meter", None), (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    export_zarr(volume, tmp_path / "v.ome.zarr", AMPLITUDE, None, placement=placement)
    group = zarr.open(tmp_path / "v.ome.zarr", mode="r")
    assert transform_of(group, 0) == ([1, 2, 3], [4, 5, 6])
    ome_zarr_models.open_ome_zarr(group)


GEOMETRIES = {
    "time": {},
    "depth in feet": {"domain": "depth", "length_unit": "ft", "start_ms": -500.0},
    "downwards": {"inlines": np.arange(20, 10, -2)},
    "a line": {"crosslines": np.array([7])},
    "on a map": {"to_xy": np.array([[1.5, -2.25, 1e6], [0.1, 3.0, -7.0]])},
}


@pytest.mark.parametrize("case", GEOMETRIES)
def test_a_geometry_comes_back(case):
    given = {
        "inlines": np.arange(3, 9), "crosslines": np.arange(10, 40, 5), "n_samples": 7,
        "start_ms": 12.5, "sample_interval_ms": 4 / 3,
    }  # fmt: skip
    geometry = Geometry(**{**given, **GEOMETRIES[case]})
    attributes = json.loads(json.dumps(Description(FACIES, geometry).to_attributes()))
    again = read_description(attributes)
    assert again.content == FACIES
    for name in ("n_samples", "start_ms", "sample_interval_ms", "domain", "length_unit"):
        assert getattr(again.geometry, name) == getattr(geometry, name)
    for name in ("inlines", "crosslines", "to_xy"):
        assert np.array_equal(getattr(again.geometry, name), getattr(geometry, name))


DAMAGE = {
    "no content": lambda said: said.pop("content"),
    "another kind": lambda said: said["content"].update(kind="recipe"),
    "no step": lambda said: said["geometry"]["inlines"].update(step=0),
    "endless": lambda said: said["geometry"]["inlines"].update(count=10**12),
    "no number": lambda said: said["geometry"]["samples"].update(interval="four"),
    "no interval": lambda said: said["geometry"]["samples"].update(interval=0),
    "no map": lambda said: said["geometry"]["coordinates"].update(to_xy=[1, 2]),
    "of tomorrow": lambda said: said.update(format=99),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_description_is_none(survey, damage):
    attributes = json.loads(json.dumps(Description(FACIES, survey.geometry).to_attributes()))
    DAMAGE[damage](attributes["hyperseg"])
    assert read_description(attributes) is None
