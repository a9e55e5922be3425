"""Slabs cover every row of every sample once, and are as high as each other."""

import pytest
import torch

from napari_hyperseg.net.slabs import Slab, slabs


@pytest.mark.parametrize("height", [1, 2, 3, 5, 7, 11, 100])
@pytest.mark.parametrize(("batch", "rows"), [(1, 1), (1, 7), (3, 5), (4, 2), (5, 1)])
def test_every_row_belongs_to_one_slab(batch, rows, height):
    counts = torch.zeros(batch, 1, rows, 2)
    for samples, cut in slabs(batch, rows, height):
        assert [slab.start for slab in cut] == [0, *[slab.stop for slab in cut[:-1]]]
        for slab in cut:
            assert slab.samples == samples
            part = slab.of(counts)
            assert 0 < part.shape[0] * part.shape[2] <= max(height, 2)
            part += 1
        heights = [slab.stop - slab.start for slab in cut]
        assert max(heights) - min(heights) <= 2
    assert (counts == 1).all()


def test_small_samples_go_together_and_large_ones_alone():
    assert [s for s, _ in slabs(5, 3, 7)] == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert [s for s, _ in slabs(2, 8, 7)] == [slice(0, 1), slice(1, 2)]


@pytest.mark.parametrize(("rows", "cut"), [(1, [1]), (5, [5]), (5, [2, 3]), (7, [1, 3, 1, 2])])
def test_what_a_slab_reaches(rows, cut):
    """Hidden rows are kept, and given back with nothing in the ghost's place."""
    hidden = torch.arange(1.0, rows + 1).reshape(1, 1, rows, 1)
    kept, start = torch.zeros_like(hidden), 0
    for height in cut:
        stop = start + height
        reach = Slab(slice(0, 1), start, stop).reach(rows)
        assert (reach.low, reach.high) == (max(start - 1, 0), min(stop + 1, rows))
        seen = reach.high - reach.low
        computed = torch.full((1, 1, seen - 2 + 2 * reach.padding, 1), -1.0)
        assert computed.shape[2] == height + (reach.ghost is not None)
        first = int(reach.ghost == 0)
        computed[:, :, first : first + height] = hidden[:, :, start:stop]
        reach.keep_hidden(computed, kept)
        assert torch.equal(reach.hidden_of(hidden), reach.without_ghost_(computed))
        start = stop
    assert torch.equal(kept, hidden)
