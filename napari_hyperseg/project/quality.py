"""What the held-out figures of a training say, class by class and boundary by boundary.

Turns scores into rows with names and colours, for window and report alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.jobs.events import BoundaryScores, Scores
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.order import Order, order_of
from napari_hyperseg.project.entries import SurveyEntry

NOT_LAYERED = "These classes do not lie one below the other, so there are no boundaries to measure."
NOT_MEASURED = "This model was trained by an earlier version, which did not measure this."
NO_SCORES = (
    "There are no held-out figures yet: they come while a model trains, where enough is labelled "
    "to hold some of it out."
)

CONFUSION_SAYS = (
    "Rows: what labels say; columns: what is predicted there. Each row adds up to 100%."
)


@dataclass(frozen=True)
class ClassFigures:
    """One class on held-out labels.

    Parameters
    ----------
    code : int
    name, color : str
    voxels : int
        Held-out ones of this class.
    iou, recall : float or None
        None where none is held out.
    """

    code: int
    name: str
    color: str
    voxels: int
    iou: float | None
    recall: float | None


def class_figures(scores: Scores, legend: Legend) -> list[ClassFigures]:
    """Return the classes from top to bottom; a class the legend does not have is grey."""
    rows = []
    for code in order_of(legend.codes, len(scores.iou)):
        counts = scores.confusion[code - 1] if scores.confusion else (0,) * code
        voxels = sum(counts)
        recall = counts[code - 1] / voxels if voxels else None
        name, color = class_look(legend, code)
        rows.append(ClassFigures(code, name, color, voxels, scores.iou[code - 1], recall))
    return rows


def class_look(legend: Legend, code: int) -> tuple[str, str]:
    """Return name and colour of a code, also of one that the legend does not have."""
    if code in legend.codes:
        return legend[code].name, legend.color_of(code)
    return f"Class {code}", "#808080"


def confusion_shares(scores: Scores, order: Order) -> NDArray[np.float64]:
    """Return the share of each true class (rows) that is predicted as each class.

    Returns
    -------
    ndarray of float, shape (n_classes, n_classes)
        Both from top to bottom; NaN in the rows of classes that are not held out; empty where
        nothing was counted.
    """
    if not scores.confusion:
        return np.empty((0, 0))
    places = np.array(order_of(order, len(scores.confusion))) - 1
    matrix = np.asarray(scores.confusion, dtype=np.float64)[np.ix_(places, places)]
    totals = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, totals, out=np.full_like(matrix, np.nan), where=totals > 0)


def named_boundaries(
    scores: Scores, legend: Legend, names: Mapping[tuple[int, int], str]
) -> list[tuple[str, BoundaryScores]]:
    """Return the boundaries from top to bottom, with their names.

    Parameters
    ----------
    scores : Scores
    legend : Legend
    names : mapping of (int, int) to str
        Of the boundary between two codes; others are called as their classes.
    """
    pairs = ((one.above, one.below) for one in scores.horizons)
    found = [boundary_name(pair, legend, names) for pair in pairs]
    return list(zip(found, scores.horizons, strict=True))


def boundary_name(
    pair: tuple[int, int], legend: Legend, names: Mapping[tuple[int, int], str]
) -> str:
    """Return the name of the boundary between two codes: its own, or that of its classes."""
    above, below = (class_look(legend, code)[0] for code in pair)
    return names.get(pair) or f"{above} - {below}"


def horizon_names(entry: SurveyEntry) -> dict[tuple[int, int], str]:
    """Return the horizons that labels were made from, by the codes of the classes beside them."""
    return dict(zip(pairwise(entry.delimited), entry.boundaries, strict=False))


def why_no_boundaries(scores: Scores | None) -> str:
    """Say why there are no errors of boundaries; empty if there are."""
    if scores is None:
        return NO_SCORES
    if scores.horizons:
        return ""
    return NOT_MEASURED if scores.reliability is None else NOT_LAYERED


def held_out_text(scores: Scores | None, step: int) -> str:
    """Return what the figures were taken on."""
    if scores is None:
        return NO_SCORES
    traces = f" on {scores.traces:,} traces" if scores.traces else ""
    return (
        f"After step {step:,}: {scores.voxels:,} labelled voxels{traces} that training does not "
        f"see. Accuracy {scores.pixel_accuracy:.1%}, mean IoU {scores.mean_iou:.3f}."
    )


def order_text(scores: Scores) -> str:
    """Return how many traces are out of order; empty where that means nothing."""
    share = scores.order_violations
    if share is None:
        return ""
    return f"Classes are out of order on {share:.1%} of {scores.traces:,} held-out traces."


def boundary_columns(unit: str) -> tuple[str, ...]:
    """Return the titles of `boundary_row`."""
    return (
        "boundary",
        f"error {unit or '-'}",
        "samples",
        "within 1",
        "within 3",
        "traces",
        "found",
    )


def boundary_row(name: str, one: BoundaryScores) -> tuple[str, ...]:
    """Return a boundary's errors as texts."""
    errors = (plain(one.mae_ms, 1), plain(one.mae_samples, 2))
    within = (percent(one.within_1), percent(one.within_3))
    return (name, *errors, *within, f"{one.traces:,}", percent(one.coverage))


def calibration_text(scores: Scores) -> str:
    """Return how far confidence is from what comes true."""
    if scores.calibration_error is None:
        return NO_SCORES
    return (
        f"Expected calibration error {scores.calibration_error:.3f}: so far, on average, is the "
        "confidence from the share that is right. Above the diagonal it is right more often "
        "than it says, below less often; large dots stand for many voxels."
    )


def cell_colors(share: float) -> tuple[str, str]:
    """Return background and ink of a cell of the confusion matrix: white for none, blue for all."""
    if not np.isfinite(share):
        return "#ffffff", "#000000"
    parts = (round(255 + share * (part - 255)) for part in (0, 114, 178))
    return "#{:02x}{:02x}{:02x}".format(*parts), "#ffffff" if share > 0.5 else "#000000"


def percent(value: float | None) -> str:
    """Return a share in per cent, or a dash."""
    return "-" if value is None or not np.isfinite(value) else f"{value:.1%}"


def plain(value: float | None, digits: int = 3) -> str:
    """Return a figure, or a dash."""
    return "-" if value is None or not np.isfinite(value) else f"{value:.{digits}f}"
