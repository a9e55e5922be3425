"""How far a recomputed state is from the real one, and what to do about it.

Inverting a layer undoes its rounding errors only up to others, and the errors grow with the
weights.  The backward pass ends with a reconstruction of the network's input, which is
known: their distance costs nothing to watch.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

import torch
from torch import Tensor

from napari_hyperseg.net.convolution import ROWS
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.subdomain import Subdomain

logger = logging.getLogger(__name__)

TOLERANCE = 1e-3  # relative error from which the mode is changed; gradients are as far off
UNUSABLE = 3e-2  # relative error of a pass whose gradients should not be used
_TINY = 1e-30


class Distance:
    """Sum of squared differences over sum of squares, gathered a few rows at a time.

    Parameters
    ----------
    least : float
        What the sum of squares counts for at least.
    """

    def __init__(self, least: float = 0.0) -> None:
        self._difference: Tensor | float = 0.0
        self._reference: Tensor | float = least

    def add_to_nothing(self, found: Tensor) -> None:
        """Compare a tensor with zeros."""
        values = found if found.is_floating_point() else found.to(torch.float32)
        self._difference = self._difference + values.square().sum()

    def add(self, found: Tensor, wanted: Tensor) -> None:
        """Compare two tensors of one shape, integers or not."""
        apart = found - wanted
        if not apart.is_floating_point():
            apart, wanted = apart.to(torch.float32), wanted.to(torch.float32)
        self._difference = self._difference + apart.square_().sum()
        self._reference = self._reference + wanted.square().sum()

    def over(self, subdomain: Subdomain | None) -> Distance:
        """Add what the other processes found in their rows; each then has the same."""
        if subdomain is not None:
            both = subdomain.total(self._difference, self._reference)
            self._difference, self._reference = both
        return self

    @property
    def relative(self) -> float:
        """Root of their ratio; infinite where it is not a number."""
        squared = float(self._difference) / max(float(self._reference), _TINY)
        return math.sqrt(squared) if math.isfinite(squared) else math.inf


def distance(found: Tensor, wanted: Tensor, subdomain: Subdomain | None = None) -> float:
    """Relative distance of two fields, without a third one as large."""
    result = Distance()
    for row in range(wanted.shape[ROWS]):
        result.add(found.narrow(ROWS, row, 1), wanted.narrow(ROWS, row, 1))
    return result.over(subdomain).relative


class DriftMonitor:
    """Watches the errors of backward passes and changes the mode before they matter.

    Parameters
    ----------
    mode : Mode
        To begin with.
    layers : int
        Of the chain.
    warn : callable, optional
        Told in one line what changes and why.

    Attributes
    ----------
    mode : Mode
        Of the next pass.
    error : float
        The largest relative error of the last backward pass; NaN before the first.
    """

    def __init__(
        self, mode: Mode, layers: int, warn: Callable[[str], None] = logger.warning
    ) -> None:
        self.mode = mode
        self.error = math.nan
        self.warn = warn
        self._layers = layers

    @property
    def usable(self) -> bool:
        """Whether the last gradients are good enough to be used."""
        return not self.error > UNUSABLE

    def settle(self, mode: Mode, error: float) -> None:
        """Take note of a backward pass, and change the mode if it was not accurate enough."""
        self.error = error
        bound = 0.0 if mode.kind == "exact" else TOLERANCE
        if error <= bound or mode != self.mode:
            return
        shorter = self._shorter()
        if shorter != self.mode:
            self.warn(
                f"Recomputed states are off by {error:.1e} (relative), {bound:.0e} is allowed: "
                f"from {self.mode} to {shorter}, which needs more memory."
            )
        self.mode = shorter

    def distrust(self, reason: str) -> None:
        """Give up recomputing without copies for a reason found beforehand."""
        shorter = self._shorter()
        self.warn(f"{reason}: from {self.mode} to {shorter}, which needs more memory.")
        self.mode = shorter

    def _shorter(self) -> Mode:
        interval = self.mode.interval or self._layers
        return Mode("checkpoint", max(1, math.ceil(interval / 2)))
