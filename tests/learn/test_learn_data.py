"""Labels split into what training sees and what it is scored on."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn import data as data_module
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.encoding import InputEncoding


@pytest.fixture
def codes(random):
    codes = np.zeros((20, 70, 10), np.uint8)
    codes[8] = random.integers(0, 4, (70, 10))
    codes[:, 33] = random.integers(0, 4, (20, 10))
    return codes


def test_training_and_held_out_codes_are_the_labels_split_by_trace(make_labelled, codes):
    labelled = make_labelled(codes)
    box = whole(codes.shape)
    seen, scored = labelled.training_limits(box)[0], labelled.held_out_limits(box)[0]
    assert np.array_equal(seen + scored, codes)
    assert not (seen.any(axis=2) & scored.any(axis=2)).any()
    assert scored.any()
    part = ((5, 15), (20, 60), (2, 9))
    assert np.array_equal(labelled.training_limits(part)[0], seen[5:15, 20:60, 2:9])
    assert np.array_equal(labelled.held_out_limits(part)[0], scored[5:15, 20:60, 2:9])


def test_counts_are_those_of_the_codes(make_labelled, codes):
    labelled = make_labelled(codes)
    seen = labelled.training_limits(whole(codes.shape))[0]
    scored = labelled.held_out_limits(whole(codes.shape))[0]
    for code in (1, 2, 3):
        assert labelled.training_counts[code] == (seen == code).sum()
        assert labelled.held_out_counts[code] == (scored == code).sum()
    assert labelled.voxels == np.count_nonzero(codes)
    assert labelled.held_out_voxels == np.count_nonzero(scored)


def test_codes_beyond_the_model_take_no_part(make_labelled, codes):
    labelled = make_labelled(codes, n_classes=2)
    box = whole(codes.shape)
    assert labelled.training_limits(box)[0].max() == labelled.held_out_limits(box)[0].max() == 2
    assert labelled.voxels == ((codes == 1) | (codes == 2)).sum()


def test_refresh_finds_new_labels(make_labelled, codes):
    labelled = make_labelled(codes)
    labelled.labels.facies.codes[0, 8, :5] = 2
    before = labelled.voxels
    labelled.refresh()
    assert labelled.voxels == before + 5
    assert [0, 8] in labelled.training_traces.tolist()


def test_a_survey_too_large_for_memory_is_read_block_by_block(make_data, random, monkeypatch):
    volume = random.normal(size=(5, 6, 30))
    encoding = InputEncoding(0.0, 120.0)
    box = ((1, 3), (2, 6), (5, 29))
    expected = make_data(volume).block(box, encoding).channels
    monkeypatch.setattr(data_module, "IN_MEMORY_BYTES", 100)
    assert np.array_equal(make_data(volume).block(box, encoding).channels, expected)
