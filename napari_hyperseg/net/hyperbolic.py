"""HyperbolicNet: lift by repetition, a reversible chain, read-out of the class channels.

Owns the network's parameters.  Knows nothing of seismic data: it
maps channels to class channels on any 2D or 3D grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.assembly import kernels, steps
from napari_hyperseg.net.chain import Chain, rewind, run
from napari_hyperseg.net.checks import check_data, check_mask, check_range
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.domain import Domain
from napari_hyperseg.net.drift import DriftMonitor
from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.flat import flat_axis, middle_taps, without
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.padding import pad_to_multiple
from napari_hyperseg.net.path import Stage, valley
from napari_hyperseg.net.probe import is_reproducible
from napari_hyperseg.net.reading import Reading, lift
from napari_hyperseg.net.reversible import propagate
from napari_hyperseg.net.state import State, Step
from napari_hyperseg.net.subdomain import Subdomain

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
    domain : Domain, optional
        Set where several processes hold a slab of the volume each, and `data` are one's own.

    Notes
    -----
    ``net(x)`` maps (batch, in_channels, *spatial) to logits (batch, n_classes, *output
    shape), for any spatial shape.
    """

    def __init__(self, config: NetConfig, execution: Execution | None = None) -> None:
        super().__init__()
        self.config = config
        self.steps = list(steps(config))
        self.kernels = nn.ParameterList(kernels(config))
        self.biases = nn.ParameterList(torch.zeros(kernel.shape[0]) for kernel in self.kernels)
        self.execution = execution or Execution()
        self.domain: Domain | None = None

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
        check_data(config, data)
        check_mask(config, data, where)
        if self.monitor.mode.kind == "exact":
            check_range(data, self.execution.grid_step)
        beside = self._subdomain(data)
        axis = flat_axis(config, data.shape[ROWS:])
        if axis is None:
            return self._run(config, self.steps, list(self.kernels), data, where, beside)
        plane = without(config, axis)
        thin, kernels = data.squeeze(ROWS + axis), middle_taps(self.kernels, axis)
        there = None if where is None else where.squeeze(1 + axis)
        logits = self._run(plane, list(steps(plane)), kernels, thin, there, beside)
        return logits.unsqueeze(ROWS + axis) if where is None else logits

    def _run(
        self,
        config: NetConfig,
        chain_steps: Sequence[Step],
        kernels: Sequence[Tensor],
        data: Tensor,
        where: Tensor | None,
        subdomain: Subdomain | None,
    ) -> Tensor:
        """Logits for data that the configuration fits."""
        self._probe(config, kernels, data, subdomain)
        padded = pad_to_multiple(data, config.multiple)
        extent = config.extent(data.shape[ROWS:], config.output_level)
        chain = Chain(
            chain_steps,
            config.width,
            Reading(config.n_classes, extent, config.map_axis),
            self._arithmetic(data.device, subdomain),
            self._mode(),
            self.monitor,
        )
        return propagate(chain, padded, where, self._chain_parameters(kernels))

    @torch.no_grad()
    def propagate(self, data: Tensor) -> State:
        """The last state of the wave, without gradients; sizes must be multiples."""
        how = self._arithmetic(data.device, self._subdomain(data))
        with how.switches():
            state = lift(data, self.config.width, how.storage)
            return run(self.steps, state, self._chain_parameters(self.kernels), how)

    @torch.no_grad()
    def invert(self, state: State) -> State:
        """Take the last state back to the lifted data, in its own memory."""
        position, level = state.position, self.config.output_level
        how = self._arithmetic(position.device, self._subdomain(position, level))
        with how.switches():
            return rewind(self.steps, state, self._chain_parameters(self.kernels), how)

    def _mode(self) -> Mode:
        """That of the monitor; without a backward pass to come, nothing need be kept."""
        mode = self.monitor.mode
        if torch.is_grad_enabled() or mode.kind == "exact":
            return mode
        return Mode("reversible")

    def _subdomain(self, field: Tensor, level: int = 0) -> Subdomain | None:
        """Which rows there are of the volume, where other processes have the others."""
        if self.domain is None:
            return None
        return self.domain.subdomain(self.config, field, self.monitor.mode, level)

    def _arithmetic(self, device: torch.device, subdomain: Subdomain | None = None) -> Arithmetic:
        mode, training = self.monitor.mode, torch.is_grad_enabled()
        return replace(self.execution.arithmetic(mode, device, training), subdomain=subdomain)

    def _chain_parameters(self, kernels: Iterable[Tensor]) -> list[Tensor]:
        return [p for pair in zip(kernels, self.biases, strict=True) for p in pair]

    def _probe(
        self,
        config: NetConfig,
        kernels: Sequence[Tensor],
        data: Tensor,
        subdomain: Subdomain | None,
    ) -> None:
        """Before the first pass in exact mode on data of a shape: does it repeat itself?"""
        if self.monitor.mode.kind != "exact":
            return
        how, shape = self._arithmetic(data.device), tuple(data.shape[ROWS:])
        tried = (shape, data.device, how.convolution_dtype)
        with how.switches():
            fine = tried in self._probed or is_reproducible(config, kernels, shape, how)
        if subdomain is not None:  # the others have other rows, and may not have tried them
            fine = subdomain.all_say(fine)
        if fine:
            self._probed.add(tried)
        else:
            self.monitor.distrust("Convolutions do not repeat themselves to the bit here")
