"""Files from the test suites of other readers, and a window of a real survey."""

import numpy as np
import pytest
import segyio

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.segy.export import export_segy
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading

LINE = "seismic-zfp__small-2d.sgy"
XTGEO = "xtgeo-testdata__ex1_missing_traces_75x71x26.segy"
FORMATS = {
    1: "float32", 2: "int32", 3: "int16", 5: "float32", 6: "float64", 7: "int32", 8: "int8",
    9: "int64", 10: "uint32", 11: "uint16", 12: "uint64", 15: "uint32", 16: "uint8",
}  # fmt: skip
# The usual 5 x 5 x 50 cube and its kin: inline 4, crossline 20, sample 49 has amplitude 4.20049.
SPELLED = [
    "segyio__small.sgy", "segyio__small-lsb.sgy", "segyio__小文件.sgy",
    "segyio__text-embed-null.sgy", "segyio__right-small.sgy", "segyio__acute-small.sgy",
    "segyio__obtuse-small.sgy", "segyio__rotated-small-rev2.sgy", "segyio__stanzas-known-count.sgy",
    "segyio__trace-header-extension1.sgy", "seismic-zfp__small-duplicate-traceheaders.sgy",
    "seismic-zfp__small-dec.sgy", "seismic-zfp__small_hole.sgy", "seismic-zfp__small-irregular.sgy",
]  # fmt: skip
# Gathers add 100 for each offset.
GATHERS = [
    "segyio__1x1.sgy", "segyio__1xN.sgy", "segyio__small-ps.sgy",
    "segyio__small-ps-dec-il-xl-off.sgy",
]  # fmt: skip
REFUSED = {
    "segyio__Format4msb.sgy": "format 4",
    "segyio__shot-gather.sgy": "no trace header bytes give a grid",
    "segyio__interval-neg-bin-neg-trace.sgy": "no positive sample interval",
}
OTHERS = {  # shape and what is known of the samples
    "segyio__delay-scalar.sgy": ((1, 1, 251), np.arange(251.0)),
    "segyio__multi-text.sgy": ((1, 1, 1), np.zeros(1)),
}


@pytest.fixture(scope="module")
def segy_folder(shared_data):
    return shared_data / "segy"


def spelled(survey, offset=0):
    geometry = survey.geometry
    lines = geometry.inlines[:, None, None] + geometry.crosslines[:, None] / 100
    samples = np.arange(geometry.n_samples) / 100_000
    return np.where(geometry.live_mask[..., None], 100 * offset + lines + samples, 0)


def test_no_file_is_forgotten(segy_folder):
    tested = {*SPELLED, *GATHERS, *REFUSED, *OTHERS, "segyio__f3.sgy", LINE, XTGEO}
    tested |= {f"segyio__Format{code}msb.sgy" for code in FORMATS}
    assert {path.name for path in segy_folder.iterdir()} == tested


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_by_its_cause(segy_folder, told, name):
    with pytest.raises(SurveyError, match=REFUSED[name]) as caught:
        open_survey(segy_folder / name)
    told(name, f"refused: {caught.value}")


@pytest.mark.parametrize("format_code", FORMATS)
def test_every_format_holds_the_same_cube(segy_folder, told, format_code):
    reference = open_survey(segy_folder / "segyio__f3.sgy").volume[:]
    if format_code == 15:
        reference = reference.astype(np.int32) & 0xFFFFFF
    survey = open_survey(segy_folder / f"segyio__Format{format_code}msb.sgy")
    assert survey.volume.dtype == FORMATS[format_code]
    assert survey.geometry.start_ms == survey.geometry.sample_interval_ms == 4.0
    with np.errstate(invalid="ignore"):
        assert np.array_equal(survey.volume[:], reference.astype(FORMATS[format_code]))
    told(survey.source.path.name, f"the samples of f3, {survey.source.format}")


@pytest.mark.parametrize("name", SPELLED)
def test_amplitudes_spell_their_address(segy_folder, told, name):
    survey = open_survey(segy_folder / name)
    assert np.allclose(survey.volume[:], spelled(survey), rtol=0, atol=2e-6)
    told(name, f"spells its addresses, {_size(survey)}")


@pytest.mark.parametrize("name", GATHERS)
def test_gathers_spell_their_offset(segy_folder, told, name):
    path = segy_folder / name
    with pytest.raises(SurveyError, match="is prestack"):
        open_survey(path)
    offsets = describe_segy(path).offsets
    for offset in offsets:
        survey = open_survey(path, Reading(offset=offset))
        assert np.allclose(survey.volume[:], spelled(survey, offset), rtol=0, atol=2.5e-4)
    stack = open_survey(path, Reading(stack=True))
    assert np.allclose(stack.volume[:], spelled(stack, np.mean(offsets)), rtol=0, atol=2.5e-4)
    told(name, f"asks; each of {len(offsets)} offsets and the stack spell it, {_size(stack)}")


@pytest.mark.parametrize("name", OTHERS)
def test_samples_that_are_known_otherwise(segy_folder, told, name):
    survey, (shape, samples) = open_survey(segy_folder / name), OTHERS[name]
    assert survey.geometry.shape == shape
    assert np.array_equal(survey.volume[0, 0], samples)
    told(name, f"the samples known of it, {_size(survey)}")


def test_missing_traces_are_those_that_segyio_does_not_find(segy_folder, told):
    survey = open_survey(segy_folder / XTGEO)
    with segyio.open(segy_folder / XTGEO, ignore_geometry=True) as file:
        lines = zip(file.attributes(189)[:], file.attributes(193)[:], strict=True)
        for trace, (inline, crossline) in enumerate(lines):
            i = survey.geometry.inline_index(int(inline))
            j = survey.geometry.crossline_index(int(crossline))
            assert np.array_equal(survey.volume[i, j], file.trace[trace])
        assert survey.geometry.live_mask.sum() == file.tracecount
    told(XTGEO, f"trace by trace what segyio reads, {_size(survey)}")


def _size(survey):
    holes = int(np.count_nonzero(~survey.geometry.live_mask))
    return " x ".join(map(str, survey.geometry.shape)) + (f", {holes} holes" if holes else "")


@pytest.mark.parametrize(
    ("name", "live", "cells"),
    [
        ("seismic-zfp__small_hole.sgy", 24, 25),
        ("seismic-zfp__small-irregular.sgy", 24, 25),
        (XTGEO, 4938, 5325),
    ],
)
def test_holes_are_counted(segy_folder, name, live, cells):
    info = describe_segy(segy_folder / name).to_json()
    assert info["live_traces"] == info["traces"] == live
    assert info["inlines"]["count"] * info["crosslines"]["count"] == cells
    assert f"{cells - live} of {cells} positions" in info["warnings"][0]


def test_a_line_and_a_delay(segy_folder, told):
    line = describe_segy(segy_folder / LINE).to_json()
    assert (line["kind"], line["traces"], line["crosslines"]["count"]) == ("2d", 25, 25)
    samples = open_survey(segy_folder / LINE).volume[0]
    lines = np.repeat(np.arange(1, 6), 5) + np.tile(np.arange(20, 25), 5) / 100
    assert np.allclose(samples, lines[:, None] + np.arange(50) / 100_000, rtol=0, atol=2e-6)
    told(LINE, "a line of 25 counted traces, in the file's order, that spell their addresses")
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
        read_horizon_file(shared_data / f"penobscot_west_H{n}.txt", geometry).values
        for n in range(1, 8)
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
