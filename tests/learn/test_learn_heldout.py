"""Held-out traces: an honest, steady seventh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_hyperseg.learn.heldout import PATCH_TRACES, held_out_traces

laws = settings(deadline=None, max_examples=60)
masks = arrays(bool, st.tuples(st.integers(1, 60), st.integers(1, 90)))


@laws
@given(masks, st.integers(0, 20))
def test_a_part_of_the_labels_and_never_all(labelled, seed):
    held_out = held_out_traces(labelled, seed)
    assert held_out.shape == labelled.shape
    assert not (held_out & ~labelled).any()
    if labelled.any():
        assert (labelled & ~held_out).any()


@laws
@given(masks, st.integers(0, 20))
def test_a_patch_is_held_out_as_a_whole(labelled, seed):
    held_out = held_out_traces(labelled, seed)
    for i in range(0, labelled.shape[0], PATCH_TRACES):
        for j in range(0, labelled.shape[1], PATCH_TRACES):
            patch = np.s_[i : i + PATCH_TRACES, j : j + PATCH_TRACES]
            assert not held_out[patch].any() or (held_out[patch] == labelled[patch]).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("lines", [np.s_[50], np.s_[:, 33], np.s_[[8, 100, 200]], np.s_[:]])
def test_about_a_seventh_along_any_line(lines, seed):
    labelled = np.zeros((240, 400), bool)
    labelled[lines] = True
    share = held_out_traces(labelled, seed).sum() / labelled.sum()
    assert 0.1 < share < 0.2


@pytest.mark.parametrize("seed", range(7))
def test_labels_added_elsewhere_take_no_trace_from_training(seed, random):
    labelled = np.zeros((120, 160), bool)
    labelled[60] = True
    before = held_out_traces(labelled, seed)
    for _ in range(30):
        i, j = random.integers(0, 120), random.integers(0, 160)
        labelled[i : i + 10, j : j + 10] = True
        after = held_out_traces(labelled, seed)
        assert np.array_equal(after[60], before[60])


def test_the_seed_moves_the_choice():
    labelled = np.ones((80, 80), bool)
    choices = {held_out_traces(labelled, seed).tobytes() for seed in range(7)}
    assert len(choices) == 7


def test_a_few_labels_all_go_to_training():
    labelled = np.zeros((80, 80), bool)
    labelled[0, : 3 * PATCH_TRACES] = True
    assert not held_out_traces(labelled, 0).any()


@pytest.mark.parametrize("seed", range(7))
def test_four_patches_suffice_for_a_score(seed):
    labelled = np.zeros((80, 80), bool)
    labelled[0, : 4 * PATCH_TRACES] = True
    assert held_out_traces(labelled, seed).sum() == PATCH_TRACES
