"""The sample cube as a project: its classes by name, its sparse lines labelled.

Owns what a first look at the product starts from; the files are the survey layer's.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.labelling import label_facies
from napari_hyperseg.project.line_choice import LineChoice
from napari_hyperseg.project.record import FILE_NAME
from napari_hyperseg.survey.sample import SAMPLE_NAME, SampleFiles, sample_files


def open_sample_project(folder: Path | None = None) -> Project:
    """Open the sample project, making it first where there is none.

    Parameters
    ----------
    folder : Path, optional
        Where it is; by default in the user's application data.

    Raises
    ------
    ProjectError, SurveyError
        If it cannot be made or opened, or the installation lacks the sample.
    """
    files = sample_files()
    folder = folder or sample_folder()
    if (folder / FILE_NAME).exists():
        return _found_again(Project.open(folder), files)
    project = Project.create(folder, [files.segy])
    project.legend = Legend.named(files.classes)
    project.save()
    label_facies(project, files.segy.stem, files.facies, _labelled_lines(project, files))
    return project


def sample_folder() -> Path:
    """Return where the sample project is, or would be, in the user's application data."""
    data = user_data_path("napari-hyperseg", appauthor=False)
    return data / "projects" / f"{SAMPLE_NAME}.hyperseg"


def _found_again(project: Project, files: SampleFiles) -> Project:
    """Point to this installation's cube when the one that made the project is gone."""
    entry = project.entry(files.segy.stem)
    if not entry.path.exists():
        project.surveys[entry.key] = replace(entry, path=files.segy)
        project.save()
    return project


def _labelled_lines(project: Project, files: SampleFiles) -> LineChoice:
    geometry = project.open_survey(files.segy.stem).geometry
    return LineChoice(
        inlines=tuple(geometry.inline_index(number) for number in files.inlines),
        crosslines=tuple(geometry.crossline_index(number) for number in files.crosslines),
    )
