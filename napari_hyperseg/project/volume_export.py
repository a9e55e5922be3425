"""Volumes out of a project: amplitudes, facies, confidence, and probabilities of boundaries.

Owns which volume is written where and what is said of it; the files are the survey layer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import ExportError
from napari_hyperseg.project.horizon_export import boundary_names
from napari_hyperseg.project.predictions import Prediction, open_prediction
from napari_hyperseg.project.training_horizons import training_horizons
from napari_hyperseg.survey.export.containers import container_of, find_container, with_name
from napari_hyperseg.survey.export.content import Content, ExportedClass
from napari_hyperseg.survey.export.exporting import export_volume
from napari_hyperseg.survey.sharing import Share, unheard

if TYPE_CHECKING:
    from napari_hyperseg.labels.legend import Legend
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.segy.export_format import SampleType
    from napari_hyperseg.survey.survey import Survey, Volume


@dataclass(frozen=True)
class VolumeTargets:
    """Where to write which volume; None: not at all.

    Parameters
    ----------
    amplitude, facies, confidence : Path or None
        Names that end in .sgy, .segy, .zarr or .ome.zarr.
    probability : Path or None
        Such a name, to which that of each boundary is added, or a folder for SEG-Y files.

    Raises
    ------
    ExportError
        If a name does not say how to write a volume, or two are one.
    """

    amplitude: Path | None = None
    facies: Path | None = None
    confidence: Path | None = None
    probability: Path | None = None

    def __post_init__(self) -> None:
        given = [path for path in (self.amplitude, self.facies, self.confidence) if path]
        for path in given:
            container_of(path)
        resolved = [path.expanduser().resolve() for path in (*given, self.probability) if path]
        if len(set(resolved)) < len(resolved):
            raise ExportError("Two volumes cannot have one name. Give each a name of its own.")

    @property
    def from_prediction(self) -> bool:
        """Whether a prediction is needed."""
        return any((self.facies, self.confidence, self.probability))

    def __bool__(self) -> bool:
        return self.amplitude is not None or self.from_prediction


@dataclass(frozen=True)
class PlannedVolume:
    """A volume that is to be written.

    Parameters
    ----------
    survey : Survey
    volume : Volume
    content : Content
    path : Path
    samples : {"int8", "float"} or None
    new_folder : bool
        Whether the folder it lies in is to be made.
    """

    survey: Survey
    volume: Volume = field(repr=False)
    content: Content
    path: Path
    samples: SampleType | None
    new_folder: bool = False

    def write(self, told: Share = unheard) -> None:
        """Write it; see `export_volume`.

        Raises
        ------
        ExportError
            If it cannot be written.
        """
        if self.new_folder:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ExportError(
                    f"{self.path.parent} cannot be made: {error.strerror}."
                ) from error
        export_volume(
            self.survey, self.volume, self.path, self.content, samples=self.samples, told=told
        )


def plan_volumes(
    project: Project,
    key: str,
    targets: VolumeTargets,
    *,
    model: str | None = None,
    samples: SampleType | None = None,
) -> list[PlannedVolume]:
    """Find everything that is to be written, so that nothing is if something is missing.

    Parameters
    ----------
    project : Project
    key : str
        Of the survey.
    targets : VolumeTargets
    model : str, optional
        Whose prediction; by default the newest.
    samples : {"int8", "float"}, optional
        By default as they are.

    Raises
    ------
    ProjectError
        If there is no such prediction, or it has no probabilities.
    """
    survey = project.open_survey(key)
    planned = []
    if targets.amplitude is not None:
        content = Content("amplitude", key, f"Amplitudes of {key}"[:76])
        planned.append(PlannedVolume(survey, survey.volume, content, targets.amplitude, samples))
    if targets.from_prediction:
        prediction = open_prediction(project, key, model)
        for volume, content, path in _predicted(project, key, prediction, targets, samples):
            in_folder = path.parent == targets.probability
            planned.append(PlannedVolume(survey, volume, content, path, samples, in_folder))
    return planned


def facies_classes(legend: Legend, n_classes: int | None = None) -> tuple[ExportedClass, ...]:
    """The classes of a legend, of as many codes as are predicted, for an exported volume."""
    n_classes = n_classes or legend.n_classes
    classes = map(legend.grown_to(n_classes).__getitem__, legend.order(n_classes))
    return tuple(ExportedClass(c.code, c.name, c.color) for c in classes)


def _predicted(
    project: Project,
    key: str,
    prediction: Prediction,
    targets: VolumeTargets,
    samples: SampleType | None,
) -> Iterator[tuple[Volume, Content, Path]]:
    by = f"napari-hyperseg model {prediction.model}"
    if targets.facies is not None:
        classes = facies_classes(project.legend, prediction.n_classes)
        content = Content("facies", f"{key} facies", f"Facies codes, {by}", classes)
        yield prediction.facies, content, targets.facies
    if targets.confidence is not None:
        content = Content("confidence", f"{key} confidence", f"Confidence in %, {by}")
        yield prediction.confidence, content, targets.confidence
    if targets.probability is not None:
        order = prediction.below_order or project.legend.order(prediction.n_classes)
        names = boundary_names(
            project.entry(key), project.legend, order, training_horizons(project)[key]
        )
        for boundary, name in enumerate(names):
            content = Content("probability", f"{key} below {name}", f"% at or below {name}, {by}")
            volume = prediction.probability(boundary, whole=samples != "float")
            yield volume, content, _path_of_boundary(targets.probability, name)


def _path_of_boundary(path: Path, name: str) -> Path:
    return path / f"{name}.sgy" if find_container(path) is None else with_name(path, name)
