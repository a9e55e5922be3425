"""What is known of the models of a project, for a list of them; nothing is loaded.

Owns the figures.  Reads the card, the metrics and which predictions there are.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.jobs.in_training import is_in_training
from napari_hyperseg.learn.card import CARD, WEIGHTS
from napari_hyperseg.project.model_names import Naming, read_naming
from napari_hyperseg.project.predictions import prediction_models

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

_VALIDATION = b'"validation_finished"'
_TAIL = 2**22  # bytes: the last validation is within some ten thousand steps


@dataclass(frozen=True)
class ModelFacts:
    """One model of a project.

    Parameters
    ----------
    model : str
        Its ID.
    name : str
        What the interpreter calls it; may be empty.
    origin : str
        What its weights began with; may be empty.
    n_classes, steps : int
        0 where its card cannot be read.
    saved : datetime
        When its weights were written.
    accuracy, mean_iou : float or None
        On held-out labels, the last time they were looked at; None: never.
    surveys : tuple of str
        Keys of those that it has predicted.
    newest : bool
        Whether it is what is used where no model is named.
    in_training : bool
        Whether some process trains it now.
    """

    model: str
    name: str
    origin: str
    n_classes: int
    steps: int
    saved: datetime
    accuracy: float | None
    mean_iou: float | None
    surveys: tuple[str, ...]
    newest: bool
    in_training: bool

    @property
    def title(self) -> str:
        """The name, or the ID where it has none."""
        return self.name or self.model


def model_facts(project: Project) -> list[ModelFacts]:
    """Return what is known of every model of a project, newest last."""
    ids = project.model_ids()
    by_survey = {key: set(prediction_models(project, key)) for key in project.surveys}
    return [
        _facts(
            project.model_folder(model),
            tuple(key for key, models in by_survey.items() if model in models),
            newest=model == ids[-1],
        )
        for model in ids
    ]


def _facts(folder: Path, surveys: tuple[str, ...], *, newest: bool) -> ModelFacts:
    naming: Naming = read_naming(folder)
    n_classes, steps = _card(folder)
    accuracy, mean_iou = last_scores(folder)
    try:
        saved_s = (folder / WEIGHTS).stat().st_mtime
    except OSError:
        saved_s = 0.0
    return ModelFacts(
        folder.name,
        naming.name,
        naming.origin,
        n_classes,
        steps,
        datetime.fromtimestamp(saved_s).astimezone(),
        accuracy,
        mean_iou,
        surveys,
        newest,
        is_in_training(folder),
    )


def _card(folder: Path) -> tuple[int, int]:
    """Classes and steps."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
        return int(card["network"]["n_classes"]), int(card["step"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return 0, 0


def last_scores(folder: Path) -> tuple[float | None, float | None]:
    """Return accuracy and mean IoU of the last validation of a model; None before the first."""
    try:
        with (folder / METRICS).open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(0, end - _TAIL))
            lines = file.read().splitlines()
    except OSError:
        return None, None
    for line in reversed(lines):
        if _VALIDATION in line:
            return _scores(line)
    return None, None


def _scores(line: bytes) -> tuple[float | None, float | None]:
    try:
        scores: dict[str, Any] = json.loads(line)["scores"]
        accuracy, mean_iou = float(scores["pixel_accuracy"]), float(scores["mean_iou"])
    except (ValueError, LookupError, TypeError):  # cut off by a crash
        return None, None
    there = math.isfinite(accuracy) and math.isfinite(mean_iou)
    return (accuracy, mean_iou) if there else (None, None)
