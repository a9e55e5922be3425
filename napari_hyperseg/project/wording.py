"""What the window says about a session: pure functions from figures to short lines."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.learn.boxes import size
from napari_hyperseg.learn.origins import Origins
from napari_hyperseg.project.label_age import share_text
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.survey.geometry import Geometry

NO_SURVEY = "Drop a SEG-Y file on the window, or open the seismic cube of File > Open Sample."
READY_TO_LABEL = "Paint classes or pick horizons on a few lines, then press Train."
READY_TO_TRAIN = "Press Train, or label more lines first."
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
ONLY_LOOK = "Everything can be looked at here; nothing can be changed."


def message_text(session: Session) -> str:
    """Return the one line below the buttons; it is never empty."""
    if session.message:
        return session.message
    if session.phase is Phase.EMPTY:
        return NO_SURVEY
    if session.read_only:
        return ONLY_LOOK
    return READY_TO_TRAIN if session.enough_labels else READY_TO_LABEL


def progress_text(session: Session) -> str:
    """Return speed, step and prediction: "1.2 Mvoxel/s, step 12, predicted 25%".

    Empty before the first step, and of a job that failed: its message is what counts.
    """
    progress, parts = session.progress, []
    if session.phase is Phase.FAILED:
        return ""
    if progress.voxels_per_second > 0 and session.kind == "train":
        parts.append(f"{speed_text(progress.voxels_per_second)}, step {session.step}")
    if progress.predicted > 0:
        parts.append(f"predicted {progress.predicted:.0%}")
    return ", ".join(parts)


def age_text(session: Session) -> str:
    """Return how much of the prediction is older than the labels; empty where nothing is."""
    if not session.outdated:
        return ""
    remedy = "" if session.phase.running or session.read_only else ": Train brings it up to date"
    return f"{share_text(session.outdated)} predicted before labels changed{remedy}"


def bar_text(session: Session) -> str:
    """Return what the progress bar says: "40%, 2 min 05 s left"."""
    share = f"{session.progress.fraction:.0%}"
    left = session.progress.remaining_s
    if left is None or not session.phase.running:
        return share
    return f"{share}, {duration_text(left)} left"


def scores_text(session: Session) -> str:
    """Return the figures on held-out labels; empty before the first validation."""
    scores = session.last_scores
    if scores is None:
        return ""
    alone = _beside_tracking(session)
    error = scores.horizon_error
    horizons = "" if error is None else f", horizons {error:.1f} {scores.vertical_unit}"
    facies = f"accuracy {scores.pixel_accuracy:.1%}, mean IoU {scores.mean_iou:.2f}"
    return f"held out: {facies}{alone}{horizons}"


def _beside_tracking(session: Session) -> str:
    """Say what the network adds to what is tracked: " (as tracked)"; nothing is where none is."""
    tracked, balance = session.last_tracked, session.last_balance
    if tracked is None:
        return ""
    if balance == 0:
        return f" ({maker_text(balance)})"
    more = "" if balance is None else f", the network counts {balance:.0%}"
    return f" (tracking alone {tracked.mean_iou:.2f}{more})"


def maker_text(balance: float | None) -> str:
    """Say who made a prediction.

    Parameters
    ----------
    balance : float or None
        Share of the network, 0 to 1, beside what was tracked; None: nothing was.
    """
    if balance in (None, 1):
        return "by the network"
    if not balance:
        return "as tracked"
    return f"by the network ({balance:.0%}) and tracking ({1 - balance:.0%})"


def made_text(origins: Origins) -> str:
    """Say who made what of a prediction: "as tracked", "60% as tracked, 40% by the network"."""
    voxels: Counter[str] = Counter()
    for box, origin in origins:
        voxels[maker_text(origin.balance)] += size(box)
    if len(voxels) == 1:
        return next(iter(voxels))
    whole = voxels.total()
    return ", ".join(f"{share_text(n / whole)} {maker}" for maker, n in voxels.most_common())


def speed_text(voxels_per_second: float) -> str:
    """Return a speed with a readable prefix: "1.2 Mvoxel/s"."""
    for unit, prefix in _PREFIXES:
        if voxels_per_second >= unit:
            return f"{voxels_per_second / unit:.3g} {prefix}voxel/s"
    return f"{voxels_per_second:.3g} voxel/s"


def duration_text(seconds: float) -> str:
    """Return a duration as people say it: "45 s", "2 min 05 s", "1 h 10 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def count_text(voxels: int) -> str:
    """Return a number of voxels in three digits: "847", "12.3k", "1.20M"."""
    for unit, prefix in _PREFIXES:
        if voxels >= unit:
            return f"{voxels / unit:.3g}{prefix}"
    return str(voxels)


def extent_lines(geometry: Geometry) -> tuple[str, str, str]:
    """Return the extent of a survey: a line for inlines, crosslines and samples each."""
    last = geometry.time_at(geometry.n_samples - 1)
    return (
        _lines_text(geometry.inlines, geometry.inline_step),
        _lines_text(geometry.crosslines, geometry.crossline_step),
        f"{geometry.start_ms:g} - {last:g} {geometry.vertical_unit} "
        f"every {geometry.sample_interval_ms:g}",
    )


def _lines_text(numbers: NDArray[np.int64], step: int) -> str:
    every = f" every {step}" if abs(step) != 1 else ""
    return f"{numbers[0]} - {numbers[-1]}{every} ({len(numbers)})"


def rate_text(done: int, total: int, seconds: float) -> str:
    """Return how far the traces of a file are read: "2 of 9 traces, 1 per second, 7 s left"."""
    if not 0 < done < total:
        return "Working out the lines..." if done else "Opening the file..."
    rate = done / max(seconds, 1e-3)
    left = duration_text((total - done) / rate)
    return f"{done:,} of {total:,} traces, {rate:,.0f} per second, {left} left"
