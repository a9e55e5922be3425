"""``hyperseg share``: put a project's surveys where a cluster without its folder sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from napari_hyperseg.cli.options import ProjectFolder

if TYPE_CHECKING:
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.survey.shared.folder import SharedFolder


def share(
    project: ProjectFolder,
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL]",
            help="A folder, or a URL such as s3://BUCKET/FOLDER (default: as before).",
            show_default=False,
        ),
    ] = None,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget", help="Let clusters use this computer's folders again; removes nothing."
        ),
    ] = False,
) -> None:
    """Copy the surveys to where a cluster sees them; stop with Ctrl-C, run again to go on.

    Credentials are taken from the environment, here and on each worker.
    """
    from napari_hyperseg.jobs.control import SignalControl
    from napari_hyperseg.project.claim import claimed
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.shared import remember_shared

    if forget and url is not None:
        raise typer.BadParameter("--forget takes no URL.")
    opened = Project.open(project)
    with claimed(opened.folder, "hyperseg share"):
        folder = None if forget else _folder(opened, url)
    if folder is not None:
        with SignalControl() as control:
            if not all(_share(opened, key, folder, control) for key in opened.surveys):
                print("Stopped; run the same command again to go on.")
                return
    with claimed(opened.folder, "hyperseg share"):
        remember_shared(Project.open(project), folder)
    told = "this computer's folders" if folder is None else folder
    print(f"Clusters use {told} from now on.")


def _folder(project: Project, url: str | None) -> SharedFolder:
    """Where to, which can be written.

    Raises
    ------
    typer.BadParameter
        If nothing is said, now or before.
    SharedFolderError
        If it cannot be used from here.
    """
    from napari_hyperseg.project.shared import shared_folder
    from napari_hyperseg.survey.shared.folder import SharedFolder

    folder = shared_folder(project) if url is None else SharedFolder.parse(url)
    if folder is None:
        raise typer.BadParameter("Say where: a folder that all workers see, or s3://BUCKET/FOLDER.")
    folder.check()
    return folder


def _share(project: Project, key: str, folder: SharedFolder, control: SignalControl) -> bool:
    """Convert and copy a survey; tell whether all of it is there."""
    from napari_hyperseg.cli.converting import convert_showing
    from napari_hyperseg.cli.long_work import LongWork
    from napari_hyperseg.survey.shared import copying

    if convert_showing(project, key, control).reason != "done":
        return False
    survey = project.open_survey(key)
    megabytes = survey.volume.nbytes / 1e6
    with LongWork(f"Sharing {key}", "MB") as progress:
        done = copying.share(
            survey,
            project.kept(key),
            folder,
            told=lambda share: progress(megabytes * share, megabytes),
            wanted=lambda: not control.poll(),
        )
    if done:
        print(f"{key}: shared in {folder}.")
    return done
