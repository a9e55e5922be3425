"""How near tracked horizons are to the truth: errors in samples, shares of traces."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Row = dict[str, Any]

NEAR = 1.0  # sample


def of_surface(found: Samples, true: Samples, where: NDArray[np.bool_]) -> Row:
    """Score a surface where the truth is known and was not given.

    Errors are those of tracked traces, shares those of all; ``whole`` figures are those of
    positions rounded to whole samples, as interpretations often are.
    """
    asked = where & np.isfinite(true)
    found, true = found[asked], true[asked]
    tracked = np.isfinite(found)
    error = np.abs(found - true)
    whole = np.abs(np.rint(found) - true)
    return {
        "mean": float(error[tracked].mean()),
        "mean_whole": float(whole[tracked].mean()),
        "median": float(np.median(error[tracked])),
        "p95": float(np.percentile(error[tracked], 95)),
        "within_1": float((error <= NEAR).mean()),
        "within_1_whole": float((whole <= NEAR).mean()),
    }


def of_sections(found: list[Samples], true: list[Samples]) -> Row:
    """Score tracks along sections together, wherever the truth is known.

    ``within_1`` is a share of all traces, ``tracked`` too; ``of_tracked`` is the share of those
    tracked that lie within one sample.
    """
    errors = np.concatenate(
        [np.abs(f - t)[np.isfinite(t)] for f, t in zip(found, true, strict=True)]
    )
    tracked, right = np.isfinite(errors), errors <= NEAR
    return {
        "within_1": float(right.mean()),
        "tracked": float(tracked.mean()),
        "of_tracked": float(right.sum() / max(tracked.sum(), 1)),
    }


def reliability(confidence: Samples, right: NDArray[np.bool_]) -> list[Row]:
    """Compare confidence with the share that is right, tenth by tenth."""
    tenth = np.minimum((confidence * 10).astype(int), 9)
    rows = []
    for k in range(10):
        there = tenth == k
        if there.any():
            rows.append(
                {
                    "confidence": f"{k / 10:.1f} to {(k + 1) / 10:.1f}",
                    "traces": float(there.mean()),
                    "said": float(confidence[there].mean()),
                    "right": float(right[there].mean()),
                }
            )
    return rows


def calibration_error(confidence: Samples, right: NDArray[np.bool_]) -> float:
    """Mean distance of what is said from what is right over the tenths, each by its traces."""
    return sum(
        row["traces"] * abs(row["said"] - row["right"]) for row in reliability(confidence, right)
    )


def mean_row(rows: list[Row]) -> Row:
    """Mean of every figure that the rows share; seconds are added up."""
    figures = {
        name: [row[name] for row in rows] for name in rows[0] if name not in ("case", "horizon")
    }
    return {k: sum(v) if k == "seconds" else float(np.mean(v)) for k, v in figures.items()}
