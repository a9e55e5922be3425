"""Normal faults of a synthetic earth.

Owns fault planes and throws, in samples over the (inline, crossline) grid.  A fault moves its
hanging wall, which lies above the fault plane ``f(x, y)``, down by its throw ``d(x, y)``.
With ``t`` after and ``t'`` before the event::

    t' = t - d  where t < f, else t          (samples, backwards)
    h  = max(h', min(h' + d, f))             (horizons, forwards)

Where the horizon is missing between the two walls it follows the fault plane, so horizons
stay single-valued and separate the layers exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Surface = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fault:
    """A dipping plane and how far its hanging wall moved down.

    Parameters
    ----------
    plane, throw : ndarray, shape (n_inlines, n_crosslines)
        In samples.
    """

    plane: Surface
    throw: Surface

    def undo(self, samples: NDArray[np.float64], row: int) -> NDArray[np.float64]:
        """Positions before the fault of positions (n_crosslines, n) on one inline."""
        moved = samples - self.throw[row][:, None]
        return np.where(samples < self.plane[row][:, None], moved, samples)

    def carry(self, horizon: Surface) -> Surface:
        """A horizon after the fault."""
        return np.maximum(horizon, np.minimum(horizon + self.throw, self.plane))


def make_faults(
    rng: np.random.Generator, shape: tuple[int, int, int], throw: float, apart: float = 25.0
) -> tuple[Fault, ...]:
    """Normal faults of two opposed dips, about so many crosslines apart; some die out."""
    n_crosslines = shape[1]
    count = max(2, round(n_crosslines / apart))
    places = (np.arange(count) + rng.uniform(0.25, 0.75, count)) / count * n_crosslines
    return tuple(
        _fault(rng, shape, place, throw * rng.uniform(0.5, 1.3))
        for place in rng.permutation(places)
    )


def _fault(
    rng: np.random.Generator, shape: tuple[int, int, int], place: float, throw: float
) -> Fault:
    """One fault whose trace crosses `place` on the middle inline at the middle sample."""
    n_inlines, n_crosslines, n_samples = shape
    x, y = np.arange(n_inlines)[:, None] - n_inlines / 2, np.arange(n_crosslines) - place
    strike = rng.uniform(-0.5, 0.5)  # radians off the inline axis
    along = np.cos(strike) * x + np.sin(strike) * y
    across = np.cos(strike) * y - np.sin(strike) * x + 2.0 * np.sin(along / 15 + strike)
    dip = rng.choice([-1, 1]) * rng.uniform(5.0, 10.0)  # samples per trace: about 60 degrees
    length = rng.uniform(0.6, 1.6) * n_inlines
    taper = np.sqrt(np.clip(1 - ((along - rng.uniform(-0.3, 0.3) * n_inlines) / length) ** 2, 0, 1))
    return Fault(plane=n_samples / 2 + dip * across, throw=throw * taper)
