"""Where the blocks of one survey go: a store here, and, if it is shared, one that workers see."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.jobs.cluster.blocks import block_shape, blocks_of
from napari_hyperseg.jobs.cluster.record import BlockRecord
from napari_hyperseg.jobs.inputs import open_source
from napari_hyperseg.jobs.sharing import read_shared, shared_prediction
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.labels.order import Order
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.shared_store import SharedPrediction
from napari_hyperseg.learn.store import PredictionStore
from napari_hyperseg.survey.geometry import Box

logger = logging.getLogger(__name__)


@dataclass
class BlockTarget:
    """The prediction of one survey.

    Parameters
    ----------
    blocks : list of Box
        All of them.
    store : PredictionStore
        Here.
    record : BlockRecord
        Of the blocks that are in it.
    elsewhere : SharedPrediction or None
        Where workers write it; None: into `store`.
    to_fetch : dict of Box to Origin
        Blocks that are elsewhere, and not here.
    """

    blocks: list[Box]
    store: PredictionStore
    record: BlockRecord
    elsewhere: SharedPrediction | None = None
    to_fetch: dict[Box, Origin] = field(default_factory=dict)

    @classmethod
    def open(cls, source: SurveyInput, digest: str, n_classes: int, order: Order) -> BlockTarget:
        """Open stores and record; what another job filled is filled anew.

        Raises
        ------
        HypersegError
            If the survey, or what is shared of it, cannot be read.
        """
        path, (fingerprint, shape) = source.prediction, _survey(source)
        assert path is not None
        job, files = f"{digest} {fingerprint}", block_shape(shape)
        store = PredictionStore.open_or_create(
            path,
            shape,
            n_classes,
            order=order,
            files=files,
            go_on=bool(BlockRecord(path, job).done),
        )
        # Read again: where the store had to be made anew, the record is gone with the former one.
        record = BlockRecord(path, job)
        record.begin()
        target = cls(blocks_of(shape), store, record)
        shared = shared_prediction(source)
        if shared is not None:
            target.elsewhere = SharedPrediction.open_or_create(
                shared, shape, n_classes, order=order, files=files, job=job
            )
            missing = [block for block in target.blocks if block not in record.done]
            target.to_fetch = target.elsewhere.written(missing)
        return target

    @property
    def done(self) -> set[Box]:
        """Blocks that are here."""
        return self.record.done

    def fetch(self, block: Box) -> None:
        """Copy a block from elsewhere to here.

        Raises
        ------
        SharedFolderError, OSError
            If it cannot be read there, or not be written here.
        """
        assert self.elsewhere is not None
        self.store.fill(block, *self.elsewhere.read(block))

    def note(self, block: Box, origin: Origin) -> None:
        """Note that a block is here."""
        self.store.note(block, origin)
        self.record.add(block)

    def finish(self) -> None:
        """Say that all blocks are here."""
        self.store.finish()
        self.record.close()
        if self.elsewhere is not None:
            try:
                self.elsewhere.finish()
            except SharedFolderError as error:  # the same job would fetch what it has here
                logger.warning("%s", error)


def _survey(source: SurveyInput) -> tuple[str, Shape]:
    """Fingerprint and shape of a survey."""
    if source.shared is not None:
        said = read_shared(source)
        return said.fingerprint, said.shape
    survey = open_source(source)
    return survey.source.fingerprint, survey.geometry.shape
