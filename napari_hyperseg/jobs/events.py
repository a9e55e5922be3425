"""What a job reports: past-tense events, one JSON object a line.

Owns the vocabulary only; who emits and who listens is not its business.  No array is ever
in an event: both sides open the same files.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from napari_hyperseg.jobs.messages import Box, Message
from napari_hyperseg.learn.earlier import with_balance

METRICS = "metrics.jsonl"  # in a model's folder: what its training reported, an event a line


class _Event(Message):
    # "constants": the loss of a training that diverged is NaN, and NaN comes back.
    model_config = ConfigDict(ser_json_inf_nan="constants")

    _earlier = model_validator(mode="before")(with_balance)


class ReliabilityScores(Message):
    """Voxels, their mean confidence and their accuracy in ten bins of confidence."""

    counts: tuple[int, ...]
    confidence: tuple[float | None, ...]
    accuracy: tuple[float | None, ...]


class BoundaryScores(Message):
    """Errors of the boundary between two classes, on the traces whose labels show it."""

    above: int
    below: int
    traces: int
    mae_samples: float | None
    mae_ms: float | None
    within_1: float | None
    within_3: float | None
    coverage: float


class Scores(Message):
    """Facies figures on labelled voxels that training did not see.

    Classes absent from the truth have ``None`` in `iou` and do not enter `mean_iou`.  What
    earlier versions did not tell has a default.  `confusion` counts voxels by true code (rows)
    and predicted code; `horizons` and `order_violations` are there where classes are layered;
    `vertical_unit` is that of `mae_ms`, empty where surveys differ.
    """

    pixel_accuracy: float
    class_accuracy: float
    mean_iou: float
    fw_iou: float
    iou: tuple[float | None, ...] = ()
    voxels: int = 0
    traces: int = 0
    confusion: tuple[tuple[int, ...], ...] = ()
    reliability: ReliabilityScores | None = None
    calibration_error: float | None = None
    horizons: tuple[BoundaryScores, ...] = ()
    order_violations: float | None = None
    vertical_unit: str = "ms"

    @property
    def horizon_error(self) -> float | None:
        """Mean of the boundaries' mean errors, in `vertical_unit`; None where there is none."""
        errors = [one.mae_ms for one in self.horizons if one.mae_ms is not None]
        return sum(errors) / len(errors) if errors and self.vertical_unit else None


class JobStarted(_Event):
    """The worker has opened its inputs and computes from now on."""

    event: Literal["job_started"] = "job_started"
    kind: Literal["train", "predict"]
    device: str
    parameters: int
    labelled_voxels: int = 0
    training_voxels: int = 0
    held_out_voxels: int = 0


class StepFinished(_Event):
    """One optimiser step: loss and accuracy on the batch, speed, and what is left."""

    event: Literal["step_finished"] = "step_finished"
    step: int
    loss: float
    accuracy: float
    voxels_per_second: float
    elapsed_s: float
    remaining_s: float | None = None
    fraction: float = 0.0


class ValidationFinished(_Event):
    """Scores on the held-out labels, and those of tracking alone where boundaries are tracked.

    `balance` is the share of the network in what counts, beside what was tracked; None where
    nothing was.
    """

    event: Literal["validation_finished"] = "validation_finished"
    step: int
    elapsed_s: float
    scores: Scores
    tracked: Scores | None = None
    balance: float | None = None


class BlockPredicted(_Event):
    """A box of the prediction store was filled: repaint it.

    `step` is the model's, `revision` that of the labels that it rests on (None: on none of the
    survey), `balance` the share of the network beside what was tracked (None: nothing was).
    `done` and `total` count voxels of the current sweep over the survey.
    """

    event: Literal["block_predicted"] = "block_predicted"
    survey: str
    box: Box
    step: int
    revision: int | None = None
    balance: float | None = None
    done: int
    total: int
    visible: bool = False


class TrackingAdvanced(_Event):
    """Another part of a survey, or boundary of its labels, was tracked; `fraction` is done."""

    event: Literal["tracking_advanced"] = "tracking_advanced"
    survey: str
    fraction: float


class ConversionAdvanced(_Event):
    """Another part of a survey was converted; `fraction` of its `megabytes` is done."""

    event: Literal["conversion_advanced"] = "conversion_advanced"
    survey: str
    fraction: float
    megabytes: float


class CheckpointSaved(_Event):
    """Weights, optimiser and step are on disk."""

    event: Literal["checkpoint_saved"] = "checkpoint_saved"
    step: int


class LabelsRead(_Event):
    """Changed labels take part from now on."""

    event: Literal["labels_read"] = "labels_read"
    survey: str
    labelled_voxels: int


class JobPaused(_Event):
    """Nothing is computed until the job is resumed."""

    event: Literal["job_paused"] = "job_paused"


class JobResumed(_Event):
    """The job computes again."""

    event: Literal["job_resumed"] = "job_resumed"


class JobWarned(_Event):
    """Something the user should know; the job goes on."""

    event: Literal["job_warned"] = "job_warned"
    message: str


class JobFinished(_Event):
    """The job ended in order."""

    event: Literal["job_finished"] = "job_finished"
    reason: Literal["done", "stopped"]
    steps: int = 0
    elapsed_s: float = 0.0
    voxels: int = 0
    scores: Scores | None = None
    tracked: Scores | None = None
    balance: float | None = None


class JobFailed(_Event):
    """The job ended by an error: one readable line, the details in the log."""

    event: Literal["job_failed"] = "job_failed"
    message: str
    log: str | None = None


Event = (
    JobStarted
    | StepFinished
    | ValidationFinished
    | BlockPredicted
    | ConversionAdvanced
    | TrackingAdvanced
    | CheckpointSaved
    | LabelsRead
    | JobPaused
    | JobResumed
    | JobWarned
    | JobFinished
    | JobFailed
)

_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def parse_event(line: str | bytes) -> Event:
    """Read one event from a JSON line.

    Raises
    ------
    pydantic.ValidationError
        If the line is not an event.
    """
    return _EVENTS.validate_json(line)
