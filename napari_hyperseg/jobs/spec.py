"""What a job that trains or predicts is: paths and settings, the same for every place it can run.

Knows no torch, no napari and no project folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from napari_hyperseg.jobs.messages import Code, Message, View
from napari_hyperseg.jobs.survey_input import SurveyInput

MODE = r"^(reversible|exact|store|checkpoint\([1-9]\d*\))$"
NetworkSetting = int | float | str | bool | tuple[int, ...] | tuple[tuple[int, ...], ...] | None


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
    mode: str | None = Field(default=None, pattern=MODE)
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
