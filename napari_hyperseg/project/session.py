"""What the window knows at one moment: a frozen value, and nothing that acts.

Owns the phases and the figures that panels show.  How one session follows from another is
in `transitions`; who carries out the consequences in `session_model`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from napari_hyperseg.jobs.events import Scores
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.labels.painted_lines import LabelledLine

LONGEST_HISTORY = 2000
Point = TypeVar("Point")


class Phase(Enum):
    """What is going on."""

    EMPTY = "empty"
    READY = "ready"
    TRAINING = "training"
    PREDICTING = "predicting"
    PAUSED = "paused"
    STOPPING = "stopping"
    FAILED = "failed"

    @property
    def running(self) -> bool:
        """Whether a worker is, or should be, alive."""
        return self in _RUNNING


_RUNNING = {Phase.TRAINING, Phase.PREDICTING, Phase.PAUSED, Phase.STOPPING}


class StepPoint(NamedTuple):
    """Loss and accuracy (0 to 1) of one training step."""

    step: int
    loss: float
    accuracy: float


class ScorePoint(NamedTuple):
    """Scores (0 to 1) on the held-out labels after a step."""

    step: int
    accuracy: float
    mean_iou: float


@dataclass(frozen=True)
class Progress:
    """How far the running job is.

    Parameters
    ----------
    fraction : float
        Share of the job's time or steps that is used up, 0 to 1.
    predicted : float
        Share of the survey that the current sweep has predicted, 0 to 1.
    voxels_per_second : float
        Speed of training; 0 before the first step.
    elapsed_s, remaining_s : float, float or None
        Time used, and the estimate of what is left; None: unknown.
    """

    fraction: float = 0.0
    predicted: float = 0.0
    voxels_per_second: float = 0.0
    elapsed_s: float = 0.0
    remaining_s: float | None = None


@dataclass(frozen=True)
class Session:
    """One moment of a window.

    Parameters
    ----------
    phase : Phase
        What is going on.
    folder : Path or None
        The open project.
    read_only : str
        Why this window may not change the project; empty: it may.
    survey : str or None
        Key of the survey that is shown.
    view : View or None
        The section on screen.
    n_classes : int
        Number of classes in the legend.
    labelled : tuple of (int, int) or None
        Voxels labelled of each facies code; None: not counted yet.
    lines : tuple of LabelledLine
        The lines that are painted or picked, as they are listed; none before `labelled` is counted.
    enough_besides : bool
        Whether labels of other surveys, or picks, are enough to train.
    parting : tuple of str
        Picked horizons that part the classes, from top to bottom, where no two are painted.
    outdated : float
        Share of the prediction on screen that is older than the labels, 0 to 1.
    kind : {"train", "predict"} or None
        The running or last job.
    model : str or None
        The model that Train continues; None: Train starts a new one.
    model_classes : int
        Number of classes that `model` tells apart.
    saved_model : str or None
        The model that Predict uses: the last one whose weights are on disk.
    device : str
        Where the job computes, as the worker names it; empty before it has started.
    step : int
        Training steps done.
    steps, scores : tuple of StepPoint, tuple of ScorePoint
        The curves, thinned to at most `LONGEST_HISTORY` points each.
    last_scores : Scores or None
        The latest figures on held-out labels.
    last_tracked : Scores or None
        Those of tracking alone; None where no boundaries are tracked.
    last_balance : float or None
        Share of the network in what counts beside what is tracked, 0 to 1.
    progress : Progress
        How far the job is.
    message : str
        One line for the user.
    """

    phase: Phase = Phase.EMPTY
    folder: Path | None = None
    read_only: str = ""
    survey: str | None = None
    view: View | None = None
    n_classes: int = 0
    labelled: tuple[tuple[int, int], ...] | None = None
    lines: tuple[LabelledLine, ...] = ()
    enough_besides: bool = False
    parting: tuple[str, ...] = ()
    outdated: float = 0.0
    kind: Literal["train", "predict"] | None = None
    model: str | None = None
    model_classes: int = 0
    saved_model: str | None = None
    device: str = ""
    step: int = 0
    steps: tuple[StepPoint, ...] = ()
    scores: tuple[ScorePoint, ...] = ()
    last_scores: Scores | None = None
    last_tracked: Scores | None = None
    last_balance: float | None = None
    progress: Progress = field(default_factory=Progress)
    message: str = ""

    @property
    def labelled_classes(self) -> int | None:
        """Number of classes with labels; None: not counted yet."""
        if self.labelled is None:
            return None
        return sum(voxels > 0 for _, voxels in self.labelled)

    @property
    def enough_labels(self) -> bool | None:
        """Whether there is enough to train on; None: not counted yet."""
        if self.labelled_classes is None:
            return None
        return self.enough_besides or self.labelled_classes > 1

    @property
    def continues(self) -> str | None:
        """The model that training goes on with: the last one, if it knows the same classes."""
        return self.model if self.model_classes == self.n_classes else None

    def advanced_by(self, **changes: float | None) -> Progress:
        """Return the progress with `changes`."""
        return replace(self.progress, **changes)  # type: ignore[arg-type]


def with_point(history: tuple[Point, ...], point: Point) -> tuple[Point, ...]:
    """Append a point to a curve; halve the resolution of what is old when it grows too long."""
    longer = (*history, point)
    return longer if len(longer) <= LONGEST_HISTORY else (*longer[:-1:2], point)
