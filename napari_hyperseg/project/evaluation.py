"""How good a prediction is on the lines that carry no label.

Owns which traces are compared with which truth; the figures are `learn.metrics`'.  Works 64
inlines at a time, a prediction's chunk: it need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.facies_file import read_facies
from napari_hyperseg.labels.order import Order, order_of, ranks_of
from napari_hyperseg.labels.targets import (
    Grid,
    boundary_positions,
    facies_between,
    top_to_bottom,
)
from napari_hyperseg.learn.metrics import (
    FaciesScores,
    HorizonScores,
    broken_order,
    confusion,
    horizon_errors,
    scores_of,
)
from napari_hyperseg.project.row_blocks import row_blocks
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file

if TYPE_CHECKING:
    from napari_hyperseg.project.predictions import Prediction
    from napari_hyperseg.survey.geometry import Geometry


@dataclass(frozen=True)
class Truth:
    """What a prediction is compared with.

    Parameters
    ----------
    codes : ndarray of uint8, shape of the survey
        Facies; 0 = not known.
    horizons : mapping of str to ndarray, shape (n_inlines, n_crosslines)
        Two-way times in ms of the boundaries between classes, from top to bottom.
    order : tuple of int
        The classes' codes from top to bottom; empty: as they are numbered.
    """

    codes: NDArray[np.uint8]
    horizons: Mapping[str, Grid]
    order: Order = ()

    @classmethod
    def of(
        cls,
        facies: NDArray[np.uint8] | None,
        horizons: Mapping[str, Grid],
        geometry: Geometry,
        order: Order = (),
    ) -> Truth:
        """Sort the horizons, and take the intervals between them where no facies are given.

        Parameters
        ----------
        facies : ndarray of uint8, shape of the survey, or None
        horizons : mapping of str to ndarray, shape (n_inlines, n_crosslines)
        geometry : Geometry
        order : tuple of int
            The legend's codes, from top to bottom.

        Raises
        ------
        LabelError
            If the horizons cross, or there is neither a horizon nor facies.
        """
        if facies is None and not horizons:
            raise LabelError("Nothing to compare with: give --facies or --horizon.")
        ordered = {name: horizons[name] for name in top_to_bottom(horizons)} if horizons else {}
        if facies is None:
            intervals = order_of(order, len(ordered) + 1)
            facies = facies_between(list(ordered.values()), geometry, intervals)
        return cls(facies, ordered, order)

    @classmethod
    def read(
        cls, facies: Path | None, horizons: Mapping[str, Path], geometry: Geometry, order: Order
    ) -> Truth:
        """Read the files of a truth; see `of`.

        Raises
        ------
        HypersegError
            If a file cannot be read or does not fit the survey; as `of` does.
        """
        return cls.of(
            read_facies(facies, geometry) if facies is not None else None,
            {name: read_horizon_file(file, geometry).values for name, file in horizons.items()},
            geometry,
            order,
        )


@dataclass(frozen=True)
class Evaluation:
    """The figures of a prediction.

    Parameters
    ----------
    facies : FaciesScores
        Over the compared voxels.
    order_violations : float
        Share of the compared traces in which the classes' order is broken.
    traces : int
        How many traces were compared.
    predicted : float
        Share of the compared voxels that have a prediction; the others count as wrong.
    horizons : mapping of str to HorizonScores
        From top to bottom.
    """

    facies: FaciesScores
    order_violations: float
    traces: int
    predicted: float
    horizons: Mapping[str, HorizonScores]

    def to_json(self) -> dict[str, Any]:
        """Return what ``hyperseg evaluate --json`` prints."""
        facies = self.facies.to_json()
        overall = ("pixel_accuracy", "class_accuracy", "mean_iou", "fw_iou")
        return {name: facies[name] for name in overall} | {
            "order_violations": self.order_violations,
            "traces": self.traces,
            "horizons": {name: scores.to_json() for name, scores in self.horizons.items()},
        }


def evaluate(
    prediction: Prediction, truth: Truth, traces: NDArray[np.bool_], geometry: Geometry
) -> Evaluation:
    """Compare a prediction with the truth.

    Parameters
    ----------
    prediction : Prediction
        What the model says.
    truth : Truth
        What is known.
    traces : ndarray of bool, shape (n_inlines, n_crosslines)
        Where to compare; see `labels.lines.unlabelled_traces`.
    geometry : Geometry
        The survey's.

    Raises
    ------
    LabelError
        If the horizons do not delimit the prediction's classes, or no trace has a truth.
    """
    _check_boundaries(prediction, truth)
    n_classes = max(prediction.n_classes, int(truth.codes.max(initial=0)))
    ranks = ranks_of(order_of(truth.order, n_classes))
    counts = np.zeros((n_classes + 1, n_classes + 1), dtype=np.int64)
    compared, broken = np.zeros_like(traces), np.zeros_like(traces)
    found = {name: np.full(traces.shape, np.nan) for name in truth.horizons}
    for rows in row_blocks(len(traces)):
        codes = np.asarray(prediction.facies[rows])
        true = np.where(traces[rows, :, None], truth.codes[rows], 0)
        counts += sum(map(confusion, true, codes, repeat(n_classes)))
        ranked = ranks[codes]
        compared[rows], broken[rows] = true.any(axis=2), broken_order(ranked)
        for upper, positions in enumerate(found.values(), start=1):
            positions[rows] = boundary_positions(ranked, upper)
    if not compared.any():
        raise LabelError("No trace outside the labelled lines has a truth to compare with.")
    return Evaluation(
        facies=scores_of(counts),
        order_violations=float(broken[compared].mean()),
        traces=int(compared.sum()),
        predicted=float(counts[:, 1:].sum() / counts.sum()),
        horizons={
            name: _horizon_scores(truth.horizons[name], found[name], traces, geometry)
            for name in truth.horizons
        },
    )


def _check_boundaries(prediction: Prediction, truth: Truth) -> None:
    intervals = len(truth.horizons) + 1
    if truth.horizons and intervals != prediction.n_classes:
        raise LabelError(
            f"{len(truth.horizons)} horizons make {intervals} intervals, but the prediction has "
            f"{prediction.n_classes} classes. Give the horizons that the labels were made from."
        )


def _horizon_scores(
    twt_ms: Grid, found: Grid, traces: NDArray[np.bool_], geometry: Geometry
) -> HorizonScores:
    position = geometry.sample_position(twt_ms)
    return horizon_errors(position[traces], found[traces], geometry.sample_interval_ms)
