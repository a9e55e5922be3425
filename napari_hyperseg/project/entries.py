"""The surveys of a project, as the program holds them and as ``project.json`` says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.project.record import (
    FileRecord,
    HorizonRecord,
    SeismicEvent,
    SurveyRecord,
    VolumeRecord,
    is_safe_name,
)
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import Progress
from napari_hyperseg.survey.survey import Survey


@dataclass(frozen=True)
class HorizonEntry:
    """A horizon that a project keeps; its times are in a file of their own.

    Parameters
    ----------
    name : str
        As the interpreter calls it.
    stem : str
        Of its files in the project folder; never another one's.
    surface : str or None
        Stem of the file of its times everywhere, tracked or imported; None: it has only picks.
    color : str
        ``#rrggbb``.
    visible : bool
        Whether the window shows it.
    source : str
        Where it came from, in words.
    event : {"peak", "trough", "rising", "falling", "none"}
        What its picks snap to.
    """

    name: str
    stem: str
    surface: str | None
    color: str
    visible: bool = True
    source: str = ""
    event: SeismicEvent = "peak"


@dataclass(frozen=True)
class VolumeEntry:
    """Another volume on the lines of a survey, as the project remembers it.

    Parameters
    ----------
    name : str
        The file's stem.
    path : Path
        The SEG-Y file.
    fingerprint : str
        Content of the file when it was added.
    reading : Reading
        How its headers are read.
    clip : float
        Amplitude at which the display saturates.
    """

    name: str
    path: Path
    fingerprint: str
    reading: Reading
    clip: float

    def record(self, folder: Path) -> VolumeRecord:
        """Return the entry as ``project.json`` in `folder` says it."""
        file = FileRecord.of(self.path, folder)
        return VolumeRecord(
            name=self.name,
            file=file,
            fingerprint=self.fingerprint,
            reading=self.reading,
            clip=self.clip,
        )

    @classmethod
    def from_record(cls, record: VolumeRecord, folder: Path) -> VolumeEntry:
        """Read what `record` returned."""
        path = record.file.locate(folder)
        return cls(record.name, path, record.fingerprint, record.reading, record.clip)


@dataclass(frozen=True)
class SurveyEntry:
    """A survey as the project remembers it.

    Parameters
    ----------
    key : str
        The file's stem; names the survey in commands and paths.
    path : Path
        The SEG-Y file.
    fingerprint : str
        Content of the file when it was added; a new modification time alone changes nothing.
    reading : Reading
        How its headers are read.
    shape : tuple of int
        (n_inlines, n_crosslines, n_samples).
    clip : float
        Amplitude at which the display saturates.
    boundaries : mapping of str to Path
        Horizon files that labels were made from, by name, from top to bottom.
    boundary_codes : tuple of int
        Codes of the intervals that `boundaries` delimit, from top to bottom; empty: 1, 2, ...
    horizons : tuple of HorizonEntry
        What the project keeps of horizons, from top to bottom; see `horizons.Horizons`.
    volumes : tuple of VolumeEntry
        Other volumes on its lines.
    """

    key: str
    path: Path
    fingerprint: str
    reading: Reading
    shape: tuple[int, int, int]
    clip: float
    boundaries: Mapping[str, Path] = field(default_factory=dict)
    boundary_codes: Order = ()
    horizons: tuple[HorizonEntry, ...] = ()
    volumes: tuple[VolumeEntry, ...] = ()

    @property
    def delimited(self) -> Order:
        """Codes of the intervals that `boundaries` delimit, from top to bottom."""
        return self.boundary_codes or tuple(range(1, len(self.boundaries) + 2))

    @classmethod
    def of(cls, survey: Survey) -> SurveyEntry:
        """Describe a survey that is open.

        Raises
        ------
        ProjectError
            If its name cannot be the name of a survey.
        """
        if not is_safe_name(survey.name):
            raise ProjectError(f"{survey.name!r} cannot be the name of a survey: rename the file.")
        return cls(
            key=survey.name,
            path=survey.source.path,
            fingerprint=survey.source.fingerprint,
            reading=survey.source.reading,
            shape=survey.geometry.shape,
            clip=survey.clip(),
        )

    def open(self, kept: Kept, progress: Progress | None = None) -> Survey:
        """Open the survey, making sure that its file is still the same.

        Parameters
        ----------
        kept : Kept
            Where its index and its converted volume are.
        progress : callable, optional
            Told how many of how many traces are indexed, where no index is kept.

        Raises
        ------
        SurveyError
            If the file cannot be read.
        ProjectError
            If it is missing, or its content changed.
        """
        if not self.path.exists():
            raise ProjectError(
                f"{self.path} of survey {self.key} is missing. Put it back, or move it together "
                "with the project folder."
            )
        survey = open_survey(self.path, self.reading, kept=kept, progress=progress)
        self.check(survey)
        return survey

    def check(self, survey: Survey) -> None:
        """Make sure that an open survey is this one, as it was when it was added.

        Raises
        ------
        ProjectError
            If its content or its shape is another.
        """
        if (survey.source.fingerprint, survey.geometry.shape) != (self.fingerprint, self.shape):
            raise ProjectError(
                f"{self.path} changed since it was added to the project, so its labels may no "
                "longer fit. Put the old file back, or make a new project with 'hyperseg init'."
            )

    def record(self, folder: Path) -> SurveyRecord:
        """Return the entry as ``project.json`` in `folder` says it."""
        return SurveyRecord(
            key=self.key,
            file=FileRecord.of(self.path, folder),
            fingerprint=self.fingerprint,
            reading=self.reading,
            shape=self.shape,
            clip=self.clip,
            boundaries={
                name: FileRecord.of(path, folder) for name, path in self.boundaries.items()
            },
            boundary_codes=self.boundary_codes,
            horizons=tuple(HorizonRecord(**asdict(horizon)) for horizon in self.horizons),
            volumes=tuple(volume.record(folder) for volume in self.volumes),
        )

    @classmethod
    def from_record(cls, record: SurveyRecord, folder: Path) -> SurveyEntry:
        """Read what `record` returned."""
        return cls(
            key=record.key,
            path=record.file.locate(folder),
            fingerprint=record.fingerprint,
            reading=record.reading,
            shape=record.shape,
            clip=record.clip,
            boundaries={name: file.locate(folder) for name, file in record.boundaries.items()},
            boundary_codes=record.boundary_codes,
            horizons=tuple(HorizonEntry(**dict(horizon)) for horizon in record.horizons),
            volumes=tuple(VolumeEntry.from_record(volume, folder) for volume in record.volumes),
        )
