"""Slabs cover every row of every sample once, and stay small."""

import pytest
import torch

from napari_hyperseg.net.slabs import LARGEST_CONVOLUTION, slab_height, slabs


@pytest.mark.parametrize("height", [1, 2, 3, 5, 7, 11, 100])
@pytest.mark.parametrize(("batch", "rows"), [(1, 1), (1, 7), (3, 5), (4, 2), (5, 1)])
def test_every_row_belongs_to_one_slab(batch, rows, height):
    counts = torch.zeros(batch, 1, rows, 2)
    for samples, cut in slabs(batch, rows, height):
        assert [slab.start for slab in cut] == [0, *[slab.stop for slab in cut[:-1]]]
        for slab in cut:
            assert slab.samples == samples
            part = slab.of(counts)
            assert 0 < part.shape[0] * part.shape[2] <= height + 2
            part += 1
    assert (counts == 1).all()


def test_small_samples_go_together_and_large_ones_alone():
    assert [s for s, _ in slabs(5, 3, 7)] == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert [s for s, _ in slabs(2, 8, 7)] == [slice(0, 1), slice(1, 2)]


def test_heights_grow_with_the_budget_and_never_vanish():
    heights = [slab_height(64, 8, 16, budget) for budget in (1, 10**5, 10**6, 10**7)]
    assert heights[0] == 1
    assert heights == sorted(set(heights))


def test_a_slab_stays_within_its_budget():
    for budget in (10**5, 10**6, 10**7):
        height = slab_height(64, 8, 16, budget)
        assert 4 * 64 * (height + 2) * 8 < budget  # at least its window of the state
        assert slab_height(64, 8, 16, 2 * budget) >= 2 * height


@pytest.mark.parametrize(("channels", "hidden"), [(8, 16), (512, 16), (4096, 48)])
@pytest.mark.parametrize("plane", [1, 640**2, 1000 * 4000])
def test_no_convolution_is_as_large_as_the_libraries_cannot_take(plane, channels, hidden):
    if 6 * plane * max(channels, hidden) > LARGEST_CONVOLUTION:
        with pytest.raises(ValueError, match=r"too large for one convolution.*longest axis"):
            slab_height(plane, channels, hidden, 2**60)
        return
    height = slab_height(plane, channels, hidden, 2**60)
    assert (height + 2) * plane * max(channels, hidden) <= LARGEST_CONVOLUTION
    assert LARGEST_CONVOLUTION < 2**31
