"""Windows of a partly mapped area to learn from.

Knows nothing of networks.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from examples.aquifer.orientation import Augmentation

TRIES = 3  # windows drawn, of which the one with most labels is shown


class Windows:
    """Draws windows that hold labels, each class as often, in random orientations.

    Parameters
    ----------
    inputs : Tensor of float32, shape (channels, rows, columns)
    labels : Tensor of int64, shape (rows, columns)
        0 = unknown.
    side : int
        Of a window, in pixels; less where the area is smaller.
    augmentation : Augmentation
    seed : int
    jitter : float
        Standard deviation of the logarithm of the gain that each channel is given: no class
        should hang on the size of one anomaly.
    """

    def __init__(
        self, inputs: Tensor, labels: Tensor, side: int, augmentation: Augmentation, seed: int,
        jitter: float = 0.0,
    ) -> None:  # fmt: skip
        self.inputs, self.labels = inputs, labels
        self.orientations = augmentation.orientations
        self.shape = tuple(min(side, n) for n in labels.shape)
        self.jitter = jitter
        self._rng = np.random.default_rng(seed)
        codes = labels.cpu().numpy()
        self._known = codes > 0
        self._places = [np.argwhere(codes == code) for code in np.unique(codes[codes > 0])]

    def draw(self) -> tuple[Tensor, Tensor]:
        """Return channels (1, channels, side, side) and codes (1, side, side)."""
        places = self._places[self._rng.integers(len(self._places))]
        areas = [self._around(self._rng.choice(places)) for _ in range(TRIES)]
        rows, columns = max(areas, key=lambda area: int(self._known[area].sum()))
        way = self.orientations[self._rng.integers(len(self.orientations))]
        shown = way.apply(self.inputs[:, rows, columns] * self._gains())[None]
        return shown.contiguous(), way.apply(self.labels[rows, columns])[None]

    def _gains(self) -> Tensor:
        logarithms = self.jitter * self._rng.standard_normal((len(self.inputs), 1, 1))
        return torch.from_numpy(np.exp(logarithms)).to(self.inputs)

    def _around(self, place: NDArray) -> tuple[slice, slice]:
        starts = [
            int(np.clip(at - self._rng.integers(side), 0, n - side))
            for at, side, n in zip(place, self.shape, self.labels.shape, strict=True)
        ]
        rows, columns = (slice(a, a + side) for a, side in zip(starts, self.shape, strict=True))
        return rows, columns
