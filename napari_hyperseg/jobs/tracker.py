"""The process that tracks: ``python -m napari_hyperseg.jobs.tracker``; it loads no torch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from napari_hyperseg.jobs.commands import StopJob
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.events import Event, JobFinished, TrackingAdvanced
from napari_hyperseg.jobs.runner import Clock
from napari_hyperseg.jobs.serving import serve
from napari_hyperseg.jobs.tracking_spec import TrackingSpec
from napari_hyperseg.labels.tracking.volume import track_volume
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_grids import Grid, read_grid, write_grid
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey


def run_tracking(spec: TrackingSpec, emit: Callable[[Event], None], control: Control) -> None:
    """Track a horizon through a survey in this process; a job that is stopped writes nothing.

    Raises
    ------
    SurveyError
        If the survey cannot be read.
    ProjectError
        If the picks cannot be read, or the surface cannot be written.
    """
    clock, key = Clock(), spec.survey.key
    kept = Kept(spec.survey.volumes, key) if spec.survey.volumes is not None else None
    survey = open_survey(spec.survey.segy, spec.survey.reading, kept=kept)
    geometry = survey.geometry
    picks = read_grid(spec.folder / spec.PICKS, geometry.shape[:2])
    track = track_volume(
        survey.volume,
        geometry.sample_position(picks.astype(np.float64)),
        spec.options(),
        progress=lambda share: emit(TrackingAdvanced(survey=key, fraction=share)),
        wanted=lambda: not any(isinstance(command, StopJob) for command in control.poll()),
    )
    if track is None:
        emit(JobFinished(reason="stopped", elapsed_s=clock.elapsed_s()))
        return
    write_grid(spec.folder / spec.CONFIDENCE, track.confidence)
    write_grid(spec.folder / spec.SURFACE, _times(track.samples, geometry))
    emit(JobFinished(reason="done", elapsed_s=clock.elapsed_s()))


def _times(samples: np.ndarray, geometry: Geometry) -> Grid:
    times = geometry.time_at(samples)
    return np.where(geometry.live_mask, times, np.nan).astype(np.float32)


def main() -> int:
    """Serve one tracking over the standard streams; the exit status is 0 unless it failed."""
    return serve(TrackingSpec.model_validate_json, run_tracking)


if __name__ == "__main__":
    raise SystemExit(main())
