"""What revision 2 of the standard added: more headers, more text, other numbers."""

import struct

import numpy as np
import pytest
from segy_making import N_SAMPLES, address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.text import write_text

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
SPELLED = np.array([[address(i, j) for j in (5, 8, 11)] for i in (2, 4, 6, 8)])
TRACE = 240 + 4 * N_SAMPLES
END = write_text(["((SEG: EndText))"])


def rebuilt(path, *, fields=(), text=b"", extra=b"", trailers=b"", revision=2):
    """Put blocks between, before and after the traces; set fields (byte, type, value)."""
    content = path.read_bytes()
    head, traces = bytearray(content[:3600]), content[3600:]
    head[3500] = revision
    for byte, kind, value in fields:
        struct.pack_into(f">{kind}", head, byte - 1, value)
    cut = [traces[at : at + TRACE] for at in range(0, len(traces), TRACE)]
    body = b"".join(trace[:240] + extra + trace[240:] for trace in cut)
    path.write_bytes(bytes(head) + text + body + trailers)
    return path


CASES = {
    "more trace headers": {"fields": [(3507, "h", 2)], "extra": bytes(480)},
    "counted text": {"fields": [(3505, "h", 2)], "text": bytes(6400)},
    "uncounted text": {"fields": [(3505, "h", -1)], "text": write_text(["C 1 MORE"]) + END},
    "uncounted ASCII text": {
        "fields": [(3505, "h", -1)],
        "text": b"((SEG: EndText))".ljust(3200),
        "revision": 1,
    },
    "first trace": {"fields": [(3521, "Q", 3600 + 123)], "text": bytes(123)},
    "counted trailers": {"fields": [(3529, "i", 2)], "trailers": bytes(6400)},
    "uncounted trailers": {"fields": [(3529, "i", -1), (3513, "Q", 12)], "trailers": bytes(3200)},
    "more samples": {"fields": [(3221, "H", 0), (3269, "i", N_SAMPLES)]},
}


@pytest.mark.parametrize("case", CASES)
def test_the_traces_are_found(make_segy, case):
    survey = open_survey(rebuilt(make_segy(POSITIONS), **CASES[case]))
    assert np.array_equal(survey.volume[:], SPELLED)


def test_an_interval_between_microseconds(make_segy):
    path = rebuilt(make_segy(POSITIONS), fields=[(3273, "d", 1302.0833)])
    assert open_survey(path).geometry.sample_interval_ms == pytest.approx(1.3020833)


def test_before_revision_2_those_bytes_mean_nothing(make_segy):
    path = make_segy(POSITIONS)
    path = rebuilt(path, fields=[(3507, "h", 2), (3269, "i", 7), (3521, "Q", 9)], revision=1)
    assert np.array_equal(open_survey(path).volume[:], SPELLED)


def test_lines_in_the_second_header(make_segy):
    path = make_segy([(0, 0)] * len(POSITIONS))
    extra = bytes(240)
    path = rebuilt(path, fields=[(3507, "h", 1)], extra=extra)
    content = bytearray(path.read_bytes())
    for n, (inline, crossline) in enumerate(POSITIONS):
        struct.pack_into(">ii", content, 3600 + n * (TRACE + 240) + 300, inline, crossline)
    path.write_bytes(content)
    survey = open_survey(path, Reading((301, 305)))
    assert survey.geometry.inlines.tolist() == [2, 4, 6, 8]
    assert survey.geometry.crosslines.tolist() == [5, 8, 11]


def test_uncounted_text_without_an_end(make_segy):
    path = rebuilt(make_segy(POSITIONS), fields=[(3505, "h", -1)], text=bytes(3200))
    with pytest.raises(SurveyError, match="EndText"):
        open_survey(path)
