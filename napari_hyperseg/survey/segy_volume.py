"""The samples of a SEG-Y file as a lazy (inline, crossline, sample) array.

Owns the memory map of the trace blocks and the decoding of samples.  Knows nothing of what
the header fields mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from napari_hyperseg.survey.segy_formats import IBM_FLOAT32, decode_ibm, decoded_dtype
from napari_hyperseg.survey.segy_layout import SegyLayout


class SegyVolume:
    """Read-only array over a SEG-Y file; reads what is asked for, when it is asked for.

    Positions without a trace read as zero.  Reading is thread-safe (there is no file
    position to share), and a pickled volume maps the file again where it is unpickled.

    Parameters
    ----------
    layout : SegyLayout
        Where the samples lie.
    trace_map : ndarray of int64, shape (n_inlines, n_crosslines)
        Trace number at every position; -1: none.
    """

    ndim = 3

    def __init__(self, layout: SegyLayout, trace_map: NDArray[np.int64]) -> None:
        self._layout = layout
        self._trace_map = trace_map
        self._samples = layout.map_traces()["samples"]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._layout, self._trace_map)

    def __repr__(self) -> str:
        return f"SegyVolume({self._layout.path.name!r}, shape={self.shape}, dtype={self.dtype})"

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(n_inlines, n_crosslines, n_samples)."""
        return *self._trace_map.shape, self._layout.n_samples

    @property
    def size(self) -> int:
        """Number of samples, missing traces included."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def dtype(self) -> np.dtype:
        """float32 for files of floats, else the file's integer type, in native order."""
        return decoded_dtype(self._layout.format_code)

    @property
    def nbytes(self) -> int:
        """Bytes of the whole volume when it is loaded."""
        return self.size * self.dtype.itemsize

    def __getitem__(self, key: Any) -> NDArray[Any]:
        """Index as numpy does, with integers, slices and ``...``.

        Raises
        ------
        IndexError
            If an index is out of range or of another kind.
        """
        i, j, k = _expand(key)
        traces = self._trace_map[i, j]
        read = self._decode(self._samples[np.maximum(traces, 0), k])
        missing = traces < 0
        if np.any(missing):
            read = np.where(missing[..., None] if read.ndim > missing.ndim else missing, 0, read)
        with np.errstate(over="ignore", invalid="ignore"):  # float64 beyond float32: infinite
            return np.asarray(read, dtype=self.dtype)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("A SEG-Y volume lies on disk: an array of it is always a copy.")
        return np.asarray(self[:], dtype=dtype)

    def _decode(self, stored: NDArray[Any]) -> NDArray[Any]:
        if self._layout.format_code != IBM_FLOAT32:
            return stored
        return decode_ibm(np.asarray(stored, dtype=np.uint32))


def _expand(key: Any) -> tuple[Any, Any, Any]:
    keys = key if isinstance(key, tuple) else (key,)
    if Ellipsis in [part for part in keys if not isinstance(part, np.ndarray)]:
        at = keys.index(Ellipsis)
        keys = (*keys[:at], *[slice(None)] * (4 - len(keys)), *keys[at + 1 :])
    keys = (*keys, *[slice(None)] * (3 - len(keys)))
    if len(keys) > 3 or not all(isinstance(part, slice | int | np.integer) for part in keys):
        raise IndexError(f"Index a survey with integers and slices along 3 axes, not {key!r}.")
    return keys
