"""Predicting blocks on a worker: model, surveys and stores, open as long as their job."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HypersegError, JobError, SharedFolderError
from napari_hyperseg.jobs.cluster.place import carried
from napari_hyperseg.jobs.predicting import open_prediction, predicted_pieces
from napari_hyperseg.jobs.sharing import shared_prediction
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.learn.boxes import extent, inside, moved, tiles
from napari_hyperseg.learn.data import slices
from napari_hyperseg.learn.device import choose_device, prepare_process
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.plan import prediction_voxels
from napari_hyperseg.learn.predictor import tile_shape
from napari_hyperseg.learn.shared_store import SharedPrediction
from napari_hyperseg.learn.store import BlockStore
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.lazy_volume import release

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """A block that was predicted and written; or why that cannot be."""

    origin: Origin | None = None
    warnings: tuple[str, ...] = ()
    refusal: str | None = None


def write_block(name: str, survey: str, block: Box) -> Written:
    """Predict a block of a job and write it.

    What the user should know comes back as a result: it is of no use to try again, but where a
    network may be the reason.
    """
    try:
        return Written(*carried(name).blocks().write(survey, block))
    except SharedFolderError:
        raise
    except HypersegError as error:
        logger.error("%s", error)
        return Written(refusal=str(error))


class BlockWork:
    """What is needed to predict blocks of a job.

    Parameters
    ----------
    spec : JobSpec
        Its stores are there.

    Raises
    ------
    HypersegError
        If an input cannot be used.
    """

    def __init__(self, spec: JobSpec) -> None:
        prepare_process(spec.threads)
        device = choose_device(spec.device)
        self._model, self._surveys = open_prediction(spec, device)
        self._voxels = prediction_voxels(self._model.net.config, device, live=False)
        self._stores = {
            survey.key: store
            for survey in spec.surveys
            if (store := _open_store(survey)) is not None
        }
        self._writing = threading.Lock()
        self._closed = False

    def write(self, key: str, block: Box) -> tuple[Origin, tuple[str, ...]]:
        """Predict a block and write it.

        Returns
        -------
        origin : Origin
        warnings : tuple of str

        Raises
        ------
        JobError
            If there is no memory for it, or the job was ended meanwhile.
        """
        survey, store, shape = self._surveys[key], self._stores[key], extent(block)
        values = [np.empty((*array.shape[:-3], *shape), np.uint8) for array in store.arrays]
        warnings: list[str] = []
        for box in self._boxes(block):
            self._check_open()
            pieces = predicted_pieces(self._model, survey, box, store.order, warnings.append)
            for piece, found in pieces:
                _put(values, slices(inside(piece, block)), found)
        release(survey.data.volume)
        origin = survey.origin(self._model)
        with self._writing:
            self._check_open()
            store.write(block, *values, origin=origin)
        return origin, tuple(warnings)

    def close(self) -> None:
        """Write nothing any more."""
        with self._writing:
            self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise JobError("The job was ended while a block of it was predicted.")

    def _boxes(self, block: Box) -> list[Box]:
        """Cut a block to what fits."""
        shape = extent(block)
        return [moved(cut, block) for cut in tiles(shape, tile_shape(shape, self._voxels))]


def _open_store(survey: SurveyInput) -> BlockStore | SharedPrediction | None:
    """What is filled of a survey; None: nothing."""
    shared = shared_prediction(survey)
    if shared is not None:
        return SharedPrediction.open(shared)
    return None if survey.prediction is None else BlockStore(survey.prediction)


def _put(
    values: list[NDArray[np.uint8]],
    place: tuple[slice, ...],
    found: tuple[NDArray[np.uint8], ...],
) -> None:
    i, j, k = place
    for value, part in zip(values, found, strict=True):
        value[..., i, j, k] = part
