"""Half the resolution of a box of samples: means, or samples left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.survey import Volume


def means(finer: Volume, box: Box) -> NDArray[Any]:
    """Means of two by two by two samples; of what there is at the end of the volume."""
    fine = _twice(finer, box)
    total = fine if fine.dtype.kind == "f" else fine.astype(np.float32)
    for axis in range(3):
        total = _sums_of_pairs(total, axis)
    total /= 8
    return total if fine.dtype.kind == "f" else np.rint(total).astype(fine.dtype)


def every_other(finer: Volume, box: Box) -> NDArray[Any]:
    """Every other sample along each axis, the first among them: codes cannot be averaged."""
    return _twice(finer, box)[::2, ::2, ::2]


def _twice(finer: Volume, box: Box) -> NDArray[Any]:
    """The samples of a box of the coarser volume."""
    i, j, k = (
        slice(2 * start, min(2 * stop, n))
        for (start, stop), n in zip(box, finer.shape, strict=True)
    )
    return np.asarray(finer[i, j, k])


def _sums_of_pairs(values: NDArray[Any], axis: int) -> NDArray[Any]:
    """Sums of neighbours along an axis; an odd last one counts twice."""
    pairs = values.shape[axis] // 2
    along = np.moveaxis(values, axis, 0)
    sums = along[::2].copy()
    sums[:pairs] += along[1::2]
    sums[pairs:] *= 2
    return np.moveaxis(sums, 0, axis)
