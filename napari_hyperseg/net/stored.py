"""A leapfrog layer that keeps its input and hidden tensor instead of recomputing them.

Six convolutions a training step instead of eight, for memory that grows with depth.
"""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.leapfrog import LeapfrogStep, walk
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State
from napari_hyperseg.net.symmetric import GradientSums


def forward_stored(
    step: LeapfrogStep, state: State, own: Parameters, how: Arithmetic
) -> tuple[Tensor, State]:
    """Advance the velocity in place and the position in new memory.

    Returns
    -------
    hidden : Tensor, shape (batch, m, *spatial)
        S = sigma(K Y + b).
    state : State
    """
    position, velocity = state
    layer = step.layer(own, how)
    hidden, after = _room_for_hidden(position, layer.rank, how), torch.empty_like(position)
    for reach, _, done in walk(position, layer):
        post = layer.hidden(layer.seen(position, reach, how.storage), reach)
        reach.keep_hidden(post, hidden)
        layer.spread(post, reach, velocity, -1, how.storage)
        torch.add(done.of(position), done.of(velocity), out=done.of(after))
    return hidden, State(after, velocity)


def backward_stored(
    step: LeapfrogStep,
    position: Tensor,
    hidden: Tensor,
    adjoint: Adjoint,
    own: Parameters,
    how: Arithmetic,
    wanted: bool,
) -> Pullback:
    """Pull the adjoint back in place."""
    layer = step.layer(own, how)
    sums = GradientSums(layer, own, wanted)
    for reach, ahead, _ in walk(position, layer):
        ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
        if not adjoint.reached.any_of(reach):
            continue
        p, current = (layer.seen(f, reach, how.storage) for f in (adjoint.velocity, position))
        post = reach.hidden_of(hidden)
        weighted = layer.weighted(p, post, reach)
        sums.add((p, current), (post, weighted), reach)
        layer.spread(weighted, reach, adjoint.position, -1, how.storage)
    return Pullback(None, adjoint.past_a_layer(), sums.scaled(-step.a))


def _room_for_hidden(position: Tensor, rank: int, how: Arithmetic) -> Tensor:
    shape = (position.shape[0], rank, *position.shape[ROWS:])
    dtype = how.convolution_dtype or position.dtype
    return empty(shape, position, dtype)
