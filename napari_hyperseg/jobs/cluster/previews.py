"""What a worker predicts while it trains comes into the stores here, box by box."""

from __future__ import annotations

import logging

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.jobs.events import BlockPredicted, Event, JobWarned
from napari_hyperseg.jobs.sharing import read_shared, sent_boxes
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.learn.origins import Origin
from napari_hyperseg.learn.sent_boxes import SentBoxes
from napari_hyperseg.learn.store import PredictionStore

logger = logging.getLogger(__name__)


class Previews:
    """The predictions of surveys that are shared, in a training; others need no fetching.

    Parameters
    ----------
    spec : JobSpec

    Raises
    ------
    HypersegError
        If a prediction cannot be opened.
    """

    def __init__(self, spec: JobSpec) -> None:
        self._stores: dict[str, PredictionStore] = {}
        self._sent: dict[str, SentBoxes] = {}
        self._warned = False
        for source in spec.surveys if spec.live else ():
            folder = sent_boxes(source)
            if folder is not None and source.prediction is not None:
                self._sent[source.key] = SentBoxes(folder)
                self._stores[source.key] = PredictionStore.open_or_create(
                    source.prediction, read_shared(source).shape, spec.n_classes
                )

    def take_in(self, event: BlockPredicted) -> Event | None:
        """Fetch the box of an event.

        Returns
        -------
        Event or None
            What is to be told: the event, if the box is here; once, that one could not be
            fetched; None: nothing, for a newer one of the same box follows.
        """
        if event.survey not in self._sent:
            return event
        origin = Origin(event.step, event.revision, event.balance)
        try:
            values = self._sent[event.survey].read(event.box, origin)
            if values is not None:
                self._stores[event.survey].write(event.box, *values, origin=origin)
        except (SharedFolderError, OSError) as error:
            logger.warning("%s", error)
            return self._warning(error)
        return None if values is None else event

    def close(self) -> None:
        """Remove what was sent."""
        for sent in self._sent.values():
            try:
                sent.clear()
            except SharedFolderError as error:
                logger.warning("%s", error)

    def _warning(self, error: Exception) -> JobWarned | None:
        if self._warned:
            return None
        self._warned = True
        return JobWarned(message=f"{error} Training goes on; its prediction here may lag behind.")
