"""The chain as one function of data and parameters: the only autograd.Function.

It owns the states: made from the data, advanced and taken back in their own memory, read
and dropped, two of them forward, their two adjoints beside them backward.  The parameters
are inputs of the function, so that autograd, DistributedDataParallel and gradient
accumulation treat them as they treat any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from napari_hyperseg.net.backward_walk import BackwardWalk
from napari_hyperseg.net.chain import Chain, own_parameters
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.reached import ReachedRows
from napari_hyperseg.net.reading import lift, lift_transposed
from napari_hyperseg.net.state import Adjoint, State
from napari_hyperseg.net.tape import tape_for


def propagate(
    chain: Chain, data: Tensor, where: Tensor | None, parameters: Sequence[Tensor]
) -> Tensor:
    """Run the chain on the data and read the logits.

    Parameters
    ----------
    chain : Chain
    data : Tensor, shape (batch, in_channels, *spatial)
    where : Tensor of bool, shape (batch, *output shape), optional
        Voxels to read.
    parameters : sequence of Tensor
        Of all steps, one after the other.

    Returns
    -------
    Tensor, shape (batch, n_classes, *output shape) or (voxels, n_classes)
    """
    return _Propagate.apply(chain, where, data, *parameters)


class _Propagate(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, chain: Chain, where: Tensor | None, data: Tensor, *parameters: Tensor
    ) -> Tensor:
        how, tape = chain.how, tape_for(chain.mode, chain.steps)
        with how.switches():
            state = lift(data, chain.width, how.storage)
            for index, own in enumerate(own_parameters(chain.steps, parameters)):
                state = tape.forward(index, state, own, how)
            how.workspace.clear()
            logits = chain.reading.read(state.position, where, how.storage)
        ctx.chain, ctx.end = chain, state.position.shape
        # The saved state stands before this step; beside it, to be packed and moved as it is.
        standing = torch.tensor(len(chain.steps), device=data.device)
        saved = (*state, standing) if tape.rewinds else (None, None, None)
        ctx.save_for_backward(where, data, *saved, *parameters, *tape.kept)
        return logits

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        where, data, position, velocity, standing, *rest = ctx.saved_tensors
        count = sum(step.n_parameters for step in ctx.chain.steps)
        walk = BackwardWalk(ctx.chain, rest[:count], rest[count:], ctx.needs_input_grad[2:])
        with ctx.chain.how.switches():
            if standing is not None:
                walk.stand_at_end(State(position.data, velocity.data), standing)
            adjoint = _adjoint_of_end(ctx, gradient, where, data)
            adjoint = walk.go(adjoint, standing)
            ctx.chain.how.workspace.clear()
            walk.look_back(data)
            wanted = ctx.needs_input_grad[2]
            of_data = lift_transposed(adjoint.position, data.shape[1]) if wanted else None
        return (None, None, of_data, *walk.gradients)


def _adjoint_of_end(ctx: Any, gradient: Tensor, where: Tensor | None, data: Tensor) -> Adjoint:
    """The loss depends on what was read of the last position, on nothing else."""
    position, velocity = (empty(ctx.end, data).zero_() for _ in range(2))
    ctx.chain.reading.write(position, gradient, where)
    return Adjoint(position, velocity, ReachedRows.of(position, ctx.chain.how.subdomain))
