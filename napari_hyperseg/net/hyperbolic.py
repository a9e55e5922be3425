"""HyperbolicNet: lift by repetition, a reversible chain, read-out of the class channels.

Owns the network's parameters.  Knows nothing of seismic data: it
maps channels to class channels on any 2D or 3D grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.chain import Chain, rewind, run
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.drift import DriftMonitor
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.padding import pad_to_multiple
from napari_hyperseg.net.path import Stage, valley
from napari_hyperseg.net.probe import is_reproducible
from napari_hyperseg.net.reading import Reading, lift
from napari_hyperseg.net.reversible import propagate
from napari_hyperseg.net.state import State, Step

LARGEST_SHARE = 2**-6  # of the grid's range, for the data: states grow

__all__ = ["HyperbolicNet", "NetConfig", "Stage", "valley"]


class HyperbolicNet(nn.Module):
    """Fully invertible hyperbolic network (arXiv 2407.00595).

    Parameters
    ----------
    config : NetConfig
    execution : Execution, optional

    Attributes
    ----------
    monitor : DriftMonitor
        How accurate the last backward pass was; the mode of the next pass.

    Notes
    -----
    ``net(x)`` maps (batch, in_channels, *spatial) to logits (batch, n_classes, *output
    shape), for any spatial shape.
    """

    def __init__(self, config: NetConfig, execution: Execution | None = None) -> None:
        super().__init__()
        self.config = config
        self.steps = list(_steps(config))
        self.kernels = nn.ParameterList(_kernels(config))
        self.biases = nn.ParameterList(torch.zeros(kernel.shape[0]) for kernel in self.kernels)
        self.execution = execution or Execution()

    @property
    def execution(self) -> Execution:
        """How the network is run; setting it begins a new `monitor`."""
        return self._execution

    @execution.setter
    def execution(self, execution: Execution) -> None:
        self._execution = execution
        self._probed: set[tuple[Any, ...]] = set()
        self.monitor = DriftMonitor(Mode.parse(str(execution.mode)), self.config.layers)

    def forward(self, data: Tensor, where: Tensor | None = None) -> Tensor:
        """Logits of every class, at every voxel or at some.

        Parameters
        ----------
        data : Tensor, shape (batch, in_channels, *spatial)
        where : Tensor of bool, shape (batch, *output shape), optional

        Returns
        -------
        Tensor, shape (batch, n_classes, *output shape), or (where.sum(), n_classes)

        Raises
        ------
        ValueError
            If the data have other channels or dimensions than the configuration.
        """
        config = self.config
        self._check(data)
        self._check_mask(data, where)
        self._probe(data)
        padded = pad_to_multiple(data, config.multiple)
        extent = config.extent(data.shape[2:], config.output_level)
        chain = Chain(
            self.steps,
            config.width,
            Reading(config.n_classes, extent, config.map_axis),
            self._arithmetic(data.device),
            self._mode(),
            self.monitor,
        )
        return propagate(chain, padded, where, self._chain_parameters())

    @torch.no_grad()
    def propagate(self, data: Tensor) -> State:
        """The last state of the wave, without gradients; sizes must be multiples."""
        how = self._arithmetic(data.device)
        with how.switches():
            state = lift(data, self.config.width, how.storage)
            return run(self.steps, state, self._chain_parameters(), how)

    @torch.no_grad()
    def invert(self, state: State) -> State:
        """Take the last state back to the lifted data, in its own memory."""
        how = self._arithmetic(state.position.device)
        with how.switches():
            return rewind(self.steps, state, self._chain_parameters(), how)

    def _mode(self) -> Mode:
        """That of the monitor; without a backward pass to come, nothing need be kept."""
        mode = self.monitor.mode
        if torch.is_grad_enabled() or mode.kind == "exact":
            return mode
        return Mode("reversible")

    def _arithmetic(self, device: torch.device) -> Arithmetic:
        return self.execution.arithmetic(self.monitor.mode, device, torch.is_grad_enabled())

    def _chain_parameters(self) -> list[Tensor]:
        return [p for pair in zip(self.kernels, self.biases, strict=True) for p in pair]

    def _probe(self, data: Tensor) -> None:
        """Before the first pass in exact mode on data of a shape: does it repeat itself?"""
        how, shape = self._arithmetic(data.device), tuple(data.shape[2:])
        tried = (shape, data.device, how.convolution_dtype)
        if self.monitor.mode.kind != "exact" or tried in self._probed:
            return
        with how.switches():
            if is_reproducible(self.config, list(self.kernels), shape, how):
                self._probed.add(tried)
            else:
                self.monitor.distrust("Convolutions do not repeat themselves to the bit here")

    def _check(self, data: Tensor) -> None:
        config = self.config
        if data.ndim != config.dimensions + 2 or data.shape[1] != config.in_channels:
            raise ValueError(
                f"Data of shape {tuple(data.shape)} do not fit: give (batch, "
                f"{config.in_channels} channels, {config.dimensions} spatial axes)."
            )
        if self.monitor.mode.kind == "exact":
            self._check_exact(data)

    def _check_exact(self, data: Tensor) -> None:
        if data.dtype != torch.float32:
            raise ValueError(f"Exact mode needs float32 data, not {data.dtype}.")
        largest, reach = (
            float(data.detach().abs().amax()),
            LARGEST_SHARE * 2**31 * self.execution.grid_step,
        )
        if not largest <= reach:
            raise ValueError(
                f"Values up to {largest:g} are beyond {reach:g}, where exact mode's grid ends. "
                "Scale the data, or choose a larger grid step."
            )

    def _check_mask(self, data: Tensor, where: Tensor | None) -> None:
        if where is None:
            return
        wanted = (data.shape[0], *self.config.output_shape(data.shape[2:]))
        if where.shape != wanted or where.dtype != torch.bool:
            raise ValueError(
                f"where has shape {tuple(where.shape)} and type {where.dtype}: give a mask of "
                f"bool of shape {wanted}."
            )


def _steps(config: NetConfig) -> Iterator[Step]:
    level = 0
    for stage in config.path:
        if stage.level != level:
            yield HaarStep(config.axes, refine=stage.level < level)
            level = stage.level
        for _ in range(stage.layers):
            yield LeapfrogStep(config.step_size, config.activation)


def _kernels(config: NetConfig) -> Iterator[nn.Parameter]:
    for stage in config.path:
        for _ in range(stage.layers):
            taps = [3] * config.dimensions
            kernel = torch.empty(stage.hidden, config.channels(stage.level), *taps)
            nn.init.xavier_uniform_(kernel)
            yield nn.Parameter(kernel.contiguous(memory_format=channels_last(kernel.ndim)))
