"""One piece of memory serves slab after slab."""

import torch

from napari_hyperseg.net.workspace import Workspace


def test_the_same_memory_is_given_again_and_more_where_it_is_needed():
    workspace, like = Workspace(), torch.empty(0)
    large = workspace.take((2, 3, 4, 5, 6), like)
    assert large.shape == (2, 3, 4, 5, 6)
    assert large.is_contiguous(memory_format=torch.channels_last_3d)
    small = workspace.take((1, 3, 2, 5), like)
    assert small.is_contiguous(memory_format=torch.channels_last)
    assert small.data_ptr() == large.data_ptr()
    assert workspace.take((2, 3, 4, 5, 7), like).data_ptr() != large.data_ptr()


def test_memory_is_of_the_wanted_type_and_given_back():
    workspace = Workspace()
    workspace.take((1, 1, 4, 4), torch.empty(0))
    halves = workspace.take((1, 1, 4, 4), torch.empty(0, dtype=torch.bfloat16))
    assert halves.dtype == torch.bfloat16
    workspace.clear()
    assert workspace._piece is None
