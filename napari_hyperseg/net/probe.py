"""Whether a layer computes the same bits twice: what exact inversion rests on."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.budget import padded_shape
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.convolution import channels_last
from napari_hyperseg.net.slabs import Slab
from napari_hyperseg.net.symmetric import SymmetricLayer

REPEATS = 3


@torch.no_grad()
def is_reproducible(
    config: NetConfig, kernels: Sequence[Tensor], shape: Sequence[int], how: Arithmetic
) -> bool:
    """Evaluate a layer of every stage several times on a slab of the real size.

    Parameters
    ----------
    config : NetConfig
    kernels : sequence of Tensor
        Of all layers.
    shape : sequence of int
        Spatial shape of the data.
    how : Arithmetic

    Returns
    -------
    bool
        False if any two results differ in a bit.
    """
    first = 0
    for stage in config.path:
        if stage.layers:
            extent = config.extent(padded_shape(config, shape), stage.level)
            if not _repeats(kernels[first], extent, config.activation, how):
                return False
        first += stage.layers
    return True


def _repeats(kernel: Tensor, extent: Sequence[int], activation: str, how: Arithmetic) -> bool:
    layer = SymmetricLayer(kernel, kernel.new_zeros(kernel.shape[0]), activation, how)
    generator = torch.Generator(kernel.device).manual_seed(0)
    order = channels_last(kernel.ndim)
    shape = (1, kernel.shape[1], *extent)
    height = how.height(torch.empty(shape, device="meta"), layer.rank)
    rows = min(extent[0], height + 2)
    plane = [1, kernel.shape[1], rows, *extent[1:]]
    values = torch.randn(plane, generator=generator, device=kernel.device, dtype=torch.float32)
    values = values.contiguous(memory_format=order)
    slab = Slab(slice(0, 1), 0, rows)
    reach = layer.reach(slab, rows)
    results = (
        layer.spread(layer.hidden(how.operand(values.clone()), reach), slab) for _ in range(REPEATS)
    )
    reference = next(results)
    return all(torch.equal(reference, result) for result in results)
