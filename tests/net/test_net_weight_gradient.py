"""The gradient of a kernel over any rows is autograd's on the whole volume."""

import pytest
import torch
from plain_net import APPLY
from test_net_convolution import DTYPES, SHAPES, operands, reaches

from napari_hyperseg.net import onednn
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.weight_gradient import _stacked, needs_stack, weight_gradient


def noise(*shape, dtype=torch.float32):
    """Random numbers in channels-last order."""
    return torch.randn(shape, dtype=dtype).contiguous(memory_format=channels_last(len(shape)))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_weight_gradient_over_some_rows(shape, dtype):
    first, kernel, _ = operands(shape, dtype)
    volumes = (first, torch.randn_like(first))
    kernel.requires_grad_()
    for start, stop, reach in reaches(shape):
        hidden = [noise(shape[0], 4, *shape[2:], dtype=dtype) for _ in "ab"]
        sums = [
            (APPLY[len(shape) - 2](v, kernel, padding=1) * h)[:, :, start:stop].sum()
            for v, h in zip(volumes, hidden, strict=True)
        ]
        (wanted,) = torch.autograd.grad(sum(sums), kernel)
        seen = tuple(reach.of(volume) for volume in volumes)
        some = tuple(reach.hidden_of(h) for h in hidden)
        found = weight_gradient(seen, some, kernel.detach(), reach.padding)
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_weight_gradient_of_a_sample_too_large_to_be_stacked():
    first, kernel, _ = operands((1, 32, 3, 40, 12), torch.float32, rank=2)
    volumes, kernel = (first, torch.randn_like(first)), kernel.requires_grad_()
    hidden = (noise(1, 2, 3, 40, 12), noise(1, 2, 3, 40, 12))
    sums = [
        (torch.conv3d(v, kernel, padding=1) * h).sum() for v, h in zip(volumes, hidden, strict=True)
    ]
    (wanted,) = torch.autograd.grad(sum(sums), kernel)
    found = weight_gradient(volumes, hidden, kernel.detach(), 1)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("rows", [2, 3, 4])
@pytest.mark.parametrize("channels", [4, 12])
def test_weight_gradient_in_half_precision(rows, channels, padding):
    """Few rows are where oneDNN has no kernel of its own, or a wrong one."""
    rows = rows + 2 - 2 * padding
    first, kernel, _ = operands((1, channels, rows, 4, 6), torch.float32)
    volumes = (first, torch.randn_like(first))
    hidden = tuple(noise(1, 4, rows - 2 + 2 * padding, 4, 6) for _ in "ab")
    wanted = weight_gradient(volumes, hidden, kernel, padding)
    low = [tuple(t.bfloat16() for t in pair) for pair in (volumes, hidden)]
    found = weight_gradient(*low, kernel.bfloat16(), padding)
    assert (found - wanted).norm() < 0.03 * wanted.norm()


def test_small_single_samples_are_stacked_and_large_ones_not(monkeypatch):
    monkeypatch.setattr(onednn, "pays_in_pairs", lambda channels: False)
    assert needs_stack(8, 8, (20, 96, 96))
    assert not needs_stack(8, 8, (32, 96, 96))
    assert needs_stack(12, 4, (32, 96, 96))  # exchanged: the hidden tensor is what counts
    monkeypatch.setattr(onednn, "pays_in_pairs", lambda channels: True)
    assert needs_stack(8, 8, (13, 96, 96))  # a pair has twice the channels
    assert not needs_stack(8, 8, (20, 96, 96))
    assert needs_stack(8, 8, (20, 96, 95))


@pytest.mark.parametrize("apart", [False, True])
def test_tensors_side_by_side_are_stacked_without_a_copy(apart):
    volume, kernel, _ = operands((1, 3, 4, 5, 6), torch.float32)
    both = torch.randn(2, 4, 4, 5, 6).contiguous(memory_format=torch.channels_last_3d)
    hidden = (both[:1], both[1:].clone() if apart else both[1:])
    stacked = _stacked(hidden)
    assert torch.equal(stacked, both)
    assert (stacked.data_ptr() == both.data_ptr()) is not apart
    wanted = weight_gradient((volume, 2 * volume), (both[:1].clone(), both[1:].clone()), kernel, 1)
    found = weight_gradient((volume, 2 * volume), hidden, kernel, 1)
    torch.testing.assert_close(found, wanted)
