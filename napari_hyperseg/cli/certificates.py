"""``hyperseg certificates``: what the machines of a cluster know each other by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from napari_hyperseg.jobs.cluster import check_installed


def certificates(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="A new folder (default: in the user's configuration, where the other commands "
            "look for it).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make the certificates of a cluster; copy their folder to every machine that takes part.

    Who has the folder can run programs on the cluster: keep it as you keep a key.
    """
    check_installed()
    from napari_hyperseg.jobs.cluster.certificates import make_certificates, usual_folder

    made = (usual_folder() if folder is None else folder.expanduser()).absolute()
    make_certificates(made)
    print(f"Certificates {made}.")
    print("Copy this folder to every machine of the cluster; it is valid for three years.")
