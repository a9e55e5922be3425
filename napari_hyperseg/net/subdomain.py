"""Where the rows of a process lie in a volume that several processes hold, and who is beside it.

Rows are dealt out in order: the process of rank 0 has the first ones.  Owns what the
processes tell each other about the whole volume; rows themselves travel in
`napari_hyperseg.net.halo`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed


@dataclass(frozen=True)
class Subdomain:
    """The rows of one process.

    Parameters
    ----------
    rows : tuple of int
        Of every process, as the data have them, padded to whole cells.
    rank : int
        Of this process, in the group.
    device : torch.device
        Where the processes have their tensors.
    group : ProcessGroup
    """

    rows: tuple[int, ...]
    rank: int
    device: torch.device
    group: Any

    @property
    def below(self) -> bool:
        """Whether another process has the rows before these."""
        return self.rank > 0

    @property
    def above(self) -> bool:
        """Whether another process has the rows after these."""
        return self.rank + 1 < len(self.rows)

    def neighbour(self, above: bool) -> int:
        """The process that has the rows after these, or before; its rank among all processes."""
        return distributed.get_global_rank(self.group, self.rank + (1 if above else -1))

    def total(self, *values: Tensor | float) -> tuple[float, ...]:
        """Sum values over the processes; the same numbers on each."""
        options: dict[str, Any] = {"dtype": torch.float64, "device": self.device}
        sums = torch.stack([torch.as_tensor(value, **options) for value in values])
        distributed.all_reduce(sums, group=self.group)
        return tuple(sums.tolist())

    def all_say(self, yes: bool) -> bool:
        """Tell whether every process says yes."""
        return self.total(float(not yes)) == (0.0,)

    def of_all_rows(self, own: Tensor) -> tuple[tuple[bool, ...], int]:
        """Tell the others something about each row.

        Parameters
        ----------
        own : Tensor of bool, shape (rows,)
            About the rows of this process, on whatever level.

        Returns
        -------
        tuple of bool
            About every row of the volume.
        int
            Where those of this process begin.
        """
        counts = [rows * len(own) // self.rows[self.rank] for rows in self.rows]
        first = sum(counts[: self.rank])
        flags = torch.zeros(sum(counts), dtype=torch.int32, device=self.device)
        flags[first : first + len(own)] = own.to(flags.dtype)
        distributed.all_reduce(flags, group=self.group)
        return tuple((flags != 0).tolist()), first
