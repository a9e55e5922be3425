"""The Haar transform within a field's own memory, whatever the slabs."""

import pytest
import torch

from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.storage import Floats
from napari_hyperseg.net.transform import reshaped, transform_

CASES = [
    ((0, 1, 2), (2, 8, 4, 6, 8)),
    ((0, 1, 2), (1, 16, 2, 4, 2)),
    ((1, 2), (2, 8, 3, 4, 6)),
    ((0, 2), (2, 8, 6, 3, 4)),
    ((0, 1), (2, 8, 6, 4)),
    ((1,), (2, 4, 3, 6, 5)),
    ((0,), (1, 4, 4, 3, 5)),
    ((2,), (1, 4, 2, 3, 4)),
    ((1,), (2, 4, 5, 6)),
    ((), (2, 4, 5, 6)),
]
SCRATCHES = [1, 2000, 2**30]


@pytest.fixture(params=["floats", "grid"])
def storage(request):
    """Either way to keep a field."""
    return {"floats": Floats(), "grid": Grid()}[request.param]


@pytest.fixture(params=CASES, ids=str)
def axes_and_field(request, storage):
    """Axes, and a dense field in channels-last order."""
    axes, shape = request.param
    values = torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 50
    return axes, storage.store(values).contiguous(memory_format=channels_last(len(shape)))


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize("scratch_bytes", SCRATCHES)
def test_equals_the_transform_of_a_copy(axes_and_field, storage, refine, scratch_bytes):
    axes, field = axes_and_field
    apply = storage.inverse_haar if refine else storage.haar
    wanted = apply(field.clone(), axes).clone() if axes else field.clone()
    found = transform_(field, axes, refine, storage, scratch_bytes)
    torch.testing.assert_close(found, wanted, rtol=0, atol=0)


def test_stays_in_the_memory_of_the_field(axes_and_field, storage):
    axes, field = axes_and_field
    coarse = transform_(field, axes, False, storage, 1)
    assert coarse.untyped_storage().data_ptr() == field.untyped_storage().data_ptr()
    assert coarse.is_contiguous(memory_format=channels_last(field.ndim))


@pytest.mark.parametrize("scratch_bytes", SCRATCHES)
def test_there_and_back(axes_and_field, storage, scratch_bytes):
    axes, field = axes_and_field
    before = field.clone()
    coarse = transform_(field, axes, False, storage, scratch_bytes)
    fine = transform_(coarse, axes, True, storage, 1)
    exact = not field.is_floating_point()
    torch.testing.assert_close(fine, before, rtol=0, atol=0 if exact else 1e-4)


def test_the_shape_of_the_memory_seen_otherwise(axes_and_field):
    axes, field = axes_and_field
    again = reshaped(reshaped(field, axes, refine=False), axes, refine=True)
    assert again.shape == field.shape
    assert torch.equal(again, field)


def test_another_memory_order_is_refused():
    with pytest.raises(ValueError, match="not dense in channels-last order"):
        transform_(torch.zeros(1, 8, 4, 4, 4), (0, 1, 2), False, Floats(), 1)
