"""Progress of a job on standard error: a bar with figures, a rate and an estimate.

Owns the wording of events; without a terminal every remark is a line, for logs.
"""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from napari_hyperseg.cli.output import stderr_console
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    Event,
    JobStarted,
    JobWarned,
    StepFinished,
    TrackingAdvanced,
    ValidationFinished,
)


class JobProgress:
    """Shows events; use it as a context.

    Parameters
    ----------
    title : str
        What is going on, such as "Training".
    """

    def __init__(self, title: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeElapsedColumn(),
            console=stderr_console(),
        )
        self._task = self._bar.add_task(title, total=1.0, figures="")
        self._held_out = ""
        self._started = time.monotonic()

    def __enter__(self) -> JobProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case JobStarted():
                self._started = time.monotonic()
                self._say(_start(event))
            case StepFinished():
                self._move(event.fraction, f"{_step(event)}{self._held_out}")
            case TrackingAdvanced():
                self._move(0.0, f"{event.survey}: tracking boundaries, {event.fraction:.0%}")
            case ValidationFinished():
                accuracy = event.scores.pixel_accuracy
                self._held_out = f", held-out {accuracy:.1%}"
                self._log(f"step {event.step}{self._held_out} mIoU {_iou(event)}")
            case BlockPredicted():
                self._move(event.done / event.total, self._voxels(event))
            case JobWarned():
                self._say(f"Warning: {event.message}")

    def _move(self, fraction: float, figures: str) -> None:
        self._bar.update(self._task, completed=fraction, figures=figures)

    def _voxels(self, event: BlockPredicted) -> str:
        rate = event.done / max(time.monotonic() - self._started, 1e-3)
        left = _duration((event.total - event.done) / rate) if rate else "-"
        return f"{event.survey}, {_speed(rate)}, {left} left"

    def _say(self, message: str) -> None:
        self._bar.console.print(message, soft_wrap=True, markup=False)

    def _log(self, message: str) -> None:
        if not self._bar.console.is_terminal:
            self._say(message)


def _start(event: JobStarted) -> str:
    if event.kind == "predict":
        return f"Predicting on {event.device}, {event.parameters} parameters."
    return (
        f"Training on {event.device}: {event.labelled_voxels} labelled voxels, "
        f"{event.held_out_voxels} of them held out, {event.parameters} parameters."
    )


def _step(event: StepFinished) -> str:
    left = "-" if event.remaining_s is None else _duration(event.remaining_s)
    speed = _speed(event.voxels_per_second)
    return f"step {event.step}, loss {event.loss:.3f}, {speed}, {left} left"


def _iou(event: ValidationFinished) -> str:
    alone = "" if event.tracked is None else f" (tracking alone {event.tracked.mean_iou:.3f})"
    return f"{event.scores.mean_iou:.3f}{alone}"


def _speed(voxels_per_second: float) -> str:
    if voxels_per_second < 1e6:
        return f"{voxels_per_second / 1e3:.1f} kvoxel/s"
    return f"{voxels_per_second / 1e6:.2f} Mvoxel/s"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
