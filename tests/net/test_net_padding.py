import pytest
import torch

from napari_hyperseg.net.padding import crop, pad_to_multiple


@pytest.mark.parametrize(
    ("spatial", "multiple", "padded"),
    [
        ((5, 4, 7), (4, 4, 4), (8, 4, 8)),
        ((1, 1, 1), (8, 1, 2), (8, 1, 2)),
        ((3, 6), (2, 4), (4, 8)),
    ],
)
def test_the_last_samples_are_repeated(spatial, multiple, padded):
    volume = torch.randn(2, 3, *spatial)
    result = pad_to_multiple(volume, multiple)
    assert result.shape == (2, 3, *padded)
    for axis, (size, wanted) in enumerate(zip(spatial, padded, strict=True)):
        volume = volume.index_select(axis + 2, torch.arange(wanted).clamp(max=size - 1))
    assert torch.equal(result, volume)


def test_what_fits_is_handed_through():
    volume = torch.randn(1, 2, 8, 4, 6)
    assert pad_to_multiple(volume, (8, 4, 2)) is volume


def test_crop_undoes_padding():
    volume = torch.randn(2, 3, 5, 4, 7)
    assert torch.equal(crop(pad_to_multiple(volume, (4, 4, 4)), (5, 4, 7)), volume)
