"""A volume that is too large for one device, in slabs on several processes.

Each process of a group holds some rows (lines of the first spatial axis) of the data, of
both states and of their adjoints, and per layer two rows of its neighbours: memory falls with
the number of processes.  The logits, and the sum of the processes' gradients, are those of a
single process that has the whole volume::

    domain = Domain(group)                          # or Domain(), for all processes
    net.domain = domain
    mine = domain.rows(net.config, data.shape[2])
    logits = net(data[:, :, mine], where[:, mine])  # of these rows
    loss = cross_entropy(logits, targets, reduction="sum") / labelled_voxels_of_all
    loss.backward()
    domain.sum_gradients(net.parameters())

All processes run the network, forward and backward, as often as each other, those without a
labelled voxel too (the sum over no logits is a loss), with the same parameters, batch size
and execution.  They need labels for their own rows only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, distributed, nn

from napari_hyperseg.errors import DomainError
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.modes import KINDS, Mode
from napari_hyperseg.net.seam import HALO
from napari_hyperseg.net.subdomain import Subdomain


class Domain:
    """The volume of a group of processes, each of which has a slab of rows.

    Parameters
    ----------
    group : ProcessGroup, optional
        By default all processes.  gloo for tensors on a CPU, nccl for GPUs.
    """

    def __init__(self, group: Any = None) -> None:
        self.group = group or distributed.group.WORLD
        self.rank: int = distributed.get_rank(self.group)
        self.size: int = distributed.get_world_size(self.group)

    def __deepcopy__(self, memo: dict[int, Any]) -> Domain:
        """A copy of a network has the same processes."""
        return self

    def rows(self, config: NetConfig, rows: int, level: int = 0) -> slice:
        """Choose the rows of this process.

        Parameters
        ----------
        config : NetConfig
        rows : int
            Of the whole volume.
        level : int
            On which the answer is counted: that of the data, or ``config.output_level`` for
            logits and masks.

        Raises
        ------
        DomainError
            If there are too few.
        """
        start, stop = cut(config, rows, self.size)[self.rank]
        if 0 in config.axes:
            start, stop = (_on_level(row, level) for row in (start, stop))
        return slice(start, stop)

    def subdomain(self, config: NetConfig, field: Tensor, mode: Mode, level: int = 0) -> Subdomain:
        """Learn what the other processes have; all of them ask at once.

        Parameters
        ----------
        config : NetConfig
        field : Tensor, shape (batch, channels, rows, ...)
            Of this process.
        mode : Mode
        level : int
            That of the field.

        Raises
        ------
        DomainError
            On every process, if the field of any does not fit.
        """
        facts = _facts(field, mode)
        values = self._gather(list(facts.values()), field.device)
        _check_alike(list(facts), values)
        rows = [each[0] for each in values]
        if 0 in config.axes:
            rows = [_on_level(row, -level) for row in rows]
        _check_rows(config, rows)
        cell = config.multiple[0]
        padded = tuple(-(-count // cell) * cell for count in rows)
        return Subdomain(padded, self.rank, field.device, self.group)

    def sum_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give every process the sum of all processes' gradients, in place."""
        gradients = [p.grad for p in parameters if p.grad is not None]
        works = [
            distributed.all_reduce(gradient, group=self.group, async_op=True)
            for gradient in gradients
        ]
        for work in works:
            work.wait()

    def _gather(self, facts: Sequence[int], device: torch.device) -> list[list[int]]:
        own = torch.tensor(facts, device=device)
        of_all = [torch.empty_like(own) for _ in range(self.size)]
        distributed.all_gather(of_all, own, group=self.group)
        return [one.tolist() for one in of_all]


def cut(config: NetConfig, rows: int, size: int) -> list[tuple[int, int]]:
    """Deal out rows in whole cells of the coarsest level, as evenly as can be.

    Parameters
    ----------
    config : NetConfig
    rows : int
        Of the volume.
    size : int
        Processes.

    Returns
    -------
    list of (int, int)
        First row of each process, and the row after its last.

    Raises
    ------
    DomainError
        If a process would have less than two cells, which its neighbours read.
    """
    cell = config.multiple[0]
    cells = -(-rows // cell)
    if size > 1 and cells < HALO * size:
        raise DomainError(
            f"{rows} rows cannot be cut into {size} slabs: the coarsest level has {cells}, and "
            f"each slab needs {HALO} of them. Use at most {max(1, cells // HALO)} processes."
        )
    edges = [min(rows, cells * rank // size * cell) for rank in range(size + 1)]
    return list(pairwise(edges))


def least_rows(config: NetConfig, size: int) -> int:
    """Rows that a volume needs at least, to be cut into so many slabs."""
    return HALO * config.multiple[0] * size if size > 1 else 1


def _facts(field: Tensor, mode: Mode) -> dict[str, int]:
    """What has to be alike on all processes, but for the rows."""
    axes = {
        f"size of spatial axis {axis - ROWS}": field.shape[axis] for axis in range(3, field.ndim)
    }
    return {
        "rows": field.shape[ROWS],
        "batch size": field.shape[0],
        **axes,
        "bytes of a value": field.dtype.itemsize,
        "place of the mode among reversible, exact, checkpoint, store": KINDS.index(mode.kind),
        "interval of the mode": mode.interval or 0,
        "wish for gradients": int(torch.is_grad_enabled()),
        "wish for gradients of the data": int(field.requires_grad),
    }


def _check_alike(names: Sequence[str], values: Sequence[Sequence[int]]) -> None:
    for rank, each in enumerate(values):
        for name, value, first in list(zip(names, each, values[0], strict=True))[1:]:
            if value != first:
                raise DomainError(
                    f"The {name} is {value} on process {rank}, {first} on process 0. "
                    "Give all processes the same, but for rows."
                )


def _check_rows(config: NetConfig, rows: Sequence[int]) -> None:
    """Refuse slabs that do not join on every level."""
    if config.map_axis == 0 and len(rows) > 1:
        raise DomainError(
            "A map across axis 0 is read from a single row, which one process has. "
            "Choose another map axis, or one process."
        )
    cell = config.multiple[0]
    for rank, count in enumerate(rows):
        last = rank + 1 == len(rows)
        whole = count % cell == 0 or last
        if len(rows) > 1 and not (whole and -(-count // cell) >= HALO):
            raise DomainError(
                f"Process {rank} has {count} of {sum(rows)} rows: give each a multiple of {cell} "
                f"(the last one may have less) and at least {HALO} times that. See Domain.rows."
            )


def _on_level(row: int, level: int) -> int:
    return -(-row // 2**level) if level >= 0 else row * 2**-level
