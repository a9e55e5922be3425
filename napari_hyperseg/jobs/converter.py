"""The process that converts: ``python -m napari_hyperseg.jobs.converter``; it loads no torch."""

from __future__ import annotations

from collections.abc import Callable

from napari_hyperseg.jobs.commands import StopJob
from napari_hyperseg.jobs.control import Control
from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.events import ConversionAdvanced, Event, JobFinished
from napari_hyperseg.jobs.runner import Clock
from napari_hyperseg.jobs.serving import serve
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore


def run_conversion(spec: ConversionSpec, emit: Callable[[Event], None], control: Control) -> None:
    """Convert a survey in this process, going on where a former conversion ended.

    Raises
    ------
    SurveyError
        If the survey cannot be read, or its copy cannot be written.
    """
    clock, key = Clock(), spec.survey.key
    kept = Kept(spec.volumes, key)
    survey = open_survey(spec.survey.segy, spec.survey.reading, kept=kept)
    store = VolumeStore.of(kept.volume, survey.volume, survey.source)
    complete = convert(
        survey.volume,
        store,
        progress=lambda share: emit(
            ConversionAdvanced(survey=key, fraction=share, megabytes=store.megabytes)
        ),
        wanted=lambda: not any(isinstance(command, StopJob) for command in control.poll()),
    )
    emit(JobFinished(reason="done" if complete else "stopped", elapsed_s=clock.elapsed_s()))


def main() -> int:
    """Serve one conversion over the standard streams; the exit status is 0 unless it failed."""
    return serve(ConversionSpec.model_validate_json, run_conversion)


if __name__ == "__main__":
    raise SystemExit(main())
