"""Boxes of labels: exactly the voxels that were meant, counted, and beside what is there."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.labels.stamps import Stamp, section_stamps, tally, where_unlabelled

SHAPE = (4, 5, 6)


@pytest.fixture
def codes() -> np.ndarray:
    """Codes 0 to 3 without order."""
    return np.random.default_rng(0).integers(0, 4, SHAPE).astype(np.uint8)


def painted(stamps) -> np.ndarray:
    """What an empty volume becomes."""
    volume = np.zeros(SHAPE, np.uint8)
    for stamp in stamps:
        np.copyto(volume[stamp.box], stamp.codes, where=stamp.where)
    return volume


def test_sections_give_back_the_volume_on_the_traces(codes: np.ndarray):
    traces = np.random.default_rng(1).random(SHAPE[:2]) < 0.4
    stamps = list(section_stamps(enumerate(codes), traces))
    assert np.array_equal(painted(stamps), np.where(traces[..., None], codes, 0))


def test_boxes_are_as_narrow_as_the_lines(codes: np.ndarray):
    traces = np.zeros(SHAPE[:2], bool)
    traces[:, 3] = True
    assert {stamp.codes.shape for stamp in section_stamps(enumerate(codes), traces)} == {(1, 1, 6)}


def test_sections_without_labels_are_no_stamps(codes: np.ndarray):
    codes[1:] = 0
    stamps = section_stamps(enumerate(codes), np.ones(SHAPE[:2], bool))
    assert [stamp.start[0] for stamp in stamps] == [0]


def test_a_tally_is_what_painting_gives(codes: np.ndarray):
    stamps = list(section_stamps(enumerate(codes), np.ones(SHAPE[:2], bool)))
    found = tally(stamps, SHAPE[:2])
    counts = np.bincount(codes.ravel())
    assert found.voxels == {code: counts[code] for code in (1, 2, 3)}
    assert found.total == np.count_nonzero(codes)
    assert found.traces == np.count_nonzero(codes.any(axis=2))


def test_what_is_labelled_stays(codes: np.ndarray):
    labels = np.roll(codes, 1, axis=1)
    stamps = section_stamps(enumerate(codes), np.ones(SHAPE[:2], bool))
    added = painted(where_unlabelled(stamps, labels))
    assert np.array_equal(added, np.where(labels == 0, codes, 0))


def test_a_stamp_that_falls_on_labels_alone_is_left_out():
    stamp = Stamp((1, 1, 1), np.ones((1, 2, 2), np.uint8), np.ones((1, 2, 2), bool))
    assert list(where_unlabelled([stamp], np.ones(SHAPE, np.uint8))) == []
