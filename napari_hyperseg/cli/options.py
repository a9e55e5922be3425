"""Arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from napari_hyperseg.jobs.spec import ClusterInput

ProjectFolder = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="The project folder.", show_default=False)
]
SurveyKey = Annotated[
    str | None,
    typer.Option(
        "--survey", metavar="KEY", help="The survey: its file's stem. Needed if there are several."
    ),
]
ModelId = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="MODEL", help="The model, by ID or name; by default the newest."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Compute on the Dask cluster whose scheduler is at HOST:PORT.",
        show_default=False,
    ),
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="FOLDER",
        help="What 'hyperseg certificates' made, the same on all machines of a cluster "
        "(default: in the user's configuration).",
        show_default=False,
    ),
]
NoTls = Annotated[
    bool,
    typer.Option(
        "--no-tls",
        help="Talk to another machine in the clear: only in a network that nobody else is in.",
    ),
]
_LINES = "Survey numbers: 1001,1005 or 1001-1010 or 1000-1100:10."
Inlines = Annotated[
    str | None, typer.Option("--inlines", metavar="LINES", help=_LINES, show_default=False)
]
Crosslines = Annotated[
    str | None, typer.Option("--crosslines", metavar="LINES", help=_LINES, show_default=False)
]
HorizonFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--horizon",
        metavar="NAME=FILE",
        help="A horizon in any of the usual text formats. Repeat it.",
        show_default=False,
    ),
]


class Device(StrEnum):
    """Where to compute."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


DeviceChoice = Annotated[Device, typer.Option("--device", help="Where to compute.")]


def cluster_input(
    address: str | None, certificates: Path | None, no_tls: bool, workers: int | None = None
) -> ClusterInput | None:
    """Where to compute, as it was asked for; None: here.

    Raises
    ------
    JobError
        If it is no address, or may not be talked to.
    """
    from napari_hyperseg.jobs.cluster.address import Address
    from napari_hyperseg.jobs.spec import ClusterInput

    if address is None:
        return None
    Address.parse(address).check(clear=no_tls)
    return ClusterInput(address=address, certificates=certificates, clear=no_tls, workers=workers)


def named_files(pairs: list[str] | None, option: str = "--horizon") -> dict[str, Path]:
    """Split ``NAME=FILE`` arguments.

    Raises
    ------
    typer.BadParameter
        If one is not of this form, a name cannot name a file, or a name occurs twice.
    """
    from napari_hyperseg.project.record import is_safe_name

    files: dict[str, Path] = {}
    for pair in pairs or ():
        name, equals, file = pair.partition("=")
        if not equals or not file:
            raise typer.BadParameter(f"{option} {pair}: write NAME=FILE.")
        if not is_safe_name(name):
            raise typer.BadParameter(f"{option} {pair}: {name!r} cannot be the horizon's name.")
        if name in files:
            raise typer.BadParameter(f"{option} {name} is given twice.")
        files[name] = Path(file).expanduser()
    return files
