"""Which zarr folders are volumes, and what is done with those that are not what they say."""

from __future__ import annotations

import json
import pickle

import numcodecs
import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.export.exporting import export_volume
from napari_hyperseg.survey.export.opening import may_be_volume, open_zarr_volume
from napari_hyperseg.survey.store import store as store_module
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore

AMPLITUDE = Content("amplitude", "tiny", "Amplitudes")
VALUES = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)


@pytest.mark.parametrize("name", ["a.zarr", "a.ome.zarr"])
def test_an_export_is_opened_with_its_geometry(survey, tmp_path, name):
    export_volume(survey, survey.volume, tmp_path / name, AMPLITUDE)
    assert may_be_volume(tmp_path / name)
    volume = open_zarr_volume(tmp_path / name)
    assert volume.description.content == AMPLITUDE
    assert np.array_equal(volume.description.geometry.inlines, survey.geometry.inlines)
    assert np.array_equal(volume.levels[0][:], survey.volume[:])


def test_a_converted_volume_is_opened_with_its_levels(survey, tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "SMALLEST_LEVEL", 8)
    store = VolumeStore.of(tmp_path / "tiny.zarr", survey.volume, survey.source)
    store.begin()
    assert may_be_volume(store.folder)
    with pytest.raises(SurveyError, match="hyperseg convert"):
        open_zarr_volume(store.folder)
    convert(survey.volume, store)
    volume = open_zarr_volume(store.folder)
    assert volume.converted
    assert [level.shape for level in volume.levels] == [(6, 5, 20), (3, 3, 10), (2, 2, 5)]
    assert np.array_equal(volume.levels[0][:], survey.volume[:])


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint16", "float64", "bool"])
def test_any_array_with_three_axes_is_a_volume(tmp_path, zarr_format, dtype):
    path = tmp_path / "a.zarr"
    array = zarr.create_array(path, shape=(2, 3, 4), dtype=dtype, zarr_format=zarr_format)
    array[:] = VALUES.astype(dtype)
    assert may_be_volume(path)
    volume = open_zarr_volume(path)
    assert np.array_equal(volume.levels[0][:], VALUES.astype(dtype))
    assert volume.names == ("axis 0", "axis 1", "axis 2")
    assert volume.description is None


def test_axes_keep_their_names(tmp_path):
    zarr.create_array(
        tmp_path / "a.zarr", shape=(2, 3, 4), dtype="f4", dimension_names=("y", "x", None)
    )
    assert open_zarr_volume(tmp_path / "a.zarr").names == ("y", "x", "axis 2")


def foreign_ome(path):
    ome = {"version": "0.5", "multiscales": [{"axes": [], "datasets": []}]}
    zarr.create_group(path, attributes={"ome": ome}).create_array("0", shape=(1, 2, 3), dtype="u1")


FOREIGN = {
    "no folder": lambda path: None,
    "a file": lambda path: path.write_text("zarr"),
    "an empty folder": lambda path: path.mkdir(),
    "a group": zarr.create_group,
    "a group of format 2": lambda path: zarr.create_group(path, zarr_format=2),
    "an image of somebody else": foreign_ome,
    "two axes": lambda path: zarr.create_array(path, shape=(2, 3), dtype="f4"),
    "five axes": lambda path: zarr.create_array(path, shape=(1, 1, 2, 3, 4), dtype="f4"),
    "nothing in it": lambda path: zarr.create_array(path, shape=(2, 0, 4), dtype="f4"),
    "complex numbers": lambda path: zarr.create_array(path, shape=(2, 3, 4), dtype="c8"),
    "no JSON": lambda path: (path.mkdir(), (path / "zarr.json").write_text("{")),
    "a list": lambda path: (path.mkdir(), (path / "zarr.json").write_text("[3]")),
    "no text": lambda path: (path.mkdir(), (path / "zarr.json").write_bytes(b"\xff" * 9)),
    "odd types": lambda path: (
        path.mkdir(),
        (path / "zarr.json").write_text('{"shape": [1, 2, 3], "data_type": {"name": "u1"}}'),
    ),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_other_folders_are_left_to_others(tmp_path, case):
    FOREIGN[case](tmp_path / "foreign.zarr")
    assert not may_be_volume(tmp_path / "foreign.zarr")


def spoil_geometry(path):
    metadata = json.loads((path / "zarr.json").read_text())
    metadata["attributes"]["hyperseg"]["geometry"]["inlines"]["count"] = 5
    (path / "zarr.json").write_text(json.dumps(metadata))


DAMAGE = {
    "another geometry": spoil_geometry,
    "no metadata": lambda path: (path / "zarr.json").write_text("{}"),
    "half": lambda path: (path / "zarr.json").write_text(
        (path / "zarr.json").read_text().replace('"codecs"', '"codes"')
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_export_is_one_line(survey, tmp_path, damage):
    path = tmp_path / "a.zarr"
    export_volume(survey, survey.volume, path, AMPLITUDE)
    DAMAGE[damage](path)
    with pytest.raises(SurveyError, match=r"cannot be opened as a volume") as caught:
        open_zarr_volume(path)
    assert "\n" not in str(caught.value)


def test_a_group_that_lost_its_levels_is_one_line(survey, tmp_path):
    export_volume(survey, survey.volume, tmp_path / "a.ome.zarr", AMPLITUDE)
    (tmp_path / "a.ome.zarr" / "0" / "zarr.json").unlink()
    with pytest.raises(SurveyError, match="cannot be opened as a volume"):
        open_zarr_volume(tmp_path / "a.ome.zarr")


class Armed:
    """Unpickling it would be noticed."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize("place", ["compressor", "filters"])
def test_pickles_are_never_loaded(tmp_path, place):
    path = tmp_path / "a.zarr"
    zarr.create_array(path, shape=(1, 1, 1), dtype="f4", zarr_format=2, compressors=None)
    metadata = json.loads((path / ".zarray").read_text())
    codec = numcodecs.Pickle().get_config()
    metadata[place] = codec if place == "compressor" else [codec]
    (path / ".zarray").write_text(json.dumps(metadata))
    (path / "0.0.0").write_bytes(pickle.dumps(Armed()))
    with pytest.raises(SurveyError, match="'pickle', which is not decoded"):
        open_zarr_volume(path)
