"""Batches of blocks around labels, augmented in ways that keep geology true.

Line directions may be flipped and exchanged, amplitudes scaled and their phase turned a little;
time is never flipped.  Where a network sees two-way times, they are off by a few samples, alike in
a whole block: layers are known by their times only so well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.rank_limits import RankLimits
from napari_hyperseg.learn.batch import Batch, batch_of
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.survey.geometry import Box

TIME_SHIFT_SAMPLES = 5.0  # at most, either way
AMPLITUDES = (0.8, 1.25)  # factors
PHASE_DEGREES = 15.0  # at most, either way


class Sampler:
    """Draws slabs along labelled lines.

    Parameters
    ----------
    labelled : sequence of LabelledData
    encoding : InputEncoding
    slab : tuple of int
        Extent of a block across a labelled line, along it, and in time.
    batch : int
        Blocks a batch.
    random : numpy.random.Generator
    exchanges : bool
        Whether inlines may become crosslines: the network takes both alike.
    """

    def __init__(
        self,
        labelled: Sequence[LabelledData],
        encoding: InputEncoding,
        slab: Shape,
        batch: int,
        random: np.random.Generator,
        *,
        exchanges: bool = True,
    ) -> None:
        self.labelled = labelled
        self.encoding = encoding
        self.slab = slab
        self.batch = batch
        self.random = random
        self.exchanges = exchanges

    def draw(self) -> Batch:
        """Draw one batch; its blocks have the same orientation and so the same shape."""
        return self.cut(self.plan())

    def plan(self) -> list[Draft]:
        """Draw where the blocks of a batch lie, and how they are changed."""
        source = self._choose_survey()
        axis = int(self.random.choice(source.training_axes))
        traces = source.training_traces[source.training_axes == axis]
        exchange = self.exchanges and bool(self.random.random() < 0.5)
        places = [(self._place(source, traces, axis), self._shift()) for _ in range(self.batch)]
        return [self._draft(source, box, shift, exchange) for box, shift in places]

    def cut(self, drafts: Sequence[Draft]) -> Batch:
        """Cut the blocks of a batch, and what training may know of them."""
        data = {source.data.key: source.data for source in self.labelled}
        known = [self.known(draft) for draft in drafts]
        return batch_of(drafts, known, data, self.encoding)

    def known(self, draft: Draft) -> tuple[RankLimits, NDArray[np.float32]]:
        """What training may know of a block, shape (2, i, j, k), and what its voxels are worth."""
        source = next(one for one in self.labelled if one.data.key == draft.survey)
        return source.training_limits(draft.box), source.labels.weights(draft.box)

    def _choose_survey(self) -> LabelledData:
        """In proportion to the labelled traces."""
        weights = np.array([len(source.training_traces) for source in self.labelled], float)
        return self.labelled[self.random.choice(len(weights), p=weights / weights.sum())]

    def _shift(self) -> float:
        """Of a block's times, in samples."""
        return TIME_SHIFT_SAMPLES * self.random.uniform(-1, 1)

    def _draft(self, source: LabelledData, box: Box, shift: float, exchange: bool) -> Draft:
        random = self.random
        return Draft(
            survey=source.data.key,
            box=box,
            shift_ms=shift * source.data.geometry.sample_interval_ms,
            phase=PHASE_DEGREES * random.uniform(-1, 1),
            factor=random.uniform(*AMPLITUDES),
            flips=(bool(random.random() < 0.5), bool(random.random() < 0.5)),
            exchange=exchange,
        )

    def _place(self, source: LabelledData, traces: NDArray[np.intp], axis: int) -> Box:
        """Put a block anywhere around one of the traces, along `axis`."""
        i, j = traces[self.random.integers(len(traces))]
        across, along, height = self.slab
        extent = source.data.shape
        widths = (along, across, height) if axis == 0 else (across, along, height)
        k = self._labelled_sample(source, i, j) if height < extent[2] else 0
        spans = [
            self._span(int(centre), width, length)
            for centre, width, length in zip((i, j, k), widths, extent, strict=True)
        ]
        return spans[0], spans[1], spans[2]

    def _labelled_sample(self, source: LabelledData, i: int, j: int) -> int:
        """Any labelled sample of the trace; any sample if the label was just erased."""
        least, _ = source.labels.of_traces(int(i), np.array([j]))
        samples = np.flatnonzero(least[0])
        return int(self.random.choice(samples if samples.size else least.size))

    def _span(self, centre: int, width: int, length: int) -> tuple[int, int]:
        width = min(width, length)
        start = centre - int(self.random.integers(width))
        start = min(max(start, 0), length - width)
        return start, start + width
