"""The jobs of a project: which files a training, prediction or conversion reads and fills.

Owns the way from project to `JobSpec`, and refuses jobs that cannot succeed before a worker
is started.  The window and the command line both build their jobs here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.spec import ClassShare, ClusterInput, JobSpec
from napari_hyperseg.jobs.survey_input import HorizonInput, SurveyInput
from napari_hyperseg.jobs.tracking_spec import TrackingSpec
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.project.beginnings import find_beginning
from napari_hyperseg.project.label_age import label_revisions
from napari_hyperseg.project.model_names import Naming, write_naming
from napari_hyperseg.project.picks import KINDS, TIMES
from napari_hyperseg.project.record import Setting
from napari_hyperseg.project.shared import shared_input
from napari_hyperseg.project.training_horizons import (
    TrainingHorizon,
    labelled_codes,
    training_horizons,
)

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

Device = Literal["auto", "cpu", "cuda"]


class TrainingChoices(TypedDict, total=False):
    """What can be chosen for a training.

    Parameters
    ----------
    minutes, steps : float, int or None
        Where training ends, whichever comes first; one is needed.
    device : {"auto", "cpu", "cuda"}
        Where to compute.
    seed : int
        Seeds weights, sampling and the choice of held-out traces.
    threads : int or None
        CPU threads; None: as many as there are cores.
    live : bool
        Whether the predictions fill in while the model trains.
    view : View or None
        The section on screen.
    mode : str or None
        What the network keeps of a forward pass; None: the fastest that fits into memory.
    prior : bool
        Whether boundaries between layered classes are tracked first, for the network to start
        from; they are by default.
    smoothness : float
        How much changes of the prediction from trace to trace along reflectors cost.
    shares : tuple of ClassShare
        Bounds on the shares of classes that the prediction is to keep.
    network : dict
        Fields of the network's configuration to override.
    slabs : bool
        Whether processes that train together share each block.
    begin_with : str or None
        Model (ID or name) or exported file whose weights a new model begins with.
    cluster : ClusterInput or None
        Where to compute; None: here.
    """

    minutes: float | None
    steps: int | None
    device: Device
    seed: int
    threads: int | None
    live: bool
    view: View | None
    mode: str | None
    prior: bool
    smoothness: float
    shares: tuple[ClassShare, ...]
    network: dict[str, Setting]
    begin_with: str | None
    slabs: bool
    cluster: ClusterInput | None


class PredictionChoices(TypedDict, total=False):
    """What can be chosen for a prediction; see `TrainingChoices`.

    Parameters
    ----------
    probabilities : bool
        Whether it is stored how likely each sample lies below each boundary; it is by default.
    """

    probabilities: bool
    device: Device
    threads: int | None
    view: View | None
    cluster: ClusterInput | None


def training_job(
    project: Project, model: str | None = None, **choices: Unpack[TrainingChoices]
) -> JobSpec:
    """Build the job that trains on every label of a project, painted or picked.

    Parameters
    ----------
    project : Project
        Where labels are read and the model is written.
    model : str or None
        The model to continue; None: a new one.
    **choices
        See `TrainingChoices`.

    Raises
    ------
    ProjectError
        If no end is given, fewer than two classes and no horizon are labelled, labels have codes
        that the legend lacks, there is no such model, or one that goes on is to begin with another.
    ModelError
        If the file to begin with is no exported model.
    """
    wanted = choices.pop("begin_with", None)
    if model and wanted:
        raise ProjectError("A model that goes on has its weights: begin a new one with others.")
    if choices.get("minutes") is None and choices.get("steps") is None:
        raise ProjectError("Training needs an end: give minutes or steps.")
    horizons = training_horizons(project)
    _check_labels(project, horizons)
    beginning = find_beginning(project, wanted) if wanted else None
    model_id = project.find_model(model) if model else project.new_model_id()
    said: dict[str, Any] = dict(choices)
    if beginning is not None:
        write_naming(project.model_folder(model_id), Naming(origin=beginning.title))
        said["begin_with"] = beginning.path
    return JobSpec(
        kind="train",
        model=project.model_folder(model_id),
        surveys=_with_picks(
            project,
            _inputs(
                project,
                project.surveys,
                model_id if choices.get("live") else None,
                choices.get("cluster"),
            ),
            horizons,
        ),
        n_classes=project.legend.n_classes,
        order=project.legend.codes,
        **said,
    )


def prediction_job(
    project: Project,
    model_id: str | None = None,
    key: str | None = None,
    **choices: Unpack[PredictionChoices],
) -> JobSpec:
    """Build the job that predicts surveys with a trained model.

    Parameters
    ----------
    project : Project
        Where the model is read and the predictions are written.
    model_id : str or None
        The model; None: the newest.
    key : str or None
        The survey; None: all of them.
    **choices
        See `PredictionChoices`.

    Raises
    ------
    ProjectError
        If there is no such model or survey.
    LabelError
        If a file of labels or picks is damaged.
    """
    found, cluster = project.find_model(model_id), choices.get("cluster")
    keys = project.surveys if key is None else [project.entry(key).key]
    return JobSpec(
        kind="predict",
        model=project.model_folder(found),
        surveys=_with_picks(
            project, _inputs(project, keys, found, cluster), training_horizons(project)
        ),
        n_classes=max(project.legend.n_classes, 2),  # the model knows its own number
        order=project.legend.codes,
        **{"probabilities": True, **choices},  # type: ignore[arg-type]
    )


def conversion_job(project: Project, key: str | None = None) -> ConversionSpec:
    """Build the job that converts a survey; without a key, the only one.

    Raises
    ------
    ProjectError
        If there is no such survey.
    """
    return ConversionSpec(survey=_input(project, project.entry(key).key))


def tracking_job(
    project: Project, key: str, folder: Path, options: TrackingOptions
) -> TrackingSpec:
    """Build the job that tracks a horizon; its picks are, or will be, in a folder.

    Raises
    ------
    ProjectError
        If there is no such survey.
    """
    return TrackingSpec.of(_input(project, project.entry(key).key), folder, options)


def _inputs(
    project: Project,
    keys: Iterable[str],
    prediction_of: str | None,
    cluster: ClusterInput | None,
) -> tuple[SurveyInput, ...]:
    inputs = []
    for key in keys:
        said = {
            "facies": project.labels_path(key),
            "revision": label_revisions(project, key).position,
            "prediction": project.prediction_path(prediction_of, key) if prediction_of else None,
            "shared": None if cluster is None else shared_input(project, key),
        }
        inputs.append(_input(project, key).model_copy(update=said))
    return tuple(inputs)


def _input(project: Project, key: str) -> SurveyInput:
    entry = project.entry(key)
    volumes = project.kept(key).folder
    return SurveyInput(key=key, segy=entry.path, reading=entry.reading, volumes=volumes)


def _with_picks(
    project: Project,
    inputs: Iterable[SurveyInput],
    horizons: Mapping[str, Iterable[TrainingHorizon]],
) -> tuple[SurveyInput, ...]:
    """Let the worker read the picks that train."""
    return tuple(
        one.model_copy(
            update={
                "horizons": tuple(
                    HorizonInput(
                        above=horizon.above,
                        times=project.picks_path(one.key, horizon.stem, TIMES),
                        kinds=project.picks_path(one.key, horizon.stem, KINDS),
                    )
                    for horizon in horizons[one.key]
                )
            }
        )
        for one in inputs
    )


def _check_labels(project: Project, horizons: Mapping[str, Sequence[TrainingHorizon]]) -> None:
    codes = labelled_codes(project)
    if len(codes) < 2 and not any(horizons.values()):
        raise ProjectError(
            f"Training needs labels of at least two classes, or a picked horizon; there are "
            f"{len(codes)}. Paint some, or add them with 'hyperseg label'."
        )
    if max(codes, default=0) > project.legend.n_classes:
        raise ProjectError(
            f"There are labels with code {max(codes)}, but the legend has only "
            f"{project.legend.n_classes} classes. Add classes to the legend."
        )
