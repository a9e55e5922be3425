"""Files from the test suites of other readers, and a window of a real survey."""

import numpy as np
import pytest

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.horizons import read_horizon
from napari_hyperseg.survey.segy.export import export_segy
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey

FORMATS = {
    1: "float32", 2: "int32", 3: "int16", 5: "float32", 6: "float64", 7: "int32", 8: "int8",
    9: "int64", 10: "uint32", 11: "uint16", 12: "uint64", 15: "uint32", 16: "uint8",
}  # fmt: skip
REFUSED = {
    "segyio__Format4msb.sgy": "format 4",
    "segyio__1x1.sgy": "prestack",
    "segyio__1xN.sgy": "prestack",
    "segyio__small-ps.sgy": "prestack",
    "segyio__small-ps-dec-il-xl-off.sgy": "prestack",
    "segyio__shot-gather.sgy": "no trace header bytes give a grid",
    "segyio__interval-neg-bin-neg-trace.sgy": "no positive sample interval",
}
# The usual 5 x 5 x 50 cube: inline 4, crossline 20, sample 49 has amplitude 4.20049.
SMALL = [
    "segyio__small.sgy", "segyio__small-lsb.sgy", "segyio__小文件.sgy",
    "segyio__text-embed-null.sgy", "segyio__right-small.sgy", "segyio__acute-small.sgy",
    "segyio__obtuse-small.sgy", "seismic-zfp__small-duplicate-traceheaders.sgy",
    "seismic-zfp__small-dec.sgy", "seismic-zfp__small_hole.sgy",
]  # fmt: skip


@pytest.fixture(scope="module")
def segy_folder(shared_data):
    return shared_data / "segy"


def test_every_file_is_read_or_refused_in_one_line(segy_folder):
    for path in segy_folder.iterdir():
        if path.name in REFUSED:
            with pytest.raises(SurveyError, match=REFUSED[path.name]):
                open_survey(path)
        else:
            survey = open_survey(path)
            assert survey.volume[:].shape == survey.geometry.shape


@pytest.mark.parametrize("format_code", FORMATS)
def test_every_format_holds_the_same_cube(segy_folder, format_code):
    reference = open_survey(segy_folder / "segyio__f3.sgy").volume[:]
    if format_code == 15:
        reference = reference.astype(np.int32) & 0xFFFFFF
    survey = open_survey(segy_folder / f"segyio__Format{format_code}msb.sgy")
    assert survey.volume.dtype == FORMATS[format_code]
    assert survey.geometry.start_ms == survey.geometry.sample_interval_ms == 4.0
    with np.errstate(invalid="ignore"):
        assert np.array_equal(survey.volume[:], reference.astype(FORMATS[format_code]))


@pytest.mark.parametrize("name", SMALL)
def test_amplitudes_spell_their_address(segy_folder, name):
    survey = open_survey(segy_folder / name)
    geometry = survey.geometry
    lines = geometry.inlines[:, None, None] + geometry.crosslines[:, None] / 100
    spelled = np.where(geometry.live_mask[..., None], lines + np.arange(50) / 100_000, 0)
    assert np.allclose(survey.volume[:], spelled, rtol=0, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "live", "cells"),
    [
        ("seismic-zfp__small_hole.sgy", 24, 25),
        ("seismic-zfp__small-irregular.sgy", 24, 25),
        ("xtgeo-testdata__ex1_missing_traces_75x71x26.segy", 4938, 5325),
    ],
)
def test_holes_are_counted(segy_folder, name, live, cells):
    info = describe_segy(segy_folder / name).to_json()
    assert info["live_traces"] == info["traces"] == live
    assert info["inlines"]["count"] * info["crosslines"]["count"] == cells
    assert f"{cells - live} of {cells} positions" in info["warnings"][0]


def test_a_line_and_a_delay(segy_folder):
    line = describe_segy(segy_folder / "seismic-zfp__small-2d.sgy").to_json()
    assert (line["kind"], line["traces"], line["crosslines"]["count"]) == ("2d", 25, 25)
    assert open_survey(segy_folder / "segyio__delay-scalar.sgy").geometry.start_ms == 1000.0


def test_penobscot_is_read_with_its_horizons(shared_data):
    survey = open_survey(shared_data / "penobscot_west.sgy")
    geometry = survey.geometry
    assert geometry.shape == (36, 229, 1501)
    assert (geometry.inlines[0], geometry.inlines[-1]) == (1075, 1110)
    assert (geometry.crosslines[0], geometry.crosslines[-1]) == (1002, 1230)
    assert (survey.volume.dtype, geometry.sample_interval_ms, geometry.to_xy) == (np.int8, 4, None)
    assert survey.clip() == 128.0
    horizons = [
        read_horizon(shared_data / f"penobscot_west_H{n}.txt", geometry) for n in range(1, 8)
    ]
    assert np.isfinite(horizons).all()
    assert np.all(np.diff(horizons, axis=0) > 0)


def test_penobscot_is_exported_under_its_own_headers(shared_data, tmp_path):
    survey = open_survey(shared_data / "penobscot_west.sgy")
    codes = np.zeros(survey.geometry.shape, np.uint8)
    codes[:] = 1 + np.arange(1501) // 200
    codes[5, 7] = 9
    export_segy(survey, codes, tmp_path / "facies.sgy", history="napari-hyperseg: facies")
    again = open_survey(tmp_path / "facies.sgy")
    assert np.array_equal(again.volume[:], codes)
    before = np.fromfile(survey.source.path, np.uint8)[3600:].reshape(-1, 240 + 1501)
    after = np.fromfile(again.source.path, np.uint8)[3600:].reshape(-1, 240 + 1501)
    assert np.array_equal(before[:, :240], after[:, :240])
