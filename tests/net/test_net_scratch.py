"""Slabs are as high as the memory for scratch allows, and no convolution is too large."""

import pytest

from napari_hyperseg.net import onednn
from napari_hyperseg.net.scratch import (
    LARGEST_CONVOLUTION,
    SHARE_OF_STATE,
    Copies,
    LayerSize,
    scratch_bytes,
    slab_height,
)

COPIES = [Copies(0, True), Copies(0, False), Copies(1, False), Copies(3, True)]
WIDE, FLAT = LayerSize(64, 16, (24, 24, 24)), LayerSize(8, 8, (96, 96, 96))
BUDGETS = [10**5, 10**6, 10**7, 10**8]


@pytest.mark.parametrize("copies", COPIES, ids=str)
@pytest.mark.parametrize("layer", [WIDE, FLAT], ids=str)
def test_heights_grow_with_the_budget_and_never_vanish(layer, copies):
    heights = [slab_height(layer, copies, budget) for budget in (1, *BUDGETS)]
    assert heights[0] >= 1
    assert heights == sorted(heights)
    assert heights[-1] > heights[1]


@pytest.mark.parametrize("copies", COPIES, ids=str)
@pytest.mark.parametrize("layer", [WIDE, FLAT], ids=str)
def test_a_slab_stays_within_its_budget_and_fills_it(layer, copies):
    share = SHARE_OF_STATE * 4 * layer.channels * layer.extent[0] * layer.plane
    for budget in BUDGETS:
        height, room = slab_height(layer, copies, budget), max(budget, share)
        if height > 1:
            assert scratch_bytes(layer, height, copies) <= room
        hidden_alone = 2 * 4 * layer.plane * layer.hidden * (height + 1)
        stacked = 4 * (copies.fields + 3) * 4 * layer.plane * layer.channels * (height + 4)
        assert room < hidden_alone + stacked


def test_high_slabs_need_no_stacks_and_low_ones_do(monkeypatch):
    monkeypatch.setattr(onednn, "pays_in_pairs", lambda channels: False)
    copies = Copies(0, True)
    low, high = slab_height(FLAT, copies, 10**7), slab_height(FLAT, copies, 2 * 10**7)
    assert copies.stacked(FLAT, low)
    assert not copies.stacked(FLAT, high)
    hidden = 4 * FLAT.plane * FLAT.hidden
    assert scratch_bytes(FLAT, high, copies) == 2 * high * hidden
    assert scratch_bytes(FLAT, high, copies, training=False) == high * hidden
    assert scratch_bytes(FLAT, low, copies) > 2 * low * hidden + 2 * low * hidden


@pytest.mark.parametrize(("channels", "hidden"), [(8, 16), (512, 16), (4096, 48)])
@pytest.mark.parametrize("extent", [(9, 1, 1), (640, 640, 640), (9, 1000, 4000)])
def test_no_convolution_is_as_large_as_the_libraries_cannot_take(extent, channels, hidden):
    layer = LayerSize(channels, hidden, extent)
    if 6 * layer.plane * max(channels, hidden) > LARGEST_CONVOLUTION:
        with pytest.raises(ValueError, match=r"too large for one convolution.*longest axis"):
            slab_height(layer, Copies(), 2**60)
        return
    height = slab_height(layer, Copies(), 2**60)
    assert (height + 2) * layer.plane * max(channels, hidden) <= LARGEST_CONVOLUTION
    assert LARGEST_CONVOLUTION < 2**31


def test_large_weight_gradients_stay_where_onednn_is_quick():
    level = LayerSize(512, 16, (128, 128, 128))  # the coarsest of 512 x 512 x 512 voxels
    height = slab_height(level, Copies(), 2**60)
    assert height >= 16
    assert 2 * 4 * (height + 2) * level.plane * level.channels < 2**31  # bytes of two volumes
