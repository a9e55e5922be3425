"""Batches of blocks around labels, augmented in ways that keep geology true.

Line directions may be flipped and exchanged, amplitudes scaled and their phase turned a little;
time is never flipped.  Where a network sees two-way times, they are off by a few samples, alike in
a whole block: layers are known by their times only so well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from napari_hyperseg.learn.augmentation import Arrays, turned, with_phase
from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.survey.geometry import Box

TIME_SHIFT_SAMPLES = 5.0  # at most, either way
AMPLITUDES = (0.8, 1.25)  # factors
PHASE_DEGREES = 15.0  # at most, either way


@dataclass(frozen=True)
class Batch:
    """Blocks of channels, and what is known of them.

    Parameters
    ----------
    channels : Tensor of float32, shape (batch, channels, i, j, k)
    limits : Tensor of int64, shape (batch, 2, i, j, k)
        Least and most rank of each voxel; 0 and 255 where nothing is known.
    weights : Tensor of float32, shape (batch, i, j, k)
        What each voxel is worth.
    """

    channels: Tensor
    limits: Tensor
    weights: Tensor

    def to(self, device: torch.device) -> Batch:
        """Copy to a device."""
        return Batch(self.channels.to(device), self.limits.to(device), self.weights.to(device))


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
        source = self._choose_survey()
        axis = int(self.random.choice(source.training_axes))
        traces = source.training_traces[source.training_axes == axis]
        exchange = self.exchanges and bool(self.random.random() < 0.5)
        blocks = [self._cut(source, self._place(source, traces, axis)) for _ in range(self.batch)]
        augmented = [self._augment(block, exchange) for block in blocks]
        channels, limits, weights = (
            torch.from_numpy(np.stack(parts)) for parts in zip(*augmented, strict=True)
        )
        return Batch(channels, limits.long(), weights)

    def _choose_survey(self) -> LabelledData:
        """In proportion to the labelled traces."""
        weights = np.array([len(source.training_traces) for source in self.labelled], float)
        return self.labelled[self.random.choice(len(weights), p=weights / weights.sum())]

    def _cut(self, source: LabelledData, box: Box) -> Arrays:
        """Channels, limits and weights of a box."""
        shift = TIME_SHIFT_SAMPLES * self.random.uniform(-1, 1)
        encoding = self.encoding.shifted(shift * source.data.geometry.sample_interval_ms)
        channels = source.data.block(box, encoding).channels
        return channels, source.training_limits(box), source.labels.weights(box)

    def _augment(self, arrays: Arrays, exchange: bool) -> Arrays:
        """Change amplitudes, the first of the channels, and turn all arrays."""
        random, amplitude = self.random, arrays[0][0]
        amplitude[:] = with_phase(amplitude, PHASE_DEGREES * random.uniform(-1, 1))
        amplitude *= random.uniform(*AMPLITUDES)
        return turned(arrays, (random.random(2) < 0.5).tolist(), exchange=exchange)

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
