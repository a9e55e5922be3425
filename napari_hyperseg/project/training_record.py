"""What a training wrote down of itself: its curves, its last held-out figures, its time.

Reads ``metrics.jsonl`` of a model, whose lines are events; needs no torch.  Lines that cannot be
read, such as one that is being written, are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from napari_hyperseg.jobs.events import (
    Event,
    JobStarted,
    Scores,
    StepFinished,
    ValidationFinished,
    parse_event,
)
from napari_hyperseg.project.session import LONGEST_HISTORY, Point, ScorePoint, StepPoint

_SCORED = b'"event":"validation_finished"'


@dataclass(frozen=True)
class TrainingRecord:
    """A training as its file tells it.

    Parameters
    ----------
    steps, scores : tuple of StepPoint, tuple of ScorePoint
        The curves, thinned to at most `LONGEST_HISTORY` points each.
    step : int
        Steps done.
    seconds : float
        Time taken by all runs.
    device : str
        Where the last run computed; empty if that is not told.
    last_scores, last_tracked : Scores or None
        The latest figures on held-out labels, and those of tracking alone.
    last_balance : float or None
        Share of the network that counted then, beside what was tracked.
    scored_step : int
        When they were taken.
    """

    steps: tuple[StepPoint, ...] = ()
    scores: tuple[ScorePoint, ...] = ()
    step: int = 0
    seconds: float = 0.0
    device: str = ""
    last_scores: Scores | None = None
    last_tracked: Scores | None = None
    last_balance: float | None = None
    scored_step: int = 0


class RecordReader:
    """Reads the file of one training; again and again while it grows.

    Parameters
    ----------
    path : Path
        It need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._forget()

    def read(self) -> TrainingRecord:
        """Take in what was added since, and return everything.

        Raises
        ------
        OSError
            If the file is there and cannot be read.
        """
        for event in self._added():
            self._take(event)
        last = self._last
        return TrainingRecord(
            steps=tuple(self._steps),
            scores=tuple(self._scores),
            step=self._steps[-1].step if self._steps else 0,
            seconds=self._before_s + self._elapsed_s,
            device=self._device,
            last_scores=last.scores if last else None,
            last_tracked=last.tracked if last else None,
            last_balance=last.balance if last else None,
            scored_step=last.step if last else 0,
        )

    def _forget(self) -> None:
        self._offset = 0
        self._steps: list[StepPoint] = []
        self._scores: list[ScorePoint] = []
        self._before_s = self._elapsed_s = 0.0
        self._device = ""
        self._last: ValidationFinished | None = None

    def _added(self) -> Iterator[Event]:
        if not self._path.exists():
            return
        if self._path.stat().st_size < self._offset:  # another file
            self._forget()
        with self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            try:
                yield parse_event(line)
            except ValidationError:
                continue

    def _take(self, event: Event) -> None:
        match event:
            case JobStarted():
                self._device = event.device
            case StepFinished():
                self._advance(event.elapsed_s)
                _put(self._steps, StepPoint(event.step, event.loss, event.accuracy))
            case ValidationFinished():
                self._advance(event.elapsed_s)
                scores = event.scores
                _put(self._scores, ScorePoint(event.step, scores.pixel_accuracy, scores.mean_iou))
                self._last = event

    def _advance(self, elapsed_s: float) -> None:
        """Each run counts its own time."""
        if elapsed_s < self._elapsed_s:
            self._before_s += self._elapsed_s
        self._elapsed_s = elapsed_s


def has_scores(path: Path) -> bool:
    """Tell whether a training has held-out figures in its file."""
    try:
        with path.open("rb") as file:
            return any(_SCORED in line for line in file)
    except OSError:
        return False


def _put(curve: list[Point], point: Point) -> None:
    """Append; a worker that resumed from older weights overwrites the tail."""
    while curve and curve[-1][0] >= point[0]:  # type: ignore[index]
        curve.pop()
    curve.append(point)
    if len(curve) > LONGEST_HISTORY:
        curve[:-1] = curve[:-1:2]
