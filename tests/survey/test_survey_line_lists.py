"""Line numbers as they are typed."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.errors import LineNotFoundError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.line_lists import line_indices


@pytest.fixture
def geometry() -> Geometry:
    """Inlines 1001, 1003, ... 1021; crosslines 10 down to -10."""
    return Geometry(np.arange(1001, 1022, 2), np.arange(10, -11, -1), 10, 0.0, 4.0)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1005", [1005]),
        ("1005,1001, 1005", [1001, 1005]),
        ("1003-1008", [1003, 1005, 1007]),
        ("1001-1021:10", [1001, 1011, 1021]),
        ("1001-1004,1021", [1001, 1003, 1021]),
    ],
)
def test_lists_and_ranges(geometry: Geometry, text: str, numbers: list[int]):
    indices = line_indices(text, geometry.inlines.tolist(), geometry.inline_index, "inlines")
    assert [geometry.inlines[index] for index in indices] == numbers


@pytest.mark.parametrize(
    ("text", "numbers"), [("-10", [-10]), ("-3--1", [-1, -2, -3]), ("-1-1", [1, 0, -1])]
)
def test_negative_and_falling_lines(geometry: Geometry, text: str, numbers: list[int]):
    indices = line_indices(
        text, geometry.crosslines.tolist(), geometry.crossline_index, "crosslines"
    )
    assert [geometry.crosslines[index] for index in indices] == numbers


def test_no_text_is_no_choice(geometry: Geometry):
    assert line_indices(None, [], geometry.inline_index, "inlines") is None


@pytest.mark.parametrize(
    "text", ["", "a", "1001;1003", "1002", "1001-", "1001-1031", "999-1003", "1001-1021:3", "1e3"]
)
def test_what_is_no_line_is_refused(geometry: Geometry, text: str):
    with pytest.raises(LineNotFoundError):
        line_indices(text, geometry.inlines.tolist(), geometry.inline_index, "inlines")
