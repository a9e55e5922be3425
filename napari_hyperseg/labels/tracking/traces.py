"""Reading a volume lane by lane: bounded pieces, as float32, in the direction of tracking.

A lane is a line of traces that a horizon is followed along; the lanes of a volume are its
inlines or its crosslines, a section is one lane.  Owns reading and what is kept of it.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]

AHEAD = 96  # traces read at a time where a horizon is followed
MARGIN = 48  # samples read above and below what is asked for
LARGEST = 1 << 26  # values read at a time: 256 MB


class Volume(Protocol):
    """What is tracked in; numpy arrays and the volumes of surveys are such."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n_inlines, n_crosslines, n_samples)."""

    def __getitem__(self, key: Any, /) -> Any:
        """Read what integers and slices select."""


class Lanes:
    """A volume seen in one direction of tracking.

    Parameters
    ----------
    volume : Volume
        Shape (n_inlines, n_crosslines, n_samples).
    along : {0, 1}
        Axis along which a lane runs: 1 makes every inline a lane, 0 every crossline.
    backwards : bool
        Whether traces are counted from the other end.
    """

    def __init__(self, volume: Volume, along: int = 1, *, backwards: bool = False) -> None:
        self.volume, self.along, self._backwards = volume, along, backwards
        self.n_lanes, self.n_traces = volume.shape[1 - along], volume.shape[along]
        self.n_samples = volume.shape[2]
        self._from = (0, 0)  # first trace and first sample of what is kept
        self._lanes = range(0)
        self._kept: Block = np.empty((0, 0, 0), np.float32)

    def windows(
        self,
        lanes: NDArray[np.intp],
        traces: NDArray[np.intp],
        centres: NDArray[np.intp],
        half: int,
    ) -> Block:
        """Cut windows out of traces.

        Parameters
        ----------
        lanes : ndarray of int, shape (a,)
        traces, centres : ndarray of int, shape (a, b)
            Positions along the lanes and along the traces.
        half : int
            Samples on either side of each centre.

        Returns
        -------
        ndarray of float32, shape (a, b, 2 * half + 1)
            Zero where a sample is not finite; beyond the ends of a trace, its last sample.
        """
        self._hold(lanes, traces, centres, half)
        index = centres[..., None] + np.arange(-half, half + 1)
        np.clip(index, 0, self.n_samples - 1, out=index)
        index -= self._from[1]
        lane, trace = (
            (lanes - self._lanes.start)[:, None, None],
            (traces - self._from[0])[..., None],
        )
        return self._kept[lane, trace, index]

    def _hold(
        self,
        lanes: NDArray[np.intp],
        traces: NDArray[np.intp],
        centres: NDArray[np.intp],
        half: int,
    ) -> None:
        """Read what is needed and a little more, unless it is there."""
        top = max(min(int(centres.min()) - half, self.n_samples - 1), 0)
        base = min(max(int(centres.max()) + half + 1, 1), self.n_samples)
        begin, end = int(traces.min()), int(traces.max()) + 1
        first, last = int(lanes.min()), int(lanes.max()) + 1
        n_traces, n_samples = self._kept.shape[1:]
        if (
            self._lanes.start <= first
            and last <= self._lanes.stop
            and self._from[0] <= begin
            and end <= self._from[0] + n_traces
            and self._from[1] <= top
            and base <= self._from[1] + n_samples
        ):
            return
        k = slice(max(top - MARGIN, 0), min(base + MARGIN, self.n_samples))
        room = LARGEST // ((last - first) * (k.stop - k.start)) if last > first else 0
        t = slice(begin, min(max(end, min(begin + AHEAD, begin + room)), self.n_traces))
        self._kept = self.read(slice(first, last), t, k)
        self._from, self._lanes = (begin, k.start), range(first, last)

    def read(self, lanes: slice, traces: slice, samples: slice) -> Block:
        """Read a block, shape (lanes, traces, samples); zero where a sample is not finite."""
        if self._backwards:
            traces = slice(self.n_traces - traces.stop, self.n_traces - traces.start)
        key = (lanes, traces, samples) if self.along == 1 else (traces, lanes, samples)
        with np.errstate(over="ignore", invalid="ignore"):  # float64 beyond float32
            block = np.asarray(self.volume[key]).astype(np.float32)
        if not np.isfinite(block.sum()):
            np.nan_to_num(block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        block = block if self.along == 1 else block.swapaxes(0, 1)
        return block[:, ::-1] if self._backwards else block
