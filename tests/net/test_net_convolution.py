import pytest
import torch

from napari_hyperseg.net.convolution import convolve, transposed, weight_gradient

SHAPES = [
    ((2, 3, 5, 6, 4), (4, 3, 3, 3, 3)),
    ((1, 3, 5, 6, 4), (2, 3, 3, 3, 3)),
    ((2, 3, 7, 5), (4, 3, 3, 3)),
]


@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_flipped_kernel_is_the_transpose(shape, taps):
    kernel = torch.randn(taps, dtype=torch.float64)
    volume = torch.randn(shape, dtype=torch.float64)
    hidden = torch.randn(shape[0], taps[0], *shape[2:], dtype=torch.float64)
    left = (convolve(volume, kernel) * hidden).sum()
    right = (volume * convolve(hidden, transposed(kernel))).sum()
    torch.testing.assert_close(left, right)


@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_weight_gradient_equals_autograd(shape, taps):
    kernel = torch.randn(taps, dtype=torch.float64, requires_grad=True)
    volume = torch.randn(shape, dtype=torch.float64)
    hidden = torch.randn(shape[0], taps[0], *shape[2:], dtype=torch.float64)
    (expected,) = torch.autograd.grad((convolve(volume, kernel) * hidden).sum(), kernel)
    torch.testing.assert_close(weight_gradient(volume, hidden, kernel), expected)


def test_the_direct_call_for_one_sample_equals_the_batched_one():
    kernel, bias = torch.randn(4, 3, 3, 3, 3), torch.randn(4)
    volume = torch.randn(2, 3, 6, 7, 8)
    together = convolve(volume, kernel, bias)
    torch.testing.assert_close(
        convolve(volume[:1], kernel, bias), together[:1], atol=1e-5, rtol=1e-5
    )
