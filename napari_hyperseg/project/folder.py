"""A project: surveys, legend, labels, models and predictions in one folder.

Knows no window and no torch.  Opening a stranger's folder runs nothing from it, and nothing
in it leads out of it, except the paths of the seismic and horizon files, which are only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Unpack

from napari_hyperseg.errors import LabelError, ProjectError
from napari_hyperseg.jobs.conversion_spec import ConversionSpec
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.tracking_spec import TrackingSpec
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.project import job_specs, model_names, models, rereading
from napari_hyperseg.project.entries import SurveyEntry
from napari_hyperseg.project.layout import Layout
from napari_hyperseg.project.places import check_stems, check_unused, place_beside
from napari_hyperseg.project.record import (
    FILE_NAME,
    ProjectRecord,
    Setting,
    read_record,
    write_record,
)
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.index_file import save_index
from napari_hyperseg.survey.segy.opening import NOTHING_SAID, open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import Progress
from napari_hyperseg.survey.survey import Survey


class Project:
    """A project folder; get one from `create`, `open` or `create_beside`.

    Attributes
    ----------
    folder : Path
        What is where in it is `Layout`'s.
    surveys : dict of str to SurveyEntry
        By key, in the order in which they were added.
    legend : Legend
        The facies classes; assign another, then `save`.
    settings : dict
        Plain values that the window remembers.
    read_only : str
        Why this program may not change the folder; empty: it may.

    Notes
    -----
    Entries are values: to change one, put another under its key, then `save`.
    """

    def __init__(
        self,
        folder: Path,
        surveys: Iterable[SurveyEntry],
        legend: Legend,
        settings: Mapping[str, Setting] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._layout = Layout(self.folder)
        self.surveys = {entry.key: entry for entry in surveys}
        self.legend = legend
        self.settings = dict(settings or {})
        self.read_only = ""
        self._held, self._unsaved = 0, False

    @classmethod
    def create(
        cls,
        folder: str | Path,
        segy_paths: Sequence[str | Path],
        readings: Sequence[Reading] | None = None,
        progress: Progress | None = None,
    ) -> Project:
        """Make a project of one or more SEG-Y files, which stay where they are.

        Parameters
        ----------
        folder : str or Path
            A folder that does not exist yet, or is empty.
        segy_paths : sequence of str or Path
            The files.
        readings : sequence of Reading, optional
            What is said of each file; by default nothing.
        progress : callable, optional
            Told how many of how many traces of a file are indexed.

        Raises
        ------
        ProjectError
            If the folder is in use or cannot be written, or two files have the same stem.
        SurveyError
            If a file cannot be read as a survey.
        """
        folder, files = Path(folder), [Path(path) for path in segy_paths]
        check_unused(folder)
        check_stems(files)
        pairs = zip(files, readings or [NOTHING_SAID] * len(files), strict=True)
        surveys = [open_survey(path, reading, progress=progress) for path, reading in pairs]
        return cls.of_surveys(folder, surveys)

    @classmethod
    def of_surveys(cls, folder: Path, surveys: Sequence[Survey]) -> Project:
        """Make a project of surveys that are open, in a folder that is not in use.

        Raises
        ------
        ProjectError
            If the folder is in use or cannot be written, or a file's name names no survey.
        """
        check_unused(folder)
        entries = [SurveyEntry.of(survey) for survey in surveys]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProjectError(f"{folder} cannot be made: {error.strerror}.") from error
        project = cls(folder, entries, Legend.default(2))
        project.save()
        for survey in surveys:
            project._keep_index(survey)
        return project

    @classmethod
    def create_beside(cls, segy: str | Path, survey: Survey | None = None) -> Project:
        """Open the project of one SEG-Y file, making it first where there is none.

        It is ``NAME.hyperseg`` beside ``NAME.sgy``, or, where that cannot be written, a folder
        of the user's application data.

        Parameters
        ----------
        segy : str or Path
            The file.
        survey : Survey, optional
            The same, if it is open already.

        Raises
        ------
        ProjectError
            If the project cannot be made or opened, or is one of another file, or of the same
            as it was before it changed, or read in another way.
        SurveyError
            If the file cannot be read as a survey.
        """
        segy = Path(segy).absolute()
        folder = place_beside(segy)
        if not (folder / FILE_NAME).exists():
            return cls.of_surveys(folder, [survey or open_survey(segy)])
        project = cls.open(folder)
        key = project.key_of(segy)
        if key is None:
            raise ProjectError(f"{folder} is the project of another file than {segy.name}.")
        if survey is not None:
            project.entry(key).check(survey)
        return project

    @classmethod
    def beside(cls, segy: str | Path) -> Project | None:
        """Open the project that `create_beside` made of a file; None if there is none.

        Raises
        ------
        ProjectError
            If there is one and it cannot be opened.
        """
        segy = Path(segy).expanduser().absolute()
        folder = place_beside(segy)
        if not (folder / FILE_NAME).exists():
            return None
        project = cls.open(folder)
        return None if project.key_of(segy) is None else project

    def key_of(self, segy: Path) -> str | None:
        """Return the key of the survey that is this file; None if there is none."""
        return next((key for key, entry in self.surveys.items() if entry.path == segy), None)

    @classmethod
    def open(cls, folder: str | Path) -> Project:
        """Open an existing project; its SEG-Y files are not touched yet.

        Raises
        ------
        ProjectError
            If the folder is no project, or its file is damaged or of an unknown version.
        """
        folder = Path(folder)
        record = read_record(folder)
        try:
            legend = Legend.from_json(record.legend)
        except LabelError as error:
            raise ProjectError(f"{folder / FILE_NAME} is damaged: {error}") from error
        surveys = [SurveyEntry.from_record(survey, folder) for survey in record.surveys]
        return cls(folder, surveys, legend, record.settings)

    def add(self, *surveys: Survey) -> list[str]:
        """Take other surveys into the project, all or none, and save it.

        Returns
        -------
        list of str
            Their keys.

        Raises
        ------
        ProjectError
            If there is a survey of that name already, or the folder cannot be written.
        """
        entries = [SurveyEntry.of(survey) for survey in surveys]
        check_stems([entry.path for entry in (*self.surveys.values(), *entries)])
        self.put(*entries)
        for survey in surveys:
            self._keep_index(survey)
        return [entry.key for entry in entries]

    def put(self, *entries: SurveyEntry) -> None:
        """Put entries in the place of those with the same keys, and save; or change nothing.

        Raises
        ------
        ProjectError
            If the folder cannot be written.
        """
        before = dict(self.surveys)
        self.surveys |= {entry.key: entry for entry in entries}
        try:
            self.save()
        except ProjectError:
            self.surveys = before
            raise

    def _keep_index(self, survey: Survey) -> None:
        source = survey.source
        save_index(self.kept(survey.name).index, source.fingerprint, source.index)

    def save(self) -> None:
        """Replace ``project.json``, unless it is held back; labels need no saving.

        Raises
        ------
        ProjectError
            If the folder may not, or cannot, be written.
        """
        if self.read_only:
            raise ProjectError(f"{self.folder} can only be read: it is {self.read_only}.")
        self._unsaved = True
        if not self._held:
            self._write()
            self._unsaved = False

    @property
    def unsaved(self) -> bool:
        """Whether there is something that ``project.json`` does not say yet."""
        return self._unsaved

    def hold_back(self) -> None:
        """Save nothing until `release`: the journal has to have an edit first."""
        self._held += 1

    def release(self) -> None:
        """Save what was held back, as soon as nobody holds it back any more.

        Raises
        ------
        ProjectError
            If the folder cannot be written; `release` or `save` can be called again.
        """
        self._held = max(0, self._held - 1)
        if self._unsaved:
            self.save()

    def _write(self) -> None:
        record = ProjectRecord(
            surveys=tuple(entry.record(self.folder) for entry in self.surveys.values()),
            legend=tuple(self.legend.to_json()),
            settings=self.settings,
        )
        write_record(self.folder, record)

    def remember(self, setting: str, value: Setting) -> None:
        """Keep a setting of the window; where the project is only read, as long as it is open.

        Raises
        ------
        ProjectError
            If the folder cannot be written.
        """
        self.settings[setting] = value
        if not self.read_only:
            self.save()

    def entry(self, key: str | None = None) -> SurveyEntry:
        """Return a survey's entry; without a key, the only survey's.

        Raises
        ------
        ProjectError
            If there is no such survey, or no key says which of several.
        """
        known = ", ".join(self.surveys)
        if key is None and len(self.surveys) == 1:
            return next(iter(self.surveys.values()))
        if key is None:
            raise ProjectError(f"The project holds several surveys: choose one of {known}.")
        if key not in self.surveys:
            raise ProjectError(f"The project has no survey {key!r}; it holds {known}.")
        return self.surveys[key]

    def open_survey(self, key: str, progress: Progress | None = None) -> Survey:
        """Open a survey, making sure that its file is still the one that was added.

        Parameters
        ----------
        key : str
        progress : callable, optional
            Told how many of how many traces are indexed, where no index is kept.

        Raises
        ------
        ProjectError
            If there is no such survey, or its file is missing or changed.
        SurveyError
            If the file cannot be read.
        """
        return self.entry(key).open(self.kept(key), progress)

    def reread(self, key: str, survey: Survey) -> None:
        """Put the same file, read in another way, in the place of a survey; see `rereading`."""
        rereading.reread(self, key, survey)

    def kept(self, key: str, volume: str | None = None) -> Kept:
        """Return where the index and the converted volume of a survey are, or of one beside it."""
        survey = self.entry(key).key
        return self._layout.kept(survey if volume is None else f"{survey}~{volume}")

    def labels_path(self, key: str) -> Path:
        """Return where the labels of a survey are, or will be."""
        return self._layout.labels(self.entry(key).key)

    def labels(self, key: str, *, writable: bool = True) -> FaciesLabels:
        """Open the labels of a survey, making the file on first use.

        Raises
        ------
        LabelError
            If the file cannot be made or read, or does not have the survey's shape; if there
            is none and the project can only be read.
        """
        path, shape = self.labels_path(key), self.entry(key).shape
        if not path.exists():
            if not self.has_labels(key):
                raise LabelError(f"{key} has no labels, and its project is {self.read_only}.")
            FaciesLabels.create(path, shape)
        return FaciesLabels.open(path, writable=writable and not self.read_only, shape=shape)

    def has_labels(self, key: str) -> bool:
        """Whether the labels of a survey can be opened: only reading makes no file of them."""
        return not self.read_only or self.labels_path(key).exists()

    def picks_path(self, key: str, stem: str, kind: str) -> Path:
        """Return where picks of a horizon are, or will be; see `interpretation`."""
        return self._layout.picks(self.entry(key).key, stem, kind)

    def journal_path(self, key: str) -> Path:
        """Return where the edits of a survey are recorded."""
        return self._layout.journal(self.entry(key).key)

    def horizon_path(self, key: str, grid: str) -> Path:
        """Return where the times of a horizon are, or will be; see `horizons.Horizons`."""
        return self._layout.horizon(self.entry(key).key, grid)

    def model_ids(self) -> list[str]:
        """Return the trained models, newest last."""
        return models.model_ids(self._layout.models)

    def new_model_id(self) -> str:
        """Reserve the name of a new model; its folder exists from then on, empty."""
        return models.reserve_model_id(self._layout.models)

    @property
    def models_folder(self) -> Path:
        """The folder with a folder per model."""
        return self._layout.models

    def model_names(self) -> dict[str, str]:
        """Return the names that the interpreter gave to models, by ID."""
        return model_names.names_of(self._layout.models, self.model_ids())

    def find_model(self, wanted: str | None = None) -> str:
        """Return the ID of a trained model, given its ID or name; without one, the newest's.

        Raises
        ------
        ProjectError
            If there is no such model, or none at all.
        """
        return models.find_model(self._layout.models, wanted, self.model_names())

    def model_folder(self, model_id: str) -> Path:
        """Return the folder of a model."""
        return self._layout.model(model_id)

    @property
    def predictions_folder(self) -> Path:
        """The folder with a folder of predictions per model."""
        return self._layout.predictions

    def prediction_path(self, model_id: str, key: str) -> Path:
        """Return the zarr group of a survey's prediction by a model."""
        return self._layout.prediction(model_id, self.entry(key).key)

    def training_job(
        self, model: str | None = None, **choices: Unpack[job_specs.TrainingChoices]
    ) -> JobSpec:
        """Build a training job; see `job_specs.training_job`."""
        return job_specs.training_job(self, model, **choices)

    def prediction_job(
        self,
        model_id: str | None = None,
        key: str | None = None,
        **choices: Unpack[job_specs.PredictionChoices],
    ) -> JobSpec:
        """Build a prediction job; see `job_specs.prediction_job`."""
        return job_specs.prediction_job(self, model_id, key, **choices)

    def tracking_job(self, key: str, folder: Path, options: TrackingOptions) -> TrackingSpec:
        """Build a tracking job; see `job_specs.tracking_job`."""
        return job_specs.tracking_job(self, key, folder, options)

    def conversion_job(self, key: str | None = None) -> ConversionSpec:
        """Build a conversion job; see `job_specs.conversion_job`."""
        return job_specs.conversion_job(self, key)
