"""What a job that tracks a horizon through a survey is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import ClassVar, Literal

from napari_hyperseg.jobs.messages import Message
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions


class TrackingSpec(Message):
    """The job that tracks a horizon through a survey, from picks in a file.

    Parameters
    ----------
    survey : SurveyInput
        The survey.
    folder : Path
        Where the picks are, and where surface and confidence go.
    event, window, search, jump_cost, threshold, snap_window, reach
        As `labels.tracking.options.TrackingOptions` says.
    """

    PICKS: ClassVar[str] = "picks.npy"
    SURFACE: ClassVar[str] = "surface.npy"
    CONFIDENCE: ClassVar[str] = "confidence.npy"

    kind: Literal["track"] = "track"
    survey: SurveyInput
    folder: Path
    event: Literal["peak", "trough", "rising", "falling", "none"]
    window: int
    search: int
    jump_cost: float
    threshold: float
    snap_window: float
    reach: int | None

    @property
    def log_folder(self) -> Path:
        """Where the worker's log goes."""
        return self.folder

    @classmethod
    def of(cls, survey: SurveyInput, folder: Path, options: TrackingOptions) -> TrackingSpec:
        """Say these options."""
        said = {field.name: getattr(options, field.name) for field in fields(options)}
        return cls(survey=survey, folder=folder, **said | {"event": options.event.value})

    def options(self) -> TrackingOptions:
        """Return them again.

        Raises
        ------
        LabelError
            If one makes no sense.
        """
        said = {field.name: getattr(self, field.name) for field in fields(TrackingOptions)}
        return TrackingOptions(**said | {"event": Event(self.event)})
