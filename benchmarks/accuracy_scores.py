"""How good a prediction is on the traces that are not labelled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy_cases import Case, Mask, surfaces_of
from napari_hyperseg.learn.metrics import confusion, order_violations, scores_of

BINS = 15  # of confidence


def score(case: Case, labelled: Mask, codes: NDArray[np.uint8]) -> dict[str, Any]:
    """Compare facies with the truth; horizons in whole samples, as they are stored.

    Returns
    -------
    dict
        Mean IoU, pixel accuracy, mean error of the horizons in samples (mean over horizons of the
        mean over traces), share of the traces within one sample, share with broken order.
    """
    away = ~labelled & (case.truth[..., 0] > 0)
    truth = np.where(away[..., None], case.truth, 0)
    figures = scores_of(confusion(truth, codes, case.n_classes))
    true, found = case.surfaces[:, away], surfaces_of(codes, case.n_classes)[:, away]
    inside = (true > 0) & (true < codes.shape[2])
    errors = [abs(f - t)[i] for f, t, i in zip(found, true, inside, strict=True) if i.any()]
    return {
        "mean_iou": figures.mean_iou,
        "pixel_accuracy": figures.pixel_accuracy,
        "horizon_error": float(np.mean([error.mean() for error in errors])),
        "within_1": float(np.mean([(error <= 1).mean() for error in errors])),
        "order_violations": order_violations(codes[away]),
    }


def calibration_error(
    case: Case, labelled: Mask, codes: NDArray[np.uint8], confidence: NDArray[np.uint8]
) -> float:
    """Expected calibration error: mean distance of confidence (percent) and accuracy, by bins."""
    away = ~labelled & (case.truth[..., 0] > 0)
    sure = confidence[away].ravel() / 100
    right = (codes[away] == case.truth[away]).ravel()
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    voxels = np.bincount(bins, minlength=BINS)
    gaps = np.bincount(bins, sure, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gaps).sum() / voxels.sum())


def layered(surfaces: NDArray[np.floating], n_samples: int) -> NDArray[np.uint8]:
    """Facies between surfaces; each belongs to the sample nearest to it."""
    at = np.arange(n_samples)
    codes = np.ones((*surfaces.shape[1:], n_samples), np.uint8)
    for surface in surfaces:
        codes += at >= np.rint(surface)[..., None]
    return codes
