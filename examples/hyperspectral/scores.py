"""Scores of change maps where the truth is known and no label was shown, and their table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examples.aquifer.scores import score
from examples.hyperspectral.scene import ClassMap, Scene

HEADS = ("accuracy", "class acc.", "mean IoU", "IoU of change")


@dataclass(frozen=True)
class ChangeScores:
    """Agreement of a map with the truth.

    Parameters
    ----------
    accuracy : float or None
        Share of pixels that agree; None if the map cannot tell all classes apart.
    class_accuracy : float or None
        Mean over the classes of the share of their pixels that agree.
    mean_iou : float or None
        Mean over the classes of intersection over union.
    change_iou : float
        Intersection over union of what changed, whatever the kind.
    pixels : int
        Number of pixels scored.
    """

    accuracy: float | None
    class_accuracy: float | None
    mean_iou: float | None
    change_iou: float
    pixels: int


def score_maps(
    scene: Scene, valid: NDArray[np.bool_], maps: Mapping[str, ClassMap], binary: Collection[str]
) -> dict[str, ChangeScores]:
    """Score maps; empty where there is no truth to score with.

    Parameters
    ----------
    scene : Scene
    valid : ndarray of bool, shape (rows, columns)
        Where there is a map.
    maps : mapping of str to ndarray of uint8, same shape
    binary : collection of str
        Names of maps that tell just change, whatever its kind.
    """
    if scene.truth is None or scene.labels is None:
        return {}
    where = valid & (scene.truth > 0) & (scene.labels == 0)
    if not where.any():
        return {}
    kinds = scene.n_classes > 2
    return {
        name: _score(scene, found, where, kinds and name in binary) for name, found in maps.items()
    }


def _score(
    scene: Scene, found: ClassMap, where: NDArray[np.bool_], only_change: bool
) -> ChangeScores:
    got = score(scene.truth, found, where, scene.n_classes)
    true, seen = scene.truth[where] > 1, found[where] > 1
    either = np.count_nonzero(true | seen)
    return ChangeScores(
        accuracy=None if only_change else got.pixel_accuracy,
        class_accuracy=None if only_change else got.class_accuracy,
        mean_iou=None if only_change else got.mean_iou,
        change_iou=float(np.count_nonzero(true & seen) / either) if either else 1.0,
        pixels=got.pixels,
    )


def table(scores: Mapping[str, ChangeScores]) -> str:
    """Lay scores out for a terminal, one method a line."""
    first = max(len(name) for name in scores)
    lines = ["  ".join([" " * first, *HEADS])]
    for name, got in scores.items():
        values = (got.accuracy, got.class_accuracy, got.mean_iou, got.change_iou)
        texts = ["-" if value is None else f"{value:.3f}" for value in values]
        cells = [f"{text:>{len(head)}}" for text, head in zip(texts, HEADS, strict=True)]
        lines.append("  ".join([f"{name:{first}}", *cells]))
    return "\n".join(lines)
