"""What the window says about a session: pure functions from figures to short lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.survey.geometry import Geometry

NO_SURVEY = "Drop a SEG-Y file on the window, or open the seismic cube of File > Open Sample."
READY_TO_LABEL = "Choose a class and paint it on a few lines, then press Train."
READY_TO_TRAIN = "Press Train, or label more lines first."


@dataclass(frozen=True)
class Controls:
    """Which buttons can be pressed, and what the two-faced one says."""

    train: bool = False
    pause: bool = False
    pause_text: str = "Pause"
    stop: bool = False
    minutes: bool = True


_CONTROLS = {
    Phase.EMPTY: Controls(minutes=False),
    Phase.READY: Controls(train=True),
    Phase.FAILED: Controls(train=True),
    Phase.TRAINING: Controls(pause=True, stop=True, minutes=False),
    Phase.PREDICTING: Controls(pause=True, stop=True, minutes=False),
    Phase.PAUSED: Controls(pause=True, pause_text="Resume", stop=True, minutes=False),
    Phase.STOPPING: Controls(minutes=False),
}


def controls(session: Session) -> Controls:
    """Return what can be pressed now."""
    return _CONTROLS[session.phase]


def message_text(session: Session) -> str:
    """Return the one line below the buttons; it is never empty."""
    if session.message:
        return session.message
    if session.phase is Phase.EMPTY:
        return NO_SURVEY
    return READY_TO_TRAIN if (session.labelled_classes or 0) >= 2 else READY_TO_LABEL


def progress_text(session: Session) -> str:
    """Return speed and estimate: "1.2 Mvoxel/s, 2 min 05 s left"; empty before the first step."""
    progress = session.progress
    parts = []
    if progress.voxels_per_second > 0 and session.kind == "train":
        parts.append(f"{speed_text(progress.voxels_per_second)}, step {session.step}")
    if session.phase.running and progress.remaining_s is not None:
        parts.append(f"{duration_text(progress.remaining_s)} left")
    return ", ".join(parts)


def prediction_text(session: Session) -> str:
    """Return how much of the survey is predicted in this sweep; empty before the first block."""
    share = session.progress.predicted
    return f"volume predicted: {share:.0%}" if share > 0 else ""


def scores_text(session: Session) -> str:
    """Return the figures on held-out labels; empty before the first validation."""
    scores = session.last_scores
    if scores is None:
        return ""
    return f"held out: accuracy {scores.pixel_accuracy:.1%}, mean IoU {scores.mean_iou:.2f}"


def speed_text(voxels_per_second: float) -> str:
    """Return a speed with a readable prefix: "1.2 Mvoxel/s"."""
    for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if voxels_per_second >= size:
            return f"{voxels_per_second / size:.3g} {prefix}voxel/s"
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
    for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if voxels >= size:
            return f"{voxels / size:.3g}{prefix}"
    return str(voxels)


def extent_lines(geometry: Geometry) -> tuple[str, str, str]:
    """Return the extent of a survey: a line for inlines, crosslines and samples each."""
    last = geometry.start_ms + (geometry.n_samples - 1) * geometry.sample_interval_ms
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
