"""Whether a layer computes the same bits twice: what exact inversion rests on."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.slabs import Slab
from napari_hyperseg.net.storage import Floats
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
            extent = config.extent(config.padded(shape), stage.level)
            if not _repeats(kernels[first], extent, config.activation, how):
                return False
        first += stage.layers
    return True


def _repeats(kernel: Tensor, extent: Sequence[int], activation: str, how: Arithmetic) -> bool:
    layer = SymmetricLayer(kernel, kernel.new_zeros(kernel.shape[0]), activation, how, 1.0)
    rows = min(extent[0], how.height(layer.rank, (kernel.shape[1], *extent)) + 2)
    values = _noise([1, kernel.shape[1], rows, *extent[1:]], kernel.device)
    reference = _result(layer, values, how)
    return all(torch.equal(reference, _result(layer, values, how)) for _ in range(REPEATS))


def _result(layer: SymmetricLayer, values: Tensor, how: Arithmetic) -> Tensor:
    """What the layer adds to a state at rest, computed on a copy: elsewhere in memory."""
    rows = values.shape[ROWS]
    reach = Slab(slice(0, 1), 0, rows).reach(rows)
    hidden = layer.hidden(layer.seen(values.clone(), reach, Floats()), reach)
    field = torch.zeros_like(values, dtype=how.storage.dtype(values.dtype))
    layer.spread(hidden, reach, field, +1, how.storage)
    return field


def _noise(shape: Sequence[int], device: torch.device) -> Tensor:
    generator = torch.Generator(device).manual_seed(0)
    noise = torch.randn(list(shape), generator=generator, device=device)
    return noise.contiguous(memory_format=channels_last(len(shape)))
