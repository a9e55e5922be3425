"""The channels that the network sees: amplitude, and the two-way time where that is wanted.

New networks see amplitudes alone.  On generated cubes of which four lines were labelled, those
that were told the time, too, were worse by 0.02 (at an eighth of the amplitude's scale) to 0.06 of
mean IoU after three minutes: where a sample lies is what tracking knows better.

Times come in ms from the geometry, never as array indices, so a model carries over to a survey
with another start or sampling.  A single linear time channel is too blunt to tell thin layers
apart in a tall section, so the time is also given as sines and cosines, octave by octave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

AMPLITUDE_LIMIT = 2.0  # in clips: a spike says no more than a strong reflection


@dataclass(frozen=True)
class InputEncoding:
    """How amplitude and time become channels.

    Parameters
    ----------
    start_ms, stop_ms : float
        Times that map to -1 and 1; those of the surveys the model was trained on.
    octaves : int
        Number of sine and cosine pairs; the slowest spans the whole range with half a
        period, each further one oscillates twice as fast.
    times : bool
        Whether the network sees times at all.
    """

    start_ms: float
    stop_ms: float
    octaves: int = 3
    times: bool = True

    @property
    def n_channels(self) -> int:
        """Amplitude; time, and the sine and cosine of every octave."""
        return 1 + (1 + 2 * self.octaves if self.times else 0)

    def encode(
        self, amplitude: NDArray[np.float32], clip: float, times_ms: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Stack the channels of a block.

        Parameters
        ----------
        amplitude : ndarray of float32, shape (i, j, k)
        clip : float
            Amplitude that maps to 1.
        times_ms : ndarray, shape (k,)
            Two-way times of the block's samples (depths in m in a depth survey).

        Returns
        -------
        ndarray of float32, shape (n_channels, i, j, k)
        """
        channels = np.empty((self.n_channels, *amplitude.shape), np.float32)
        np.clip(amplitude / clip, -AMPLITUDE_LIMIT, AMPLITUDE_LIMIT, out=channels[0])
        if self.times:
            channels[1:] = self._time_channels(times_ms)[:, None, None, :]
        return channels

    def shifted(self, shift_ms: float) -> InputEncoding:
        """Return the encoding that takes every time for `shift_ms` earlier than it is."""
        return replace(self, start_ms=self.start_ms + shift_ms, stop_ms=self.stop_ms + shift_ms)

    def _time_channels(self, times_ms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (1 + 2 * octaves, k)."""
        t = 2 * (times_ms - self.start_ms) / (self.stop_ms - self.start_ms) - 1
        angles = [0.5 * np.pi * 2**octave * t for octave in range(self.octaves)]
        return np.stack([t, *(wave(angle) for angle in angles for wave in (np.sin, np.cos))])
