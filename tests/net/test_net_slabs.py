"""Slabs cover every row of every sample once, and are as high as each other."""

import pytest
import torch

from napari_hyperseg.net.slabs import slabs


@pytest.mark.parametrize("height", [1, 2, 3, 5, 7, 11, 100])
@pytest.mark.parametrize(("batch", "rows"), [(1, 1), (1, 7), (3, 5), (4, 2), (5, 1)])
def test_every_row_belongs_to_one_slab(batch, rows, height):
    counts = torch.zeros(batch, 1, rows, 2)
    for samples, cut in slabs(batch, rows, height):
        assert [slab.start for slab in cut] == [0, *[slab.stop for slab in cut[:-1]]]
        for slab in cut:
            assert slab.samples == samples
            part = slab.of(counts)
            assert 0 < part.shape[0] * part.shape[2] <= height
            part += 1
        heights = [slab.stop - slab.start for slab in cut]
        assert max(heights) - min(heights) <= 1
    assert (counts == 1).all()


def test_small_samples_go_together_and_large_ones_alone():
    assert [s for s, _ in slabs(5, 3, 7)] == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert [s for s, _ in slabs(2, 8, 7)] == [slice(0, 1), slice(1, 2)]
