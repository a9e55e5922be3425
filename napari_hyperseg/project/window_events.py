"""What happens in a window, and what is to be done about it.

Events are past tense and come from the user, the layers or the launcher; the worker's own
events are in `jobs.events`.  Effects are imperative; `session_model` carries them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from napari_hyperseg.jobs.commands import Command
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.labels.painted_lines import LabelledLine


@dataclass(frozen=True)
class ProjectOpened:
    """A survey of a project is on screen; `model` is the newest, with so many classes.

    `read_only` says why this window may not change the project; empty: it may.
    """

    folder: Path
    survey: str
    n_classes: int
    model: str | None = None
    model_classes: int = 0
    read_only: str = ""


@dataclass(frozen=True)
class ProjectClosed:
    """No survey is on screen any more, or the window closes."""


@dataclass(frozen=True)
class LegendChanged:
    """Classes were added or removed; names, colours and order do not concern the session."""

    n_classes: int


@dataclass(frozen=True)
class LabelsCounted:
    """The labels of the opened survey were counted; none was changed.

    `enough_besides` says whether other surveys' labels, or picks, are enough to train; `parting`
    names the picked horizons that part the classes, where no two are painted.
    """

    labelled: tuple[tuple[int, int], ...]
    lines: tuple[LabelledLine, ...] = ()
    enough_besides: bool = False
    parting: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelsChanged:
    """Labels or picks were drawn or taken back, are on disk and counted.

    `revision` is the number of one at which they were, or still are.
    """

    survey: str
    counted: LabelsCounted
    revision: int | None = None


@dataclass(frozen=True)
class PredictionAged:
    """Another share of the prediction on screen, 0 to 1, is older than the labels."""

    outdated: float


@dataclass(frozen=True)
class ViewMoved:
    """Another section is on screen."""

    view: View


@dataclass(frozen=True)
class TrainingRequested:
    """Train was pressed, or a model was chosen to go on with, or to begin a new one with."""

    minutes: float
    model: str | None = None
    begin_with: str | None = None


@dataclass(frozen=True)
class PredictionRequested:
    """Predict was pressed; without a model, the last one predicts."""

    model: str | None = None


@dataclass(frozen=True)
class PauseRequested:
    """Pause was pressed."""


@dataclass(frozen=True)
class ResumeRequested:
    """Resume was pressed."""


@dataclass(frozen=True)
class StopRequested:
    """Stop was pressed."""


@dataclass(frozen=True)
class ModelRemoved:
    """A model is gone; `newest` of those that are left has so many classes."""

    model: str
    newest: str | None = None
    newest_classes: int = 0


@dataclass(frozen=True)
class JobLaunched:
    """The worker process runs on this model."""

    model: str


@dataclass(frozen=True)
class LaunchFailed:
    """No worker could be started."""

    message: str


WindowEvent = (
    ProjectOpened
    | ProjectClosed
    | LegendChanged
    | LabelsChanged
    | LabelsCounted
    | PredictionAged
    | ViewMoved
    | TrainingRequested
    | PredictionRequested
    | PauseRequested
    | ResumeRequested
    | StopRequested
    | ModelRemoved
    | JobLaunched
    | LaunchFailed
)
SessionEvent = WindowEvent | Event


@dataclass(frozen=True)
class LaunchTraining:
    """Start a worker that trains; `model` None: a new one, with the weights of another or none."""

    minutes: float
    model: str | None
    view: View | None
    begin_with: str | None = None


@dataclass(frozen=True)
class LaunchPrediction:
    """Start a worker that predicts a survey, the section on screen first."""

    model: str
    survey: str | None
    view: View | None = None


@dataclass(frozen=True)
class SendCommand:
    """Pass a command on to the worker."""

    command: Command


@dataclass(frozen=True)
class CloseWorker:
    """Let go of the worker: it saves and ends."""


Effect = LaunchTraining | LaunchPrediction | SendCommand | CloseWorker
