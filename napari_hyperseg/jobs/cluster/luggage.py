"""What travels with a job: its specification, and the small files that it names.

Labels, picks and the model go along; volumes and predictions stay, and are opened where they
are, or where they are shared.  Everything is JSON, arrays without objects and safetensors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.events import METRICS
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.survey_input import HorizonInput, SurveyInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.packing import pack_labels, unpack_labels
from napari_hyperseg.learn.checkpoint import TRAINING

MODEL, BEGINNING, LABELS, PICKS = "model", "beginning", "labels", "picks"
VOLUMES = "volumes"  # not sent: what is fetched of shared surveys is put there
PACKED = ".npz"  # labels: the file is made of it
_LEFT_BEHIND = {"worker.log"}  # of a model's folder
_OF_TRAINING = (TRAINING, METRICS)  # a prediction does without
_ANYWHERE = {"cluster", "device", "threads", "view"}  # fields that change no result


@dataclass(frozen=True)
class Luggage:
    """A job that can be sent.

    Parameters
    ----------
    spec : JobSpec
        Paths of what travels are names in `files`.
    files : dict of str to bytes
        By name, with ``/`` between the parts.
    """

    spec: JobSpec
    files: dict[str, bytes] = field(repr=False)

    @property
    def digest(self) -> str:
        """Tells jobs apart that may come to different results."""
        said = hashlib.sha256(self.spec.model_dump_json(exclude=_ANYWHERE).encode())
        for name in sorted(self.files):
            said.update(f"\n{name} {len(self.files[name])}\n".encode())
            said.update(self.files[name])
        return said.hexdigest()


def pack(spec: JobSpec) -> Luggage:
    """Read what travels with a job.

    Raises
    ------
    HypersegError
        If a file cannot be read.
    """
    packing = _Packing()
    try:
        return packing.all_of(spec)
    except OSError as error:
        raise JobError(f"{error.filename}: cannot be read: {error.strerror}.") from error


def pack_labels_of(spec: JobSpec, number: int) -> dict[str, bytes]:
    """Read labels and picks of one survey again, by their names in the luggage."""
    packing = _Packing()
    packing.labels_of(number, spec.surveys[number])
    return packing.files


def unpack(luggage: Luggage, folder: Path) -> JobSpec:
    """Write what travelled into a folder; return the job as it is to be run there."""
    for name, content in luggage.files.items():
        write_file(folder, name, content)
    spec = luggage.spec
    changes = {"model": folder / spec.model, "begin_with": _there(folder, spec.begin_with)}
    surveys = tuple(_survey_there(folder, survey) for survey in spec.surveys)
    return spec.model_copy(update={**changes, "surveys": surveys})


def write_file(folder: Path, name: str, content: bytes) -> None:
    """Write one file of a luggage.

    Raises
    ------
    JobError
        If its name leads out of the folder.
    """
    parts = check_name(name)
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    if parts[0] == LABELS:
        unpack_labels(content, path.with_suffix(".npy"))
    else:
        path.write_bytes(content)


def check_name(name: str) -> tuple[str, ...]:
    """Return the parts of a file's name, none of which leads out of a folder.

    Raises
    ------
    JobError
        If one does.
    """
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or parts[0].startswith("/") or ":" in name or "\\" in name:
        raise JobError(f"{name!r} cannot be the name of a file that travels with a job.")
    return parts


def travelling(folder: Path) -> list[str]:
    """Names of the files of a model's folder that travel: all but logs and hidden ones."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        name.as_posix()
        for name in names
        if name.name not in _LEFT_BEHIND and not any(part.startswith(".") for part in name.parts)
    ]


class _Packing:
    """Files on their way into a luggage."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def all_of(self, spec: JobSpec) -> Luggage:
        """Take everything along."""
        changes = {
            "model": self._folder(spec.model, MODEL, () if spec.kind == "train" else _OF_TRAINING),
            "begin_with": self._beginning(spec.begin_with),
            "surveys": tuple(self.labels_of(n, survey) for n, survey in enumerate(spec.surveys)),
            "cluster": None,
        }
        return Luggage(spec.model_copy(update=changes), self.files)

    def labels_of(self, number: int, survey: SurveyInput) -> SurveyInput:
        """Take the labels and picks of a survey along."""
        facies = None
        if survey.facies is not None and survey.facies.exists():
            labels = FaciesLabels.open(survey.facies, writable=False)
            facies = Path(LABELS, f"{number}.npy")
            self.files[f"{LABELS}/{number}{PACKED}"] = pack_labels(labels)
        horizons = tuple(
            self._picks(f"{PICKS}/{number}.{place}", horizon)
            for place, horizon in enumerate(survey.horizons)
        )
        return survey.model_copy(update={"facies": facies, "horizons": horizons})

    def _picks(self, stem: str, horizon: HorizonInput) -> HorizonInput:
        """Files that are not there yet are named all the same: there are no picks."""
        names = {"times": f"{stem}.times.npy", "kinds": f"{stem}.kinds.npy"}
        for field_name, name in names.items():
            path = getattr(horizon, field_name)
            if path.exists():
                self.files[name] = path.read_bytes()
        return horizon.model_copy(update={key: Path(name) for key, name in names.items()})

    def _beginning(self, path: Path | None) -> Path | None:
        if path is None:
            return None
        if path.is_dir():
            return self._folder(path, BEGINNING)
        self.files[f"{BEGINNING}/{path.name}"] = path.read_bytes()
        return Path(BEGINNING, path.name)

    def _folder(self, folder: Path, name: str, without: Collection[str] = ()) -> Path:
        for file in travelling(folder):
            if file not in without:
                self.files[f"{name}/{file}"] = (folder / file).read_bytes()
        return Path(name)


def _survey_there(folder: Path, survey: SurveyInput) -> SurveyInput:
    horizons = tuple(
        one.model_copy(update={"times": folder / one.times, "kinds": folder / one.kinds})
        for one in survey.horizons
    )
    changes = {"facies": _there(folder, survey.facies), "horizons": horizons}
    volumes = survey.volumes if survey.shared is None else folder / VOLUMES
    return survey.model_copy(update={**changes, "volumes": volumes})


def _there(folder: Path, path: Path | None) -> Path | None:
    return None if path is None else folder / path
