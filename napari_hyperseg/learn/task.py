"""What a process that shares a batch is told for one step, as bytes.

Of labels only what is known goes along: where it is, between which ranks, and what it is worth.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import TypeAdapter

from napari_hyperseg.labels.rank_limits import UNKNOWN, RankLimits
from napari_hyperseg.learn.batch import Batch, batch_of
from napari_hyperseg.learn.boxes import extent
from napari_hyperseg.learn.data import SurveyData
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.objective import Objective
from napari_hyperseg.learn.penalties import Penalties
from napari_hyperseg.net.execution import Execution

Known = tuple[RankLimits, NDArray[np.float32]]
"""Least and most ranks of a block, shape (2, i, j, k), and weights, shape (i, j, k)."""


@dataclass(frozen=True)
class Task:
    """A part of a batch.

    Parameters
    ----------
    objective : Objective
    execution : Execution
        How the network is to be run.
    drafts : tuple of Draft
        Its blocks.
    known : tuple of pairs of ndarray
        What is known of each, as it lies in its survey.
    """

    objective: Objective
    execution: Execution
    drafts: tuple[Draft, ...]
    known: tuple[Known, ...]

    def batch(self, data: Mapping[str, SurveyData], encoding: InputEncoding) -> Batch:
        """Cut its blocks."""
        return batch_of(self.drafts, self.known, data, encoding)

    def packed(self) -> bytes:
        """As bytes, without anything that could run."""
        said = _said().dump_json(_Said.of(self))
        arrays: dict[str, NDArray[Any]] = {"said": np.frombuffer(said, np.uint8)}
        arrays["weights"] = self.objective.weights.cpu().numpy()
        for number, (limits, worth) in enumerate(self.known):
            at = np.flatnonzero(limits[0])
            arrays[f"at_{number}"] = at
            arrays[f"limits_{number}"] = limits.reshape(2, -1)[:, at]
            arrays[f"worth_{number}"] = worth.ravel()[at]
        packing = io.BytesIO()
        np.savez(packing, allow_pickle=False, **arrays)
        return packing.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes, device: torch.device) -> Task:
        """Read it again, for a device."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            said = _said().validate_json(arrays["said"].tobytes())
            known = tuple(
                _spread(
                    extent(draft.box),
                    *(arrays[f"{what}_{number}"] for what in ("at", "limits", "worth")),
                )
                for number, draft in enumerate(said.drafts)
            )
            weights = torch.from_numpy(arrays["weights"]).to(device)
        objective = Objective(said.order, weights, said.penalties)
        return cls(objective, said.execution(), said.drafts, known)


@dataclass(frozen=True)
class _Said:
    """All of a task but its arrays."""

    order: tuple[int, ...]
    penalties: Penalties
    mode: str
    precision: str
    scratch_bytes: int | None
    grid_step: float
    drafts: tuple[Draft, ...]

    @classmethod
    def of(cls, task: Task) -> _Said:
        how, objective = task.execution, task.objective
        return cls(
            objective.order,
            objective.penalties,
            str(how.mode),
            how.precision,
            how.scratch_bytes,
            how.grid_step,
            task.drafts,
        )

    def execution(self) -> Execution:
        return Execution(self.mode, self.precision, self.scratch_bytes, self.grid_step)


@cache
def _said() -> TypeAdapter[_Said]:
    return TypeAdapter(_Said)


def _spread(
    shape: tuple[int, ...],
    at: NDArray[np.intp],
    limits: NDArray[np.uint8],
    worth: NDArray[np.float32],
) -> Known:
    """What is known, at its places in a block."""
    everywhere = np.zeros((2, *shape), np.uint8)
    everywhere[1] = UNKNOWN
    everywhere.reshape(2, -1)[:, at] = limits
    weights = np.zeros(shape, np.float32)
    weights.ravel()[at] = worth
    return everywhere, weights
