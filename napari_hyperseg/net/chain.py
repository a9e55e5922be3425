"""The steps of a network in order, and what a pass along them needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.drift import DriftMonitor
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.reading import Reading
from napari_hyperseg.net.state import State, Step


@dataclass(frozen=True)
class Chain:
    """What one pass computes, and how.

    Parameters
    ----------
    steps : sequence of Step
    width : int
        Channels of the first state.
    reading : Reading
    how : Arithmetic
    mode : Mode
    monitor : DriftMonitor
        Told how accurate the backward pass was.
    """

    steps: Sequence[Step]
    width: int
    reading: Reading
    how: Arithmetic
    mode: Mode
    monitor: DriftMonitor


def run(
    steps: Sequence[Step], state: State, parameters: Sequence[Tensor], how: Arithmetic
) -> State:
    """Advance a state through the chain, in its own memory, without gradients."""
    for step, own in zip(steps, own_parameters(steps, parameters), strict=True):
        state = step.forward(state, own, how)
    return state


def rewind(
    steps: Sequence[Step], state: State, parameters: Sequence[Tensor], how: Arithmetic
) -> State:
    """Recover the input of `run` from its output, in its own memory."""
    pairs = list(zip(steps, own_parameters(steps, parameters), strict=True))
    for step, own in reversed(pairs):
        state = step.inverse(state, own, how)
    return state


def own_parameters(steps: Sequence[Step], parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Each step's own part of what belongs to all parameters."""
    parts, start = [], 0
    for step in steps:
        parts.append(tuple(parameters[start : start + step.n_parameters]))
        start += step.n_parameters
    return parts
