"""The reversible chain: the only autograd.Function of the project.

It keeps the final state and nothing else; backward walks the chain from the end, inverting
each step and pulling the adjoint through it in the same pass.  The parameters are inputs
of the Function, so that autograd, DistributedDataParallel and gradient accumulation treat
them as they treat any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from napari_hyperseg.net.convolution import channels_last
from napari_hyperseg.net.steps import State, Step


def reversible_apply(steps: Sequence[Step], state: State, parameters: Sequence[Tensor]) -> State:
    """Run the chain; memory for backward does not grow with the number of steps.

    Parameters
    ----------
    steps : sequence of Step
    state : State
        Pair of tensors of shape (batch, channels, *spatial).
    parameters : sequence of Tensor
        The parameters of all steps, one after the other.

    Returns
    -------
    State
    """
    return State(*_Chain.apply(tuple(steps), *state, *parameters))


def invert(steps: Sequence[Step], state: State, parameters: Sequence[Tensor]) -> State:
    """Recover the input of `reversible_apply` from its output (no gradients)."""
    with torch.no_grad():
        for step, own in reversed(_paired(steps, parameters)):
            state = step.inverse(state, own)
    return state


def _paired(
    steps: Sequence[Step], parameters: Sequence[Tensor]
) -> list[tuple[Step, tuple[Tensor, ...]]]:
    """Each step with its own parameters."""
    pairs, start = [], 0
    for step in steps:
        stop = start + step.n_parameters
        pairs.append((step, tuple(parameters[start:stop])))
        start = stop
    return pairs


class _Chain(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, steps: tuple[Step, ...], previous: Tensor, current: Tensor, *parameters: Tensor
    ) -> tuple[Tensor, Tensor]:
        state = State(previous, current)
        for step, own in _paired(steps, parameters):
            state = step.forward(state, own)
        ctx.steps = steps
        # A chain that moves nothing hands its inputs through; autograd wants them as views.
        out = State(*(t.view_as(t) if t is previous or t is current else t for t in state))
        ctx.save_for_backward(*out, *parameters)
        return out.previous, out.current

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *adjoint: Tensor) -> tuple[Tensor | None, ...]:
        previous, current, *parameters = ctx.saved_tensors
        state = State(previous, current)
        g = State(*(t.clone(memory_format=channels_last(t.ndim)) for t in adjoint))
        gradients: list[Tensor] = []
        for step, own in reversed(_paired(ctx.steps, parameters)):
            state, g, own_gradients = step.backward(state, g, own)
            gradients[:0] = own_gradients
        return (None, *g, *gradients)
