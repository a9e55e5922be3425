"""The figures a prediction is judged by: facies, stratigraphic order, horizons.

Owns the definitions, so that training, the command line and the benchmarks cannot differ.
Knows numpy only: no torch, no files, no survey.  Codes are the facies codes of the labels,
from 1; 0 is "unlabelled" in a truth and "not predicted" in a prediction.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class FaciesScores:
    """Facies figures over labelled voxels.

    Parameters
    ----------
    pixel_accuracy : float
        Share of voxels with the right code.
    class_accuracy : float
        Mean over the classes present in the truth of their share of right voxels (recall).
    mean_iou : float
        Mean intersection over union of the classes present in the truth.
    fw_iou : float
        Intersection over union weighted by each class's share of the truth.
    iou : tuple of float or None
        One entry per class; None for a class absent from the truth.
    voxels : int
        Number of labelled voxels.

    Notes
    -----
    Definitions 8 to 11 of Alaudah et al., "A machine-learning benchmark for facies
    classification", Interpretation 7(3), 2019.  With no labelled voxel every figure is NaN.
    """

    pixel_accuracy: float
    class_accuracy: float
    mean_iou: float
    fw_iou: float
    iou: tuple[float | None, ...]
    voxels: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain numbers, ``None`` in place of NaN."""
        return {name: _finite_or_none(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class HorizonScores:
    """How far a predicted horizon is from the true one.

    Parameters
    ----------
    mae_samples, mae_ms : float
        Mean absolute error over the traces where both exist; NaN where none does.
    within_1, within_3 : float
        Share of those traces with an error of at most 1 and 3 samples.
    coverage : float
        Share of the true horizon's traces on which the prediction exists.
    """

    mae_samples: float
    mae_ms: float
    within_1: float
    within_3: float
    coverage: float

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain numbers, ``None`` in place of NaN."""
        return {name: _finite_or_none(value) for name, value in asdict(self).items()}


def confusion(truth: ArrayLike, prediction: ArrayLike, n_classes: int) -> NDArray[np.int64]:
    """Count labelled voxels by true and predicted code.

    Counts add up: sum the matrices of parts to score the whole.

    Parameters
    ----------
    truth, prediction : array of int, same shape
        Facies codes; voxels whose truth is 0 are left out.
    n_classes : int
        Codes run from 1 to `n_classes`.

    Returns
    -------
    ndarray of int64, shape (n_classes + 1, n_classes + 1)
        ``[t, p]``: voxels of true code t predicted as p.  Row 0 is empty; column 0 counts
        labelled voxels without a prediction, which are errors.

    Raises
    ------
    ValueError
        If the shapes differ or a code is beyond `n_classes`.
    """
    true, predicted = np.asarray(truth), np.asarray(prediction)
    if true.shape != predicted.shape:
        raise ValueError(f"truth has shape {true.shape}, the prediction {predicted.shape}.")
    labelled = true != 0
    true, predicted = true[labelled].astype(np.int64), predicted[labelled].astype(np.int64)
    size = n_classes + 1
    if true.size and max(true.max(), predicted.max()) > n_classes:
        raise ValueError(f"A facies code is larger than the number of classes, {n_classes}.")
    return np.bincount(true * size + predicted, minlength=size * size).reshape(size, size)


def scores_of(matrix: NDArray[np.integer]) -> FaciesScores:
    """Turn the counts of `confusion` into figures.

    Parameters
    ----------
    matrix : ndarray of int, shape (n_classes + 1, n_classes + 1)
        True code by predicted code, as `confusion` returns it.
    """
    counts = np.asarray(matrix, dtype=np.float64)[1:]
    hits = np.diagonal(counts, offset=1)
    true, predicted = counts.sum(axis=1), counts.sum(axis=0)[1:]
    present = true > 0
    if not present.any():
        nothing = (None,) * len(true)
        return FaciesScores(np.nan, np.nan, np.nan, np.nan, nothing, 0)
    iou = hits[present] / (true + predicted - hits)[present]
    share = true[present] / true.sum()
    by_class = iter(iou.tolist())
    return FaciesScores(
        pixel_accuracy=float(hits.sum() / true.sum()),
        class_accuracy=float(np.mean(hits[present] / true[present])),
        mean_iou=float(np.mean(iou)),
        fw_iou=float(np.sum(share * iou)),
        iou=tuple(next(by_class) if there else None for there in present),
        voxels=int(true.sum()),
    )


def broken_order(ranks: ArrayLike) -> NDArray[np.bool_]:
    """Say which traces have classes whose ranks do not increase downwards.

    Parameters
    ----------
    ranks : array of int, shape (..., n_samples)
        Classes numbered from top to bottom, see `labels.order.ranks_of`; 0 is passed over.

    Returns
    -------
    ndarray of bool, shape (...)
    """
    trace = np.asarray(ranks)
    deepest = np.maximum.accumulate(trace, axis=-1)
    return np.asarray(((trace > 0) & (trace < deepest)).any(axis=-1))


def order_violations(ranks: ArrayLike) -> float:
    """Return the share of traces in which stratigraphic order is broken.

    Parameters
    ----------
    ranks : array of int, shape (..., n_samples)
        As in `broken_order`.

    Returns
    -------
    float
        Broken traces over traces that hold any class; 0 where none does.
    """
    holding = np.asarray(ranks).any(axis=-1).sum()
    return float(broken_order(ranks).sum() / holding) if holding else 0.0


def horizon_errors(
    truth: ArrayLike, prediction: ArrayLike, sample_interval_ms: float
) -> HorizonScores:
    """Compare two horizons given as sample positions.

    Parameters
    ----------
    truth, prediction : array of float, same shape
        Fractional sample index on each trace; NaN where the horizon is absent.
    sample_interval_ms : float
        Milliseconds per sample.
    """
    true = np.asarray(truth, dtype=np.float64)
    error = np.abs(np.asarray(prediction, dtype=np.float64) - true)
    wanted, error = np.isfinite(true).sum(), error[np.isfinite(error)]
    coverage = float(error.size / wanted) if wanted else np.nan
    if not error.size:
        return HorizonScores(np.nan, np.nan, np.nan, np.nan, coverage)
    mae_samples = float(error.mean())
    return HorizonScores(
        mae_samples=mae_samples,
        mae_ms=mae_samples * sample_interval_ms,
        within_1=float(np.mean(error <= 1)),
        within_3=float(np.mean(error <= 3)),
        coverage=coverage,
    )


def _finite_or_none(value: Any) -> Any:
    """JSON knows no NaN."""
    return None if isinstance(value, float) and not np.isfinite(value) else value
