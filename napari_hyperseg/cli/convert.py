"""``hyperseg convert``: keep a survey's samples in a form that is quick in every direction."""

from __future__ import annotations

import time

from napari_hyperseg.cli.options import ProjectFolder, SurveyKey


def convert(project: ProjectFolder, survey: SurveyKey = None) -> None:
    """Convert a survey to zarr inside the project; stop with Ctrl-C, run again to go on."""
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.segy.opening import open_survey
    from napari_hyperseg.survey.store.conversion import convert as fill
    from napari_hyperseg.survey.store.store import VolumeStore

    opened = Project.open(project)
    entry = opened.entry(survey)
    opened.open_survey(entry.key)  # refuses a file that is not the one that was added
    file = open_survey(entry.path, entry.reading)
    store = VolumeStore.of(opened.kept(entry.key).volume, file.volume, file.source)
    began = time.monotonic()
    with SignalControl() as control, LongWork("Converting", "MB") as progress:
        complete = fill(
            file.volume,
            store,
            progress=lambda share: progress(share * store.megabytes, store.megabytes),
            wanted=lambda: not control.poll(),
        )
    if complete:
        print(f"{entry.key}: converted in {time.monotonic() - began:.0f} s.")
    else:
        print(f"{entry.key}: stopped; run the same command again to go on.")
