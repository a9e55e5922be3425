"""What a file is said to hold, with the names that scripts rely on."""

import json

import numpy as np
from segy_making import grid_positions

from napari_hyperseg.survey.segy.opening import describe_segy
from napari_hyperseg.survey.segy.reading import Reading


def test_info_of_a_cube(tiny_segy):
    info = describe_segy(tiny_segy).to_json()
    to_xy = info.pop("to_xy")
    candidates, coordinates = info.pop("candidates"), info.pop("coordinates")
    text_header = info.pop("text_header")
    assert info == {
        "kind": "3d",
        "inlines": {"first": 10, "last": 20, "step": 2, "count": 6},
        "crosslines": {"first": 31, "last": 35, "step": 1, "count": 5},
        "samples": {"count": 20, "start_ms": 100.0, "interval_ms": 4.0, "domain": "time"},
        "format": 5,
        "endian": "big",
        "header_bytes": {"inline": 189, "crossline": 193},
        "traces": 30,
        "live_traces": 30,
        "duplicates": 0,
        "offsets": [0],
        "warnings": [],
    }
    assert (coordinates["x"], coordinates["y"], coordinates["scalar"]) == (181, 185, 71)
    assert coordinates["unit"] == "m"
    assert coordinates["rms"] < 0.01
    assert len(text_header) == 40
    assert np.shape(to_xy) == (2, 3)
    assert candidates[0] == {
        "inline": 189, "crossline": 193, "n_inlines": 6, "n_crosslines": 5, "live": 1.0,
        "fold": 1.0, "score": 1.0,
    }  # fmt: skip


def test_info_names_the_format_for_people(tiny_segy):
    assert describe_segy(tiny_segy).format_name == "IEEE float32"


def test_info_is_plain_json(tiny_segy):
    info = describe_segy(tiny_segy).to_json()
    assert list(json.loads(json.dumps(info))) == [
        "kind", "inlines", "crosslines", "samples", "format", "endian", "header_bytes",
        "candidates", "traces", "live_traces", "duplicates", "offsets", "to_xy", "coordinates",
        "text_header", "warnings",
    ]  # fmt: skip


def test_info_counts_holes_and_repeats(make_segy):
    positions = grid_positions([1, 2, 3], [4, 5, 6])[1:]
    info = describe_segy(make_segy([*positions, positions[0]])).to_json()
    assert (info["traces"], info["live_traces"], info["duplicates"]) == (9, 8, 1)
    assert info["to_xy"] is None
    assert len(info["warnings"]) == 2


def test_info_uses_the_bytes_it_is_given(make_segy):
    path = make_segy(grid_positions([1, 2, 3], [4, 5, 6]), header_bytes=(9, 21))
    info = describe_segy(path, Reading((21, 9))).to_json()
    assert info["header_bytes"] == {"inline": 21, "crossline": 9}
    assert info["inlines"]["first"] == 4


def test_counted_lines_have_no_byte(make_segy):
    info = describe_segy(make_segy([(0, 0)] * 5)).to_json()
    assert info["kind"] == "2d"
    assert info["header_bytes"] == {"inline": 189, "crossline": None}


def test_info_of_gathers(make_segy):
    gathers = [at for at in grid_positions([1, 2], [4, 5]) for _ in range(3)]
    info = describe_segy(make_segy(gathers, fields=lambda n: {37: n % 3})).to_json()
    assert info["kind"] == "prestack"
    assert (info["traces"], info["live_traces"], info["duplicates"]) == (12, 4, 8)
    assert "is prestack" in info["warnings"][0]
