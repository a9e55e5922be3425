"""``hyperseg convert``: keep a survey's samples in a form that is quick in every direction."""

from __future__ import annotations

import time

from napari_hyperseg.cli.options import ProjectFolder, SurveyKey


def convert(project: ProjectFolder, survey: SurveyKey = None) -> None:
    """Convert a survey to zarr inside the project; stop with Ctrl-C, run again to go on."""
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.store.conversion import convert as fill
    from napari_hyperseg.survey.store.store import VolumeStore

    opened = Project.open(project)
    entry = opened.entry(survey)
    source = opened.open_survey(entry.key)
    store = VolumeStore.of(opened.kept(entry.key).volume, source.volume, source.source)
    began = time.monotonic()
    with SignalControl() as control, LongWork("Converting", "MB") as progress:
        complete = fill(
            source.volume,
            store,
            progress=lambda share: progress(share * store.megabytes, store.megabytes),
            wanted=lambda: not control.poll(),
        )
    if complete:
        print(f"{entry.key}: converted in {time.monotonic() - began:.0f} s.")
    else:
        print(f"{entry.key}: stopped; run the same command again to go on.")
