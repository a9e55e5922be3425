"""How near tracked horizons are to the truth: errors in samples, shares of traces."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Row = dict[str, Any]

NEAR = 1.0  # sample
RIGHT = 1.5  # samples: within one, the truth being known to a whole one


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


def of_sections(found: list[Samples], true: list[Samples], events: list[Samples]) -> Row:
    """Score tracks along sections together, wherever the truth is known.

    ``within_1`` is the share of all traces that lie within one sample of the truth, ``on_event``
    of the event nearest to it; ``right`` is the latter as a share of those ``tracked``.
    """
    asked = np.isfinite(np.concatenate(true))
    at = np.concatenate(found)[asked]
    tracked = np.isfinite(at)
    near, same = (np.abs(at - np.concatenate(t)[asked]) <= NEAR for t in (true, events))
    return {
        "within_1": float(near.mean()),
        "on_event": float(same.mean()),
        "tracked": float(tracked.mean()),
        "right": float(same.sum() / max(tracked.sum(), 1)),
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
