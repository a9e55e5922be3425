"""Every sample format, in either byte order, gives the samples that were written."""

import numpy as np
import pytest
import segyio
from segy_making import address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.formats import decode_ibm
from napari_hyperseg.survey.segy.opening import open_survey

READ_AS = {
    1: np.float32, 2: np.int32, 3: np.int16, 5: np.float32, 6: np.float64, 8: np.int8,
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


def test_a_format_that_would_be_garbled_is_refused(make_segy):
    path = make_segy(POSITIONS)
    with path.open("rb+") as file:
        file.seek(3224)
        file.write((4).to_bytes(2, "big"))
    with pytest.raises(SurveyError, match=r"\(format 4\), which is not supported"):
        open_survey(path)


@pytest.mark.parametrize("endian", ["big", "little"])
@pytest.mark.parametrize("signed", [True, False])
def test_24_bit_integers(tmp_path, make_segy, endian, signed):
    low, high = (-(1 << 23), (1 << 23) - 1) if signed else (0, (1 << 24) - 1)
    traces = np.random.default_rng(2).integers(low, high, (6, 12), endpoint=True)
    traces[0, :3] = low, high, 1
    path = make_segy(POSITIONS, endian=endian)
    content = bytearray(path.read_bytes())
    content[3224:3226] = (7 if signed else 15).to_bytes(2, endian)
    headers = [content[3600 + n * 288 : 3840 + n * 288] for n in range(6)]
    packed = [
        b"".join(int(value).to_bytes(3, endian, signed=signed) for value in trace)
        for trace in traces
    ]
    path.write_bytes(content[:3600] + b"".join(map(bytes.__add__, map(bytes, headers), packed)))
    volume = open_survey(path).volume
    assert volume.dtype == (np.int32 if signed else np.uint32)
    assert np.array_equal(volume[:].reshape(6, 12), traces)
    assert volume[1, 1, 5] == traces[3, 5]


def test_ibm_floats_read_as_segyio_reads_them(make_segy):
    rng = np.random.default_rng(5)
    values = np.ldexp(rng.normal(size=(6, 500)), rng.integers(-60, 60, (6, 500)))
    path = make_segy(POSITIONS, traces=list(values), format_code=1)
    with segyio.open(path, ignore_geometry=True) as file:
        expected = file.trace.raw[:]
    assert np.array_equal(open_survey(path).volume[:].reshape(6, -1), expected)


def test_float64_is_read_as_it_is(make_segy):
    traces = [np.array([1e300, -1e300, np.nan, 0.1])] * 6
    survey = open_survey(make_segy(POSITIONS, traces=traces, format_code=6))
    assert np.array_equal(survey.volume[1, 1], traces[0], equal_nan=True)
    assert np.array_equal(survey.load()[1, 1], np.float32([0, 0, 0, 0.1]))


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
