"""The network once more, by plain autograd: three-term leapfrog, torch's own convolutions.

Uses nothing of the package but the fields of a configuration.
"""

from itertools import pairwise

import torch
from torch.nn import functional

APPLY = {2: functional.conv2d, 3: functional.conv3d}
TRANSPOSE = {2: functional.conv_transpose2d, 3: functional.conv_transpose3d}
SIGMA = {"relu": torch.relu, "tanh": torch.tanh}


def plain_logits(config, kernels, biases, data, where=None):
    """Logits of a network with this configuration and these parameters."""
    _, current = plain_last_states(config, kernels, biases, padded(config, data))
    logits = current[:, : config.n_classes]
    for axis, size in enumerate(data.shape[2:]):
        extent = size
        if axis in config.axes:
            extent = -(-size // 2**level) if (level := config.path[-1].level) >= 0 else 2 * size
        logits = logits[(slice(None),) * (axis + 2) + (slice(extent),)]
    if config.map_axis is not None:
        axis = config.map_axis + 2
        logits = logits.select(axis, logits.shape[axis] // 2)
    return logits if where is None else logits.movedim(1, -1)[where]


def plain_last_states(config, kernels, biases, data):
    """The last two states of the wave; it starts at rest from the repeated channels."""
    first = data[:, [channel % data.shape[1] for channel in range(config.width)]]
    states, parameters = [first, first], zip(kernels, biases, strict=True)
    for before, stage in pairwise([config.path[0], *config.path]):
        if stage.level > before.level:
            states = [plain_haar(state, config.axes) for state in states]
        if stage.level < before.level:
            states = [plain_inverse_haar(state, config.axes) for state in states]
        for _ in range(stage.layers):
            states = plain_leapfrog(config, states, *next(parameters))
    return states


def plain_leapfrog(config, states, kernel, bias):
    """(previous, current) -> (current, 2*current - previous + h^2 f(current))."""
    previous, current = states
    acceleration = plain_layer(current, kernel, bias, config.activation)
    return [current, 2 * current - previous + config.step_size**2 * acceleration]


def plain_layer(values, kernel, bias, activation):
    """f(Y) = -K^T sigma(K Y + b)."""
    dimensions = kernel.ndim - 2
    hidden = SIGMA[activation](APPLY[dimensions](values, kernel, bias, padding=1))
    return -TRANSPOSE[dimensions](hidden, kernel, padding=1)


def padded(config, data):
    """The data with their last samples repeated up to what the coarsest level needs."""
    coarsest = 2 ** max(stage.level for stage in config.path)
    for axis in config.axes:
        size = data.shape[axis + 2]
        wanted = -(-size // coarsest) * coarsest
        rows = torch.arange(wanted, device=data.device).clamp(max=size - 1)
        data = data.index_select(axis + 2, rows)
    return data


def plain_haar(volume, axes):
    """Sums and differences along each axis by a matrix; the first axis's are outermost."""
    for axis in reversed(axes):
        parts = [
            along(matrix, volume, axis + 2) for matrix in matrices(volume.shape[axis + 2], volume)
        ]
        volume = torch.cat(parts, dim=1)
    return volume


def plain_inverse_haar(coarse, axes):
    """The transposed matrices, in the opposite order."""
    for axis in axes:
        parts = coarse.chunk(2, dim=1)
        both = matrices(2 * coarse.shape[axis + 2], coarse)
        coarse = sum(
            along(matrix.T, part, axis + 2) for matrix, part in zip(both, parts, strict=True)
        )
    return coarse


def matrices(size, like):
    """I (x) (1, 1) / sqrt 2 and I (x) (1, -1) / sqrt 2, each of shape (size / 2, size)."""
    one = torch.eye(size // 2, dtype=like.dtype, device=like.device)
    return [torch.kron(one, one.new_tensor([[1.0, sign]])) / 2**0.5 for sign in (1.0, -1.0)]


def along(matrix, volume, dim):
    """Multiply one axis by a matrix."""
    return torch.tensordot(volume, matrix, dims=([dim], [1])).movedim(-1, dim)
