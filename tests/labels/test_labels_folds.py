"""Folds by place; held-out traces: an honest, steady seventh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_hyperseg.labels.folds import FOLDS, folds_of, held_out_traces, patch_side

laws = settings(deadline=None, max_examples=60)
masks = arrays(bool, st.tuples(st.integers(1, 60), st.integers(1, 90)))
SIDE = 8


def held_out_of(labelled, seed, side=SIDE):
    return held_out_traces(folds_of(labelled, side, seed), side)


@laws
@given(masks, st.integers(0, 20))
def test_a_part_of_the_labels_and_never_all(labelled, seed):
    held_out = held_out_of(labelled, seed)
    assert held_out.shape == labelled.shape
    assert not (held_out & ~labelled).any()
    if labelled.any():
        assert (labelled & ~held_out).any()


@laws
@given(masks, st.integers(0, 20))
def test_a_patch_is_held_out_as_a_whole(labelled, seed):
    held_out = held_out_of(labelled, seed)
    for i in range(0, labelled.shape[0], SIDE):
        for j in range(0, labelled.shape[1], SIDE):
            patch = np.s_[i : i + SIDE, j : j + SIDE]
            assert not held_out[patch].any() or (held_out[patch] == labelled[patch]).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("lines", [np.s_[50], np.s_[:, 33], np.s_[[8, 100, 200]], np.s_[:]])
def test_about_a_seventh_along_any_line(lines, seed):
    labelled = np.zeros((240, 400), bool)
    labelled[lines] = True
    share = held_out_of(labelled, seed).sum() / labelled.sum()
    assert 0.1 < share < 0.2


@pytest.mark.parametrize("seed", range(7))
def test_labels_added_elsewhere_take_no_trace_from_training(seed):
    random = np.random.default_rng(seed)
    labelled = np.zeros((120, 160), bool)
    labelled[60] = True
    before = held_out_of(labelled, seed)
    for _ in range(30):
        i, j = random.integers(0, 120), random.integers(0, 160)
        labelled[i : i + 10, j : j + 10] = True
        after = held_out_of(labelled, seed)
        assert np.array_equal(after[60], before[60])


def test_the_seed_moves_the_choice():
    labelled = np.ones((80, 80), bool)
    choices = {held_out_of(labelled, seed).tobytes() for seed in range(7)}
    assert len(choices) == 7


def test_a_few_labels_all_go_to_training():
    labelled = np.zeros((80, 80), bool)
    labelled[0, : 3 * SIDE] = True
    assert not held_out_of(labelled, 0).any()


@pytest.mark.parametrize("seed", range(7))
def test_four_patches_suffice_for_a_score(seed):
    labelled = np.zeros((80, 80), bool)
    labelled[0, : 4 * SIDE] = True
    assert held_out_of(labelled, seed).sum() == SIDE


@laws
@given(masks, st.integers(0, 20), st.sampled_from([8, 16]))
def test_every_label_is_in_one_fold_by_its_patch(labelled, seed, side):
    folds = folds_of(labelled, side, seed)
    assert ((folds > 0) == labelled).all()
    assert folds.max(initial=0) <= FOLDS
    for i in range(0, labelled.shape[0], side):
        for j in range(0, labelled.shape[1], side):
            patch = folds[i : i + side, j : j + side]
            assert len(np.unique(patch[patch > 0])) <= 1


def test_neighbouring_patches_are_in_different_folds():
    folds = folds_of(np.ones((112, 112), bool), 8, 3)[::8, ::8].astype(int)
    for steps in ((0, 1), (1, 0), (1, 1), (1, -1)):
        assert (folds != np.roll(folds, steps, (0, 1))).all()


def test_patches_are_as_long_as_labels_are_far():
    labelled = np.zeros((200, 160), bool)
    labelled[10::40] = True  # traces lie 0 to 20 lines from the nearest one
    assert patch_side(labelled) == 16
    labelled[:] = False
    labelled[[0, 199]] = True  # 0 to 100
    assert patch_side(labelled) == 128
    assert patch_side(np.ones((40, 40), bool)) == patch_side(np.zeros((40, 40), bool)) == 8


def test_patches_are_small_enough_for_four_of_them():
    labelled = np.zeros((300, 300), bool)
    labelled[7, :40] = True
    assert patch_side(labelled) == 8
    labelled[7, :200] = True
    assert patch_side(labelled) == 64
