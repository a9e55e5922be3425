"""How volumes are cut for a cluster, and what is known of the blocks that are written."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_hyperseg.jobs.cluster.blocks import block_shape, blocks_of
from napari_hyperseg.jobs.cluster.record import FILE, BlockRecord
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.store import CHUNK

ONE, OTHER = ((0, 64), (0, 64), (0, 40)), ((64, 128), (0, 64), (0, 40))


@given(st.tuples(*[st.integers(1, 150)] * 3))
def test_each_voxel_is_in_one_block(shape):
    count = np.zeros(shape, np.uint8)
    for block in blocks_of(shape):
        count[slices(block)] += 1
    assert (count == 1).all()


@pytest.mark.parametrize(
    "shape", [(1, 700, 460), (96, 112, 120), (600, 900, 460), (4000, 5000, 1500), (1, 1, 1)]
)
def test_blocks_are_whole_files_and_there_are_thousands_at_most(shape):
    extent = block_shape(shape)
    assert all(length % CHUNK == 0 for length in extent)
    assert math.prod(extent) <= 2**23
    assert math.prod(-(-n // e) for n, e in zip(shape, extent, strict=True)) < 5000


def test_a_record_is_gone_on_with_by_the_same_job_alone(tmp_path):
    record = BlockRecord(tmp_path, "job")
    record.begin()
    record.add(ONE)
    record.add(OTHER)
    assert BlockRecord(tmp_path, "job").done == {ONE, OTHER}
    assert BlockRecord(tmp_path, "another").done == set()


def test_a_new_job_forgets_the_former_one(tmp_path):
    for job in ("job", "another"):
        record = BlockRecord(tmp_path, job)
        record.begin()
        record.add(ONE)
    assert BlockRecord(tmp_path, "job").done == set()
    assert BlockRecord(tmp_path, "another").done == {ONE}


def test_a_torn_line_is_passed_over(tmp_path):
    record = BlockRecord(tmp_path, "job")
    record.begin()
    record.add(ONE)
    with (tmp_path / FILE).open("a") as file:
        file.write(json.dumps({"block": OTHER})[:-7])
    assert BlockRecord(tmp_path, "job").done == {ONE}


@pytest.mark.parametrize("content", ["", "{", "[]\n", '{"block": 1}\n', "\x00\xff"])
def test_a_damaged_record_says_nothing(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    assert BlockRecord(tmp_path, "job").done == set()


def test_all_written_is_a_record_no_more(tmp_path):
    record = BlockRecord(tmp_path, "job")
    record.begin()
    record.add(ONE)
    record.close()
    assert BlockRecord(tmp_path, "job").done == set()
