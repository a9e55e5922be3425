"""HyperbolicNet: lift by repetition, a reversible chain, read-out of the class channels.

Owns the network's configuration and its parameters.  Knows nothing of seismic data: it
maps channels to class channels on any 2D or 3D grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from napari_hyperseg.net.convolution import channels_last
from napari_hyperseg.net.padding import crop, pad_to_multiple
from napari_hyperseg.net.reversible import invert, reversible_apply
from napari_hyperseg.net.steps import HaarStep, LeapfrogStep, State, Step
from napari_hyperseg.net.symmetric import ACTIVATIONS


@dataclass(frozen=True)
class NetConfig:
    """The shape of a HyperbolicNet.

    Parameters
    ----------
    in_channels : int
        Channels of the data.
    n_classes : int
        Class channels read from the output.
    width : int
        Channels after lifting, n; at least `in_channels` and `n_classes`.
    layers : tuple of int
        Leapfrog steps on each level, finest first.  They run on the way down and again on
        the way up, but once on the last, coarsest level.
    hidden : tuple of int
        Rank m of the layers on each level.
    axes : tuple of int
        Spatial axes that Haar coarsens.
    step_size : float
        h of the leapfrog step.
    activation : {"relu", "tanh"}
    dimensions : {2, 3}
    """

    in_channels: int
    n_classes: int
    width: int = 8
    layers: tuple[int, ...] = (1, 2, 3)
    hidden: tuple[int, ...] = (16, 16, 16)
    axes: tuple[int, ...] = (0, 1, 2)
    step_size: float = 0.5
    activation: str = "relu"
    dimensions: int = 3

    def __post_init__(self) -> None:
        if not self.layers:
            raise ValueError("There are no levels. Give at least one number of layers.")
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"Activation {self.activation!r} is unknown. Choose {list(ACTIVATIONS)}."
            )
        if not set(self.axes) <= set(range(self.dimensions)):
            raise ValueError(
                f"Axes {self.axes} are not among those of {self.dimensions} dimensions."
            )
        if len(self.layers) != len(self.hidden):
            raise ValueError(f"{len(self.layers)} levels have layers, {len(self.hidden)} a rank.")
        if self.width < max(self.in_channels, self.n_classes):
            raise ValueError(
                f"A width of {self.width} is too small for {self.in_channels} input channels and "
                f"{self.n_classes} classes. Choose at least the larger of the two."
            )

    @property
    def levels(self) -> int:
        """Number of Haar coarsenings."""
        return len(self.layers) - 1

    @property
    def multiple(self) -> tuple[int, ...]:
        """What the size along each spatial axis is padded to a multiple of."""
        coarsest = 2**self.levels
        return tuple(coarsest if axis in self.axes else 1 for axis in range(self.dimensions))

    def walk(self) -> list[int]:
        """Levels in the order they are visited: down to the coarsest and up again."""
        return [*range(self.levels), *range(self.levels, -1, -1)]


class HyperbolicNet(nn.Module):
    """Fully invertible hyperbolic network (arXiv 2407.00595).

    Parameters
    ----------
    config : NetConfig

    Notes
    -----
    ``net(x)`` maps (batch, in_channels, *spatial) to logits (batch, n_classes, *spatial),
    for any spatial shape.
    """

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.config = config
        self.steps: list[Step] = []
        self.kernels = nn.ParameterList()
        self.biases = nn.ParameterList()
        self._build()

    def forward(self, data: Tensor) -> Tensor:
        """Logits of every class at every voxel."""
        padded = pad_to_multiple(data, self.config.multiple)
        state = self.propagate(self.lift(padded))
        logits = state.current[:, : self.config.n_classes]
        return crop(logits, data.shape[2:])

    def lift(self, data: Tensor) -> State:
        """Repeat the data over `width` channels; the wave starts at rest."""
        repeats = math.ceil(self.config.width / data.shape[1])
        lifted = torch.cat([data] * repeats, dim=1)[:, : self.config.width]
        lifted = lifted.contiguous(memory_format=channels_last(data.ndim))
        return State(lifted, lifted)

    def propagate(self, state: State) -> State:
        """Run the reversible chain."""
        return reversible_apply(self.steps, state, self._chain_parameters())

    def invert(self, state: State) -> State:
        """Recover the lifted input from the chain's output."""
        return invert(self.steps, state, self._chain_parameters())

    def _chain_parameters(self) -> list[Tensor]:
        return [p for pair in zip(self.kernels, self.biases, strict=True) for p in pair]

    def _build(self) -> None:
        level = 0
        for target in self.config.walk():
            if target != level:
                self.steps.append(HaarStep(self.config.axes, refine=target < level))
                level = target
            for _ in range(self.config.layers[level]):
                self._add_layer(level)

    def _add_layer(self, level: int) -> None:
        config = self.config
        channels = config.width * 2 ** (len(config.axes) * level)
        kernel = torch.empty(config.hidden[level], channels, *[3] * config.dimensions)
        nn.init.xavier_uniform_(kernel)
        self.kernels.append(
            nn.Parameter(kernel.contiguous(memory_format=channels_last(kernel.ndim)))
        )
        self.biases.append(nn.Parameter(torch.zeros(config.hidden[level])))
        self.steps.append(LeapfrogStep(config.step_size, config.activation))
