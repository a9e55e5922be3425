"""What ``project.json`` says, and how it is read and written.

Owns the file's format and refuses what it does not know; nothing in the file is executed, and
names that become paths cannot leave the project folder.  Knows no survey and no label.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.migration import migrated
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.reading import Reading

FILE_NAME = "project.json"
FORMAT_VERSION: Literal[4] = 4

_SAFE_NAME = re.compile(r"[^./\\:\x00-\x1f][^/\\:\x00-\x1f]{0,199}")

Extent = Annotated[int, Field(ge=1, le=1_000_000)]
Code = Annotated[int, Field(ge=1, le=255)]
Setting = bool | int | float | str | None
SeismicEvent = Literal["peak", "trough", "rising", "falling", "none"]
"""What picks snap to: an extreme, or a crossing of zero; "none": they stay where they are."""


def is_safe_name(name: str) -> bool:
    """Say whether a name can be one part of a path: no separator, no drive, no leading dot."""
    return _SAFE_NAME.fullmatch(name) is not None


def _safe(name: str) -> str:
    if not is_safe_name(name):
        raise ValueError(f"{name!r} cannot be the name of a survey or model")
    return name


SafeName = Annotated[str, AfterValidator(_safe)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRecord(_Record):
    """Where a file outside the project folder is.

    Parameters
    ----------
    relative : str or None
        Path from the project folder, with ``/``: still right after both are moved together.
    absolute : str
        Where the file was when it was added.
    """

    relative: str | None
    absolute: str

    @classmethod
    def of(cls, path: Path, folder: Path) -> FileRecord:
        """Describe a file as seen from a project folder."""
        path = path.absolute()
        try:
            relative = Path(os.path.relpath(path, folder.absolute())).as_posix()
        except ValueError:  # another drive
            relative = None
        return cls(relative=relative, absolute=str(path))

    def locate(self, folder: Path) -> Path:
        """Return where the file is now: the relative place if it is there, else the absolute."""
        if self.relative is not None:
            moved = Path(os.path.normpath(folder.absolute() / self.relative))
            if moved.exists():
                return moved
        return Path(self.absolute)


class HorizonRecord(_Record):
    """One horizon of a survey; its times are in a file of their own."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
    stem: SafeName
    surface: SafeName | None
    color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    visible: bool = True
    source: Annotated[str, Field(max_length=1000)] = ""
    event: SeismicEvent = "peak"


def _told_apart(horizons: tuple[HorizonRecord, ...]) -> tuple[HorizonRecord, ...]:
    for each in ({one.name for one in horizons}, {one.stem.casefold() for one in horizons}):
        if len(each) < len(horizons):
            raise ValueError("two horizons have one name or one file")
    return horizons


class VolumeRecord(_Record):
    """Another volume on the lines of a survey."""

    name: SafeName
    file: FileRecord
    fingerprint: str
    reading: Reading
    clip: float = Field(gt=0, allow_inf_nan=False)


class SurveyRecord(_Record):
    """One survey of the project."""

    key: SafeName
    file: FileRecord
    fingerprint: str
    reading: Reading
    shape: tuple[Extent, Extent, Extent]
    clip: float = Field(gt=0, allow_inf_nan=False)
    boundaries: dict[SafeName, FileRecord] = Field(default_factory=dict)
    boundary_codes: tuple[Code, ...] = ()
    horizons: Annotated[tuple[HorizonRecord, ...], AfterValidator(_told_apart)] = ()
    volumes: tuple[VolumeRecord, ...] = ()


class ProjectRecord(_Record):
    """The whole of ``project.json``."""

    format_version: Literal[4] = FORMAT_VERSION
    surveys: tuple[SurveyRecord, ...] = Field(min_length=1)
    legend: tuple[dict[str, bool | int | str], ...]
    settings: dict[str, Setting] = Field(default_factory=dict)


def read_record(folder: Path) -> ProjectRecord:
    """Read a project's file.

    Raises
    ------
    ProjectError
        If the folder is no project, the file is damaged, or its format is not known.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ProjectError(
            f"{folder} is not a hyperseg project: it has no {FILE_NAME}. "
            "Make one with 'hyperseg init'."
        ) from error
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}.") from error
    version = _check_version(path, text)
    try:
        return ProjectRecord.model_validate(migrated(json.loads(text), version))
    except ValidationError as error:
        raise ProjectError(f"{path} is damaged: {_first_fault(error)}.") from error


def write_record(folder: Path, record: ProjectRecord) -> None:
    """Replace a project's file.

    Raises
    ------
    ProjectError
        If it cannot be written; the old file is then untouched.
    """
    try:
        with replacing(folder / FILE_NAME) as beside:
            beside.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise ProjectError(f"{folder / FILE_NAME} cannot be written: {reason}.") from error


class _Version(BaseModel):
    format_version: int


def _check_version(path: Path, text: bytes) -> int:
    """Say "newer version" before anything else that a newer file may fail on."""
    try:
        version = _Version.model_validate_json(text).format_version
    except ValidationError as error:
        raise ProjectError(f"{path} is damaged: {_first_fault(error)}.") from error
    if not 1 <= version <= FORMAT_VERSION:
        raise ProjectError(
            f"{path} has format version {version}; this hyperseg reads versions 1 to "
            f"{FORMAT_VERSION}. Update napari-hyperseg."
        )
    return version


def _first_fault(error: ValidationError) -> str:
    fault: Any = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])
