"""The samples of a SEG-Y file as a lazy (inline, crossline, sample) array.

Owns the memory map of the trace blocks and where in it a sample is.  Knows nothing of what
the header fields mean.
"""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.lazy_volume import LazyVolume
from napari_hyperseg.survey.segy.formats import decode, decoded_dtype
from napari_hyperseg.survey.segy.layout import SegyLayout
from napari_hyperseg.survey.selection import expand


class SegyVolume(LazyVolume):
    """Read-only array over a SEG-Y file; reads what is asked for, when it is asked for.

    Positions without a trace read as zero.  Reading is thread-safe (there is no file
    position to share), and a pickled volume maps the file again where it is unpickled.

    Parameters
    ----------
    layout : SegyLayout
        Where the samples lie.
    trace_map : ndarray of int64, shape (n_inlines, n_crosslines)
        Trace number at every position; -1: none.
    shifts : ndarray of int32, shape (n_traces,), optional
        Samples by which each trace begins later than the volume; by default none does.
    n_samples : int, optional
        Of the volume; by default those of a trace.
    """

    def __init__(
        self,
        layout: SegyLayout,
        trace_map: NDArray[np.int64],
        shifts: NDArray[np.int32] | None = None,
        n_samples: int | None = None,
    ) -> None:
        self._layout = layout
        self._trace_map = trace_map
        self._shifts = shifts
        self._n_samples = n_samples or layout.n_samples
        self._traces = layout.map_traces()
        self._samples = self._traces["samples"]
        self._cube = None if shifts is not None else _as_cube(self._samples, trace_map)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._layout, self._trace_map, self._shifts, self._n_samples)

    def __repr__(self) -> str:
        return f"SegyVolume({self._layout.path.name!r}, shape={self.shape}, dtype={self.dtype})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        return *self._trace_map.shape, self._n_samples

    @property
    def dtype(self) -> np.dtype:
        """The native type that holds every sample of the file's format."""
        return decoded_dtype(self._layout.format_code)

    def __getitem__(self, key: Any) -> NDArray[Any]:
        i, j, k = expand(key)
        if self._cube is not None:
            return self._decode(self._cube[i, j, k])
        traces, samples, live = self._places(i, j, k)
        read = self._decode(self._samples[traces, samples])
        return read if np.all(live) else np.where(live, read, np.zeros((), read.dtype))

    def release(self) -> None:
        """Give back memory that holds pages of the file, where the system can be told so."""
        mapped = self._traces.base
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)

    def live(self, key: Any) -> NDArray[np.bool_]:
        """Where the file holds samples of what a key selects; broadcasts against it."""
        return self._places(*expand(key))[2]

    def _places(self, i: Any, j: Any, k: Any) -> tuple[Any, Any, NDArray[np.bool_]]:
        """Trace and sample in the file of what is selected, and whether they are there."""
        traces = self._trace_map[i, j]
        there = np.asarray(traces >= 0)
        traces = np.maximum(traces, 0)
        if self._shifts is None:
            return traces, k, there[..., None] if isinstance(k, slice) else there
        samples, shifts = np.arange(self._n_samples)[k], self._shifts[traces]
        if isinstance(k, slice):
            traces, shifts, there = (
                np.asarray(traces)[..., None],
                shifts[..., None],
                there[..., None],
            )
        samples = samples - shifts
        inside = (samples >= 0) & (samples < self._layout.n_samples)
        return traces, np.where(inside, samples, 0), there & inside

    def _decode(self, stored: NDArray[Any]) -> NDArray[Any]:
        return decode(stored, self._layout.format_code, self._layout.endian)


def _as_cube(samples: NDArray[Any], trace_map: NDArray[np.int64]) -> NDArray[Any] | None:
    """The samples as a cube of their own memory, where the traces lie line by line."""
    if len(samples) != trace_map.size:
        return None
    every = np.arange(trace_map.size)
    if np.array_equal(trace_map.ravel(), every):
        return samples.reshape(*trace_map.shape, -1)
    if np.array_equal(trace_map.T.ravel(), every):
        return samples.reshape(*trace_map.T.shape, -1).swapaxes(0, 1)
    return None
