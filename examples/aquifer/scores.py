"""Scores of a map where the truth is known and no label was shown, and the table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scores:
    """Agreement of a map with the truth.

    Parameters
    ----------
    pixel_accuracy : float
        Share of pixels that agree.
    class_accuracy : float
        Mean over the classes of the share of their pixels that agree.
    mean_iou : float
        Mean over the classes of intersection over union.
    iou : tuple of float
        Of each class; NaN where neither map nor truth has it.
    pixels : int
        Number of pixels scored.
    """

    pixel_accuracy: float
    class_accuracy: float
    mean_iou: float
    iou: tuple[float, ...]
    pixels: int


def score(
    truth: NDArray, prediction: NDArray, where: NDArray[np.bool_], n_classes: int
) -> Scores | None:
    """Compare a map with the truth; None where there is nothing to compare.

    Parameters
    ----------
    truth, prediction : ndarray of int, shape (rows, columns)
        Codes from 1; a truth above `n_classes` counts as missed.
    where : ndarray of bool, same shape
    n_classes : int
    """
    true, found = truth[where].astype(np.intp), prediction[where].astype(np.intp)
    if not true.size:
        return None
    true = np.minimum(true, n_classes + 1)
    pairs = np.bincount(true * (n_classes + 2) + found, minlength=(n_classes + 2) ** 2)
    confusion = pairs.reshape(n_classes + 2, n_classes + 2)[1:, 1:]
    hit, in_truth, in_map = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    union = in_truth + in_map - hit
    with np.errstate(invalid="ignore"):
        iou, recall = hit / union, hit / in_truth
    present = in_truth > 0
    return Scores(
        pixel_accuracy=float(hit.sum() / true.size),
        class_accuracy=float(recall[present].mean()),
        mean_iou=float(iou[present].mean()),
        iou=tuple(iou[:n_classes].tolist()),
        pixels=int(true.size),
    )


def table(scores: Mapping[str, Scores], class_names: tuple[str, ...]) -> str:
    """Lay scores out for a terminal, one method a line."""
    heads = ["pixel acc.", "class acc.", "mean IoU", *(f"IoU {name}" for name in class_names)]
    first = max(len(name) for name in scores)
    lines = ["  ".join([" " * first, *heads])]
    for name, got in scores.items():
        values = (got.pixel_accuracy, got.class_accuracy, got.mean_iou, *got.iou)
        cells = [f"{value:{len(head)}.3f}" for value, head in zip(values, heads, strict=True)]
        lines.append("  ".join([f"{name:{first}}", *cells]))
    return "\n".join(lines)
