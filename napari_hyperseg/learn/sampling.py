"""Batches of blocks around labels, augmented in ways that keep geology true.

Line directions may be flipped and exchanged, amplitudes scaled; time is never flipped.  The
two-way times are off by a few samples, alike in a whole block: layers are known by their
times only so well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from napari_hyperseg.learn.boxes import Shape
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.survey.geometry import Box

TIME_SHIFT_SAMPLES = 5.0  # at most, either way


@dataclass(frozen=True)
class Batch:
    """Blocks of channels and their codes.

    Parameters
    ----------
    channels : Tensor of float32, shape (batch, channels, i, j, k)
    codes : Tensor of int64, shape (batch, i, j, k)
        0 = unlabelled.
    """

    channels: Tensor
    codes: Tensor

    def to(self, device: torch.device) -> Batch:
        """Copy to a device."""
        return Batch(self.channels.to(device), self.codes.to(device))


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
    """

    def __init__(
        self,
        labelled: Sequence[LabelledData],
        encoding: InputEncoding,
        slab: Shape,
        batch: int,
        random: np.random.Generator,
    ) -> None:
        self.labelled = labelled
        self.encoding = encoding
        self.slab = slab
        self.batch = batch
        self.random = random

    def draw(self) -> Batch:
        """Draw one batch; its blocks have the same orientation and so the same shape."""
        source = self._choose_survey()
        axis = int(self.random.choice(source.training_axes))
        traces = source.training_traces[source.training_axes == axis]
        exchange = bool(self.random.random() < 0.5)
        pairs = [
            self._augment(*self._cut(source, self._place(source, traces, axis)), exchange)
            for _ in range(self.batch)
        ]
        channels, codes = (np.stack(parts) for parts in zip(*pairs, strict=True))
        return Batch(torch.from_numpy(channels), torch.from_numpy(codes.astype(np.int64)))

    def _choose_survey(self) -> LabelledData:
        """In proportion to the labelled traces."""
        weights = np.array([len(source.training_traces) for source in self.labelled], float)
        return self.labelled[self.random.choice(len(weights), p=weights / weights.sum())]

    def _cut(self, source: LabelledData, box: Box) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        shift = TIME_SHIFT_SAMPLES * self.random.uniform(-1, 1)
        encoding = self.encoding.shifted(shift * source.data.geometry.sample_interval_ms)
        return source.data.channels(box, encoding), source.training_codes(box)

    def _augment(
        self, channels: NDArray[np.float32], codes: NDArray[np.uint8], exchange: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Scale the amplitude, flip and exchange the line directions."""
        channels[0] *= self.random.uniform(0.8, 1.25)
        for axis in (0, 1):
            if self.random.random() < 0.5:
                channels, codes = np.flip(channels, axis + 1), np.flip(codes, axis)
        if exchange:
            channels, codes = channels.swapaxes(1, 2), codes.swapaxes(0, 1)
        return channels, codes

    def _place(self, source: LabelledData, traces: NDArray[np.intp], axis: int) -> Box:
        """Put a block anywhere around one of the traces, along `axis`, within the survey."""
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
        codes = source.labels.codes[i, j]
        samples = np.flatnonzero((codes > 0) & (codes <= source.n_classes))
        return int(self.random.choice(samples if samples.size else len(codes)))

    def _span(self, centre: int, width: int, length: int) -> tuple[int, int]:
        width = min(width, length)
        start = centre - int(self.random.integers(width))
        start = min(max(start, 0), length - width)
        return start, start + width
