"""What a job that converts a survey is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from napari_hyperseg.jobs.messages import Message
from napari_hyperseg.jobs.survey_input import SurveyInput


class ConversionSpec(Message):
    """The job that copies a survey's samples to a form that is quick to cut in every direction.

    Parameters
    ----------
    survey : SurveyInput
        The survey; the copy goes to its ``volumes``.
    """

    kind: Literal["convert"] = "convert"
    survey: SurveyInput

    @property
    def volumes(self) -> Path:
        """Folder of the copy."""
        assert self.survey.volumes is not None
        return self.survey.volumes

    @property
    def log_folder(self) -> Path:
        """Where the worker's log goes."""
        return self.volumes

    @model_validator(mode="after")
    def _has_a_place(self) -> ConversionSpec:
        if self.survey.volumes is None:
            raise ValueError("a conversion needs a folder for the copy")
        return self
