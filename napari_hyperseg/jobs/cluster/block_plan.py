"""The blocks of a prediction that are left, and what is noted of those that are written."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from napari_hyperseg.jobs.cluster.blocks import block_shape, blocks_of
from napari_hyperseg.jobs.cluster.record import BlockRecord
from napari_hyperseg.jobs.inputs import open_source
from napari_hyperseg.jobs.spec import JobSpec, SurveyInput, View
from napari_hyperseg.jobs.sweep import Task, outwards
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.boxes import Shape, size
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.store import PredictionStore


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
    SurveyError
        If a SEG-Y file cannot be read.
    """

    def __init__(self, spec: JobSpec, digest: str, n_classes: int, order: Order) -> None:
        self._stores: dict[str, PredictionStore] = {}
        self._records: dict[str, BlockRecord] = {}
        everything: list[BlockTask] = []
        for source in spec.surveys:
            if source.prediction is not None:
                shape = self._open(source, digest, n_classes, order)
                everything += [BlockTask(source.key, block) for block in blocks_of(shape)]
        left = [one for one in everything if one.box not in self._records[one.survey].done]
        self._waiting = deque(outwards(left, spec.view))
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

    def note(self, task: BlockTask, origin: Origin) -> None:
        """Note that a block is written."""
        self._stores[task.survey].note(task.box, origin)
        self._records[task.survey].add(task.box)
        self.done += size(task.box)
        self.new += size(task.box)

    def finish(self) -> None:
        """Say that all blocks are written."""
        for store in self._stores.values():
            store.finish()
        for record in self._records.values():
            record.close()

    def _open(self, source: SurveyInput, digest: str, n_classes: int, order: Order) -> Shape:
        """Open a store and its record; what another job filled is filled anew."""
        path, survey = source.prediction, open_source(source)
        assert path is not None
        job, shape = f"{digest} {survey.source.fingerprint}", survey.geometry.shape
        self._stores[source.key] = PredictionStore.open_or_create(
            path,
            shape,
            n_classes,
            order=order,
            files=block_shape(shape),
            go_on=bool(BlockRecord(path, job).done),
        )
        # Read again: where the store had to be made anew, the record is gone with the former one.
        self._records[source.key] = record = BlockRecord(path, job)
        record.begin()
        return shape
