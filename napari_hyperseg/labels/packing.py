"""Labels as a few bytes that travel: labelled traces alone, compressed, nothing executable."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies import FaciesLabels

SHAPE, TRACES, CODES = "shape", "traces", "codes"
_DAMAGED = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)


def pack_labels(labels: FaciesLabels) -> bytes:
    """Put the labelled traces of a survey into bytes."""
    holding = labels.traces()
    inlines = np.flatnonzero(holding.any(axis=1)).tolist()
    parts = [np.asarray(labels.codes[i])[holding[i]] for i in inlines]
    codes = np.concatenate([np.empty((0, labels.shape[2]), np.uint8), *parts])
    content = io.BytesIO()
    arrays = {SHAPE: np.array(labels.shape), TRACES: np.flatnonzero(holding), CODES: codes}
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def unpack_labels(content: bytes, path: Path) -> FaciesLabels:
    """Write packed labels into a file of their own, sparse where the file system can.

    Parameters
    ----------
    content : bytes
        As from `pack_labels`.
    path : Path
        A former file is replaced: who has it mapped goes on to see the former labels.

    Raises
    ------
    LabelError
        If these are no packed labels, or the file cannot be written.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            n_i, n_j, n_k = (int(extent) for extent in arrays[SHAPE])
            traces, codes = arrays[TRACES], arrays[CODES]
        i, j = np.unravel_index(traces, (n_i, n_j))
        if codes.shape != (len(traces), n_k) or codes.dtype != np.uint8:
            raise ValueError(f"codes of shape {codes.shape}")
    except _DAMAGED as error:
        raise LabelError(f"{path}: labels that came from elsewhere are damaged.") from error
    path.unlink(missing_ok=True)
    labels = FaciesLabels.create(path, (n_i, n_j, n_k))
    labels.codes[i, j] = codes
    labels.flush()
    return labels
