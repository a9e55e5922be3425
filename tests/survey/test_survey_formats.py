"""Every sample format, in either byte order, gives the samples that were written."""

import numpy as np
import pytest
import segyio
from segy_making import address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy import open_survey
from napari_hyperseg.survey.segy_formats import decode_ibm

READ_AS = {
    1: np.float32, 2: np.int32, 3: np.int16, 5: np.float32, 6: np.float32, 8: np.int8,
    9: np.int64, 10: np.uint32, 11: np.uint16, 12: np.uint64, 16: np.uint8,
}  # fmt: skip
POSITIONS = grid_positions([1, 2, 3], [4, 5])


def written(format_code):
    scale = 40 if READ_AS[format_code] in (np.int8, np.uint8) else 1
    return [address(*at) // scale % 127 if scale > 1 else address(*at) for at in POSITIONS]


@pytest.mark.parametrize("endian", ["big", "little"])
@pytest.mark.parametrize("format_code", READ_AS)
def test_samples_read_as_written(make_segy, format_code, endian):
    traces = written(format_code)
    survey = open_survey(
        make_segy(POSITIONS, traces=traces, format_code=format_code, endian=endian)
    )
    assert survey.volume.dtype == READ_AS[format_code]
    assert survey.volume.dtype.isnative
    assert (survey.source.format_code, survey.source.endian) == (format_code, endian)
    assert np.array_equal(survey.volume[:], np.reshape(traces, (3, 2, -1)))


@pytest.mark.parametrize("format_code", [4, 7, 15])
def test_formats_that_would_be_garbled_are_refused(make_segy, format_code):
    path = make_segy(POSITIONS)
    with path.open("rb+") as file:
        file.seek(3224)
        file.write(format_code.to_bytes(2, "big"))
    with pytest.raises(SurveyError, match=rf"\(format {format_code}\), which is not supported"):
        open_survey(path)


def test_ibm_floats_read_as_segyio_reads_them(make_segy):
    rng = np.random.default_rng(5)
    values = np.ldexp(rng.normal(size=(6, 500)), rng.integers(-60, 60, (6, 500)))
    path = make_segy(POSITIONS, traces=list(values), format_code=1)
    with segyio.open(path, ignore_geometry=True) as file:
        expected = file.trace.raw[:]
    assert np.array_equal(open_survey(path).volume[:].reshape(6, -1), expected)


def test_float64_beyond_float32_becomes_infinite(make_segy):
    traces = [np.array([1e300, -1e300, np.nan, 2.5])] * 6
    volume = open_survey(make_segy(POSITIONS, traces=traces, format_code=6)).volume
    assert np.array_equal(volume[1, 1], [np.inf, -np.inf, np.nan, 2.5], equal_nan=True)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (0x00000000, 0.0),
        (0x41100000, 1.0),
        (0xC276A000, -118.625),
        (0x40800000, 0.5),
        (0x7FFFFFFF, np.inf),
        (0x00100000, 0.0),
    ],
)
def test_ibm_words_known_by_hand(word, value):
    assert decode_ibm(np.array([word], np.uint32))[0] == np.float32(value)
