"""What revision 2 of the standard added: more headers, more text, other numbers."""

import struct

import numpy as np
import pytest
from revision_2_making import CASES, TRACE, rebuilt
from segy_making import address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
SPELLED = np.array([[address(i, j) for j in (5, 8, 11)] for i in (2, 4, 6, 8)])


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
