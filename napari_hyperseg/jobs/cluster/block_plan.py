"""The blocks of a prediction that are left, and what is noted of those that are written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from napari_hyperseg.jobs.cluster.block_target import BlockTarget
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.sweep import Task, outwards
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.boxes import size
from napari_hyperseg.learn.origins import Origin


@dataclass(frozen=True)
class BlockTask(Task):
    """A block to predict.

    Parameters
    ----------
    lost : int
        How often it was given up because workers died on it.
    """

    lost: int = 0


class BlockPlan:
    """What is left of a prediction job; what was written before, by the same job, is not.

    Parameters
    ----------
    spec : JobSpec
    digest : str
        Of what the prediction is made from.
    n_classes : int
    order : tuple of int
        All codes from top to bottom, if the sides of boundaries are stored; else ().

    Attributes
    ----------
    total, done, new : int
        Voxels in all, that are written, and that were written by this plan.

    Raises
    ------
    HypersegError
        If a survey, or what is shared of it, cannot be read.
    """

    def __init__(self, spec: JobSpec, digest: str, n_classes: int, order: Order) -> None:
        self._targets = {
            source.key: BlockTarget.open(source, digest, n_classes, order)
            for source in spec.surveys
            if source.prediction is not None
        }
        everything = [
            BlockTask(key, block)
            for key, target in self._targets.items()
            for block in target.blocks
        ]
        left = [one for one in everything if one.box not in self._targets[one.survey].done]
        waiting = [one for one in left if one.box not in self._targets[one.survey].to_fetch]
        self._waiting = deque(outwards(waiting, spec.view))
        self.total = sum(size(one.box) for one in everything)
        self.done = self.total - sum(size(one.box) for one in left)
        self.new = 0

    def __len__(self) -> int:
        """How many blocks wait."""
        return len(self._waiting)

    def take(self) -> BlockTask:
        """Remove and return the next block."""
        return self._waiting.popleft()

    def give_back(self, task: BlockTask) -> None:
        """Let a block that was lost be the next one."""
        self._waiting.appendleft(replace(task, lost=task.lost + 1))

    def look_at(self, view: View) -> None:
        """Let the blocks nearest to a section come first."""
        self._waiting = deque(outwards(self._waiting, view))

    def to_fetch(self) -> Iterator[tuple[BlockTask, Origin]]:
        """Blocks that were written elsewhere before this plan, and are not here yet."""
        for key, target in self._targets.items():
            for block, origin in target.to_fetch.items():
                yield BlockTask(key, block), origin

    def is_elsewhere(self, task: BlockTask) -> bool:
        """Whether a block is to be fetched once it is written."""
        return self._targets[task.survey].elsewhere is not None

    def fetch(self, task: BlockTask) -> None:
        """Copy a block to here; several threads may, each another one.

        Raises
        ------
        SharedFolderError, OSError
            If it cannot be read there, or not be written here.
        """
        self._targets[task.survey].fetch(task.box)

    def note(self, task: BlockTask, origin: Origin) -> None:
        """Note that a block is written, and here."""
        self._targets[task.survey].note(task.box, origin)
        self.done += size(task.box)
        self.new += size(task.box)

    def finish(self) -> None:
        """Say that all blocks are written."""
        for target in self._targets.values():
            target.finish()
