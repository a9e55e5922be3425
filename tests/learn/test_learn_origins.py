"""Which box of a prediction was made when, in memory and in its file."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from napari_hyperseg.learn.boxes import size, tiles
from napari_hyperseg.learn.origins import FILE, Origin, Origins, OriginsFile, read_origins

SHAPE = (9, 8, 10)
WHOLE = ((0, 9), (0, 8), (0, 10))
OLD, NEW = Origin(1, 4), Origin(2, 5)


def painted(origins: Origins) -> np.ndarray:
    """Return each voxel's step, -1 where nothing is known; boxes must not overlap."""
    steps = np.full(SHAPE, -1)
    for ((i, i2), (j, j2), (k, k2)), origin in origins:
        assert (steps[i:i2, j:j2, k:k2] == -1).all()
        steps[i:i2, j:j2, k:k2] = origin.step
    return steps


def test_the_latest_box_counts_wherever_boxes_overlap(random):
    origins, expected = Origins(), np.full(SHAPE, -1)
    for step in range(60):
        spans = [np.sort(random.choice(n + 1, 2, replace=False)).tolist() for n in SHAPE]
        (i, i2), (j, j2), (k, k2) = spans
        origins.add(((i, i2), (j, j2), (k, k2)), Origin(step % 3))
        expected[i:i2, j:j2, k:k2] = step % 3
        assert np.array_equal(painted(origins), expected)
    for voxel in itertools.product(range(0, 9, 4), range(0, 8, 3), range(0, 10, 3)):
        origin = origins.at(*voxel)
        assert (-1 if origin is None else origin.step) == expected[voxel]


def test_boxes_of_one_origin_that_fill_a_volume_become_one():
    origins = Origins()
    for box in tiles(SHAPE, (2, 3, 4)):
        origins.add(box, OLD)
    assert list(origins) == [(WHOLE, OLD)]


def test_the_same_again_is_no_change():
    origins = Origins()
    origins.add(WHOLE, OLD)
    changes = origins.changes
    origins.add(WHOLE, OLD)
    assert origins.changes == changes
    origins.add(WHOLE, NEW)
    assert origins.changes > changes
    assert list(origins) == [(WHOLE, NEW)]


def test_a_file_tells_what_was_added_to_it(tmp_path):
    file = OriginsFile(tmp_path, SHAPE)
    file.add(WHOLE, OLD)
    file.add(((0, 9), (3, 4), (0, 10)), Origin(2))
    read = read_origins(tmp_path, SHAPE)
    assert read.at(0, 3, 0) == Origin(2, None)
    assert read.at(0, 0, 0) == OLD
    assert sum(size(box) for box, _ in read) == size(WHOLE)


def test_opened_again_it_keeps_what_counts_and_no_more(tmp_path):
    file = OriginsFile(tmp_path, SHAPE)
    for step in range(50):
        file.add(WHOLE, Origin(step, 4))
    OriginsFile(tmp_path, SHAPE)
    assert len((tmp_path / FILE).read_text().splitlines()) == 1
    assert list(read_origins(tmp_path, SHAPE)) == [(WHOLE, Origin(49, 4))]


@pytest.mark.parametrize(
    "line",
    [
        '{"box": [[0, 9], [0, 8], [0, 1',
        '{"box": [[0, 9], [0, 8], [0, 11]], "step": 3}',
        '{"box": [[4, 4], [0, 8], [0, 10]], "step": 3}',
        '{"box": [[0, 9], [0, 8], [0, 10]], "step": -3}',
        '{"box": [[0, 9], [0, 8]], "step": 3}',
        "[]",
        "\x00\xff",
    ],
)
def test_a_line_that_makes_no_sense_is_passed_over(tmp_path, line):
    OriginsFile(tmp_path, SHAPE).add(WHOLE, OLD)
    with (tmp_path / FILE).open("ab") as file:
        file.write(line.encode("latin-1") + b"\n")
    assert list(read_origins(tmp_path, SHAPE)) == [(WHOLE, OLD)]


def test_without_a_file_nothing_is_known(tmp_path):
    assert not list(read_origins(tmp_path, SHAPE))


def test_what_an_earlier_version_wrote_of_the_network_is_its_share(tmp_path):
    line = {"box": [[0, 2], [0, 3], [0, 4]], "step": 7, "revision": 1}
    for correction, balance in ((0.0, 0.0), (1.0, 0.5), (None, None)):
        text = json.dumps(line | {"correction": correction})
        (tmp_path / FILE).write_text(text + "\n", "utf-8")
        origin = read_origins(tmp_path, (2, 3, 4)).at(0, 0, 0)
        assert origin == Origin(7, 1, balance)
