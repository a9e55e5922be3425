"""Where a new project folder may be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_data_path

from napari_hyperseg.errors import ProjectError

SUFFIX = ".hyperseg"


def check_unused(folder: Path) -> None:
    """Refuse a place where a new project would cover something.

    Raises
    ------
    ProjectError
        If there is a file, or a folder with something in it.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise ProjectError(f"{folder} exists already and is not empty. Choose another folder.")


def check_stems(files: Sequence[Path]) -> None:
    """Refuse files that would have the same survey key.

    Raises
    ------
    ProjectError
        If there is no file, or two have the same stem.
    """
    if not files:
        raise ProjectError("A project needs at least one SEG-Y file.")
    stems = [path.stem for path in files]
    for stem in stems:
        if stems.count(stem) > 1:
            raise ProjectError(f"Two files are called {stem}; surveys are told apart by name.")


def place_beside(segy: Path) -> Path:
    """Return where the project of a file is, or would be: beside it if that can be written."""
    beside = segy.with_suffix(SUFFIX)
    if beside.exists() or os.access(segy.parent, os.W_OK):
        return beside
    where = hashlib.sha256(str(segy).encode()).hexdigest()[:8]
    projects = user_data_path("napari-hyperseg", appauthor=False) / "projects"
    return projects / f"{segy.stem}-{where}{SUFFIX}"
