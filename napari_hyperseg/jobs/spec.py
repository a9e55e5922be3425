"""What a job is: paths and settings, as JSON, the same for every place it can run.

Owns the vocabulary between whoever starts a job and the worker: the specification and the
commands sent while it runs.  Knows no torch, no napari and no project folder: every path
that the worker needs is spelled out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.survey.segy.reading import Reading

Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Half-open index ranges along (inline, crossline, sample)."""


Code = Annotated[int, Field(ge=1, le=255)]
MODE = r"^(reversible|exact|store|checkpoint\([1-9]\d*\))$"
NetworkSetting = int | float | str | bool | tuple[int, ...] | tuple[tuple[int, ...], ...] | None


class Message(BaseModel):
    """Base of the JSON messages: immutable, and refusing unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class View(Message):
    """The section on screen: predicted first.

    Parameters
    ----------
    survey : str
        Key of the survey.
    axis : {0, 1, 2}
        The axis that is cut: 0 shows an inline, 1 a crossline, 2 a time slice.
    index : int
        Array index along that axis.
    """

    survey: str
    axis: Literal[0, 1, 2] = 0
    index: int = 0


class HorizonInput(Message):
    """Picks of a horizon that is a boundary between classes.

    Parameters
    ----------
    above : int
        Code of the class above it; the class below is the next one down.
    times, kinds : Path
        Memory-mapped float32 times and uint8 kinds of the picks (``.npy``), see `labels.picks`.
    """

    above: Code
    times: Path
    kinds: Path


class SharedInput(Message):
    """Where others than this computer find a survey, and put what they predict of it.

    Parameters
    ----------
    folder : str
        Path or URL, see `survey.shared`; what it holds was put there before.
    fingerprint : str
        Of the SEG-Y file.
    """

    folder: str
    fingerprint: str


class SurveyInput(Message):
    """One survey as the worker opens it.

    Parameters
    ----------
    key : str
        Name of the survey in the project (the SEG-Y file's stem).
    segy : Path
        The SEG-Y file.
    reading : Reading
        How its headers are read.
    volumes : Path or None
        Folder with its index and converted volume; None: nothing is kept.
    facies : Path or None
        Memory-mapped uint8 labels (``.npy``), 0 = unlabelled; None: nothing labelled.
    horizons : tuple of HorizonInput
        Picks that are labels, too.
    revision : int or None
        Number of the revision at which labels and picks are; None: not known.
    prediction : Path or None
        Zarr group to fill with ``facies`` and ``confidence``; None: no prediction wanted.
    shared : SharedInput or None
        Where it is opened in place of `segy`; its prediction then comes to `prediction` from
        there.  None: files and folders are used where they are.
    """

    key: str
    segy: Path
    reading: Reading = Reading()
    volumes: Path | None = None
    facies: Path | None = None
    horizons: tuple[HorizonInput, ...] = ()
    revision: int | None = Field(default=None, ge=0)
    prediction: Path | None = None
    shared: SharedInput | None = None


class ClassShare(Message):
    """Between which shares of the volume a class should have.

    Parameters
    ----------
    code : int
    least, most : float
        0 to 1.
    """

    code: Code
    least: float = Field(default=0.0, ge=0, le=1)
    most: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _least_first(self) -> ClassShare:
        if self.least > self.most:
            raise ValueError("the least share is more than the most")
        return self


class ClusterInput(Message):
    """A Dask cluster that a job runs on.

    Parameters
    ----------
    address : str
        Of its scheduler: ``HOST:PORT`` or ``tls://HOST:PORT``.
    certificates : Path or None
        Folder of the certificates; None: the usual one.
    clear : bool
        Whether another machine may be talked to in the clear.
    workers : int or None
        How many of its workers train together; None: all with a GPU on one machine, or one.
    """

    address: str
    certificates: Path | None = None
    clear: bool = False
    workers: int | None = Field(default=None, ge=1)


class JobSpec(Message):
    """One job: train a model on labelled surveys, or predict surveys with a model.

    Parameters
    ----------
    kind : {"train", "predict"}
        What to do.
    model : Path
        Folder of the model: read by "predict"; written, and continued from when it
        holds weights, by "train".
    surveys : tuple of SurveyInput
        The surveys that take part.
    n_classes : int
        Number of facies classes; codes run from 1 to ``n_classes``.
    order : tuple of int
        The codes from top to bottom, which says where boundaries lie; empty: as numbered.
    minutes, steps : float, int or None
        Where training ends: whichever comes first; None: no such limit.
    device : {"auto", "cpu", "cuda"}
        Where to compute.
    seed : int
        Seeds the weights, the sampling and the choice of held-out traces.
    threads : int or None
        CPU threads; None: as many as there are cores.
    live : bool
        Whether "train" also fills the prediction while it trains.
    probabilities : bool
        Whether "predict" also stores how likely each sample lies below each boundary.
    prior : bool
        Whether "train" tracks boundaries between layered classes first, for the network to start
        from.
    view : View or None
        The section on screen when the job starts.
    mode : str or None
        How backward passes get at the network's states: "reversible", "exact",
        "checkpoint(N)" or "store"; None: the fastest that fits into memory.
    smoothness : float
        Weight, beside the loss, of changes of the prediction from trace to trace along
        reflectors.
    shares : tuple of ClassShare
        Bounds that the prediction is to keep.
    network : mapping
        Fields of ``NetConfig`` to override.
    begin_with : Path or None
        Folder or exported file of the model whose weights a new one begins with; None: none.
    slabs : bool
        Whether processes that train together share each block, instead of the blocks of a batch.
    cluster : ClusterInput or None
        Where to compute; None: here.
    """

    kind: Literal["train", "predict"]
    model: Path
    surveys: tuple[SurveyInput, ...]
    n_classes: int = Field(ge=2, le=255)
    order: tuple[Code, ...] = Field(default=(), max_length=255)
    minutes: float | None = Field(default=None, gt=0)
    steps: int | None = Field(default=None, ge=1)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    seed: int = Field(default=0, ge=0, lt=2**63)
    threads: int | None = Field(default=None, ge=1)
    live: bool = False
    probabilities: bool = False
    mode: str | None = Field(
        default=None, pattern=r"^(reversible|exact|store|checkpoint\([1-9]\d*\))$"
    )
    view: View | None = None
    prior: bool = True
    smoothness: float = Field(default=0.0, ge=0)
    shares: tuple[ClassShare, ...] = ()
    network: Mapping[str, NetworkSetting] = Field(default_factory=dict)
    begin_with: Path | None = None
    slabs: bool = False
    cluster: ClusterInput | None = None

    @property
    def log_folder(self) -> Path:
        """Where the worker's log goes."""
        return self.model

    @model_validator(mode="after")
    def _training_ends(self) -> JobSpec:
        if self.kind == "train" and self.minutes is None and self.steps is None:
            raise ValueError("a training job needs minutes or steps")
        return self

    @model_validator(mode="after")
    def _shares_of_classes(self) -> JobSpec:
        if any(share.code > self.n_classes for share in self.shares):
            raise ValueError("a share is of a class that there is not")
        return self

    @model_validator(mode="after")
    def _each_once(self) -> JobSpec:
        if len(set(self.order)) < len(self.order):
            raise ValueError("a code can be at one place of the order only")
        return self


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


class StopJob(Message):
    """End the job, keeping what it has."""

    command: Literal["stop"] = "stop"


class PauseJob(Message):
    """Compute nothing until resumed."""

    command: Literal["pause"] = "pause"


class ResumeJob(Message):
    """Go on after a pause."""

    command: Literal["resume"] = "resume"


class UseChangedLabels(Message):
    """Read the labels again: they changed, and are at this revision, or a later one."""

    command: Literal["labels_changed"] = "labels_changed"
    survey: str
    revision: int | None = Field(default=None, ge=0)


class LookAt(Message):
    """Predict this section first from now on."""

    command: Literal["look_at"] = "look_at"
    view: View


Command = StopJob | PauseJob | ResumeJob | UseChangedLabels | LookAt

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="command")])


def parse_command(line: str | bytes) -> Command:
    """Read one command from a JSON line.

    Raises
    ------
    pydantic.ValidationError
        If the line is not a command.
    """
    return _COMMANDS.validate_json(line)
