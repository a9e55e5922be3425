"""A leapfrog layer that keeps its input and hidden tensor instead of recomputing them.

Six convolutions a training step instead of eight, for memory that grows with depth.
"""

from __future__ import annotations

import torch
from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.halo import Halos
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.state import Adjoint, Parameters, Pullback, State
from napari_hyperseg.net.symmetric import GradientSums, Rows, SymmetricLayer
from napari_hyperseg.net.walk import held, seams, walk


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
    halos = Halos(how, [(seam, position, how.storage) for seam in seams(position, how)])
    for reach, _, done in walk(position, layer):
        post = layer.hidden(layer.seen(position, reach, how.storage), reach)
        reach.keep_hidden(post, hidden)
        layer.spread(post, reach, velocity, -1, how.storage)
        torch.add(done.of(position), done.of(velocity), out=done.of(after))
    for seam, (current,) in halos.arrived():
        layer.spread(layer.hidden(current, seam), seam, velocity, -1, how.storage)
    for done in held(position, how):
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
    """Pull the adjoint back in place; the hidden rows of seams, which are few, are not kept."""
    layer = step.layer(own, how)
    sums = GradientSums(layer, own, wanted)
    for ahead in held(position, how):
        ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
    cuts = [seam for seam in seams(position, how) if adjoint.reached.any_of(seam)]
    fields = (position, adjoint.velocity)
    halos = Halos(how, [(seam, field, how.storage) for seam in cuts for field in fields])
    for reach, ahead, _ in walk(position, layer):
        ahead.of(adjoint.velocity).add_(ahead.of(adjoint.position))
        if not adjoint.reached.any_of(reach):
            continue
        p, current = (layer.seen(f, reach, how.storage) for f in (adjoint.velocity, position))
        _pull(adjoint, (p, current), reach.hidden_of(hidden), reach, layer, sums)
    for seam, (current, p) in halos.arrived():
        _pull(adjoint, (p, current), layer.hidden(current, seam), seam, layer, sums)
    return Pullback(None, adjoint.past_a_layer(), sums.scaled(-step.a))


def _pull(
    adjoint: Adjoint,
    seen: tuple[Tensor, Tensor],
    post: Tensor,
    reach: Rows,
    layer: SymmetricLayer,
    sums: GradientSums,
) -> None:
    weighted = layer.weighted(seen[0], post, reach)
    sums.add(seen, (post, weighted), reach)
    layer.spread(weighted, reach, adjoint.position, -1, layer.how.storage)


def _room_for_hidden(position: Tensor, rank: int, how: Arithmetic) -> Tensor:
    shape = (position.shape[0], rank, *position.shape[ROWS:])
    dtype = how.convolution_dtype or position.dtype
    return empty(shape, position, dtype)
