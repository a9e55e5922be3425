"""MONAI's BasicUNet, trained on the same labels for as long, then slid over the volume.

It gets what ours gets: amplitudes in clips, weighted cross-entropy on labelled samples alone,
blocks around labels, flips and exchange of the line directions, amplitude changes; the depth as
a second channel, if wanted.  Blocks have whole traces: its instance normalisation takes the mean
of a channel away, and with it how deep a shorter block lies.  Their samples lie along the first
axis, as oneDNN is slow at long rows.  Adam, with half a cosine.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from benchmarks.accuracy_cases import Case, Mask
from napari_hyperseg.learn.loss import class_weights

FEATURES = (16, 16, 32, 64, 128, 16)  # 1.4 million parameters; ours has 0.9
LEARNING_RATE = 1e-3
UNIT = 16  # four halvings
WIDE, NARROW = 2 * UNIT, UNIT  # traces of a block along either direction; blocks of
LONG = 256  # samples and more are narrow, and a step takes one of them instead of two
OVERLAP = 0.25
Codes = NDArray[np.uint8]


class UNet:
    """A BasicUNet that learns one case.

    Parameters
    ----------
    case : Case
    labelled : ndarray of bool, shape (n_inlines, n_crosslines)
    depth : bool
        Whether it is told how deep a sample is.
    seed : int
    """

    def __init__(self, case: Case, labelled: Mask, *, depth: bool, seed: int) -> None:
        from monai.networks.nets import BasicUNet

        torch.manual_seed(seed)
        self._random = np.random.default_rng(seed)
        self._channels = _channels(case.volume, depth)
        known = labelled & (case.truth[..., 0] > 0)
        self._codes = np.where(known[..., None], case.truth, 0)
        self._traces = np.argwhere(known)
        self._height = UNIT * (case.volume.shape[2] // UNIT)
        self._width, self._batch = (NARROW, 1) if self._height >= LONG else (WIDE, 2)
        counts = np.bincount(self._codes.ravel(), minlength=case.n_classes + 1)
        self._weights = class_weights(counts)
        self.net = BasicUNet(3, len(self._channels), case.n_classes, FEATURES, norm="instance")

    def train(self, minutes: float, snapshots: tuple[float, ...]) -> Iterator[tuple[float, Codes]]:
        """Train, and tell what is predicted after some minutes, and at the end.

        Predictions do not count as time.
        """
        optimiser = torch.optim.Adam(self.net.parameters(), LEARNING_RATE)
        spent, waiting = 0.0, sorted({s for s in snapshots if s < minutes} | {minutes})
        while waiting:
            began = time.perf_counter()
            share = min(1.0, spent / (60 * minutes))
            for group in optimiser.param_groups:
                group["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * share))
            self._step(optimiser)
            spent += time.perf_counter() - began
            while waiting and spent >= 60 * waiting[0]:
                yield waiting.pop(0), self.predict()

    @torch.no_grad()
    def predict(self) -> Codes:
        """Slide over the volume."""
        from monai.inferers import sliding_window_inference

        self.net.eval()
        size = (self._height, 2 * self._width, 2 * self._width)
        inputs = _samples_first(torch.from_numpy(self._channels)[None])
        logits = sliding_window_inference(inputs, size, 1, self.net, OVERLAP, mode="gaussian")
        self.net.train()
        return (logits[0].argmax(dim=0) + 1).byte().movedim(0, -1).numpy()

    def _step(self, optimiser: torch.optim.Optimizer) -> None:
        blocks = [self._block() for _ in range(self._batch)]
        channels, codes = (torch.from_numpy(np.stack(parts)) for parts in zip(*blocks, strict=True))
        loss = self._loss(self.net(_samples_first(channels)), _samples_first(codes).long())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    def _loss(self, logits: Tensor, codes: Tensor) -> Tensor:
        known = codes > 0
        return cross_entropy(logits.movedim(1, -1)[known], codes[known] - 1, self._weights)

    def _block(self) -> tuple[NDArray[np.float32], Codes]:
        """A block somewhere around a labelled trace, turned in ways that keep time."""
        random = self._random
        i, j = self._traces[random.integers(len(self._traces))]
        widths = (self._width, self._width, self._height)
        centres = (i, j, random.integers(self._codes.shape[2]))
        cut = tuple(
            self._span(int(centre), width, extent)
            for centre, width, extent in zip(centres, widths, self._codes.shape, strict=True)
        )
        channels, codes = self._channels[(slice(None), *cut)].copy(), self._codes[cut]
        channels[0] *= random.uniform(0.8, 1.25)
        for axis in (-3, -2):
            if random.random() < 0.5:
                channels, codes = np.flip(channels, axis), np.flip(codes, axis)
        if random.random() < 0.5 and channels.shape[-3] == channels.shape[-2]:
            channels, codes = channels.swapaxes(-3, -2), codes.swapaxes(-3, -2)
        return np.ascontiguousarray(channels), np.ascontiguousarray(codes)

    def _span(self, centre: int, width: int, extent: int) -> slice:
        width = min(width, UNIT * (extent // UNIT))
        start = min(max(centre - int(self._random.integers(width)), 0), extent - width)
        return slice(start, start + width)


def _samples_first(blocks: Tensor) -> Tensor:
    """Turn (..., inline, crossline, sample) to (..., sample, inline, crossline)."""
    return blocks.movedim(-1, -3).contiguous()


def _channels(volume: NDArray[np.float32], depth: bool) -> NDArray[np.float32]:
    clip = float(np.percentile(np.abs(volume), 99))
    channels = [np.clip(volume / clip, -2, 2)]
    if depth:
        channels.append(np.broadcast_to(np.linspace(-1, 1, volume.shape[2]), volume.shape))
    return np.stack(channels).astype(np.float32)
