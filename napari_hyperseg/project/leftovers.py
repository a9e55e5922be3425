"""Files of horizons to which nothing leads any more: neither the record nor any kept edit.

Owns which files those are, and that nothing else is removed: only names as `new_stem` makes
them, in the folders of horizons and picks.  To be called by who holds the project's claim, when
the journal is what will be kept of it; a process that dies meanwhile leaves the rest for the
next time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_hyperseg.errors import ProjectError
from napari_hyperseg.project.horizon_names import STEM
from napari_hyperseg.project.picks import KINDS, TIMES
from napari_hyperseg.project.record import read_record

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project

logger = logging.getLogger(__name__)

_SURFACE = re.compile(rf"(?P<stem>{STEM})(\.confidence)?\.npy")
_PICKS = re.compile(rf"(?P<stem>{STEM})\.({TIMES}|{KINDS})\.npy")


def remove_leftovers(
    project: Project, key: str, states: Iterable[Any], targets: Iterable[str]
) -> list[Path]:
    """Remove surfaces, confidences and picks that nothing leads to.

    Parameters
    ----------
    project : Project
        Its record counts as it is in memory and on the disk.
    key : str
        The survey.
    states : iterable of JSON
        What the record said, or may say again, of the horizons; see `noted.note_of`.
    targets : iterable of str
        Arrays that kept edits changed.

    Returns
    -------
    list of Path
        What was removed: nothing where something is not understood.
    """
    try:
        present = [asdict(horizon) for horizon in project.entry(key).horizons]
        stored = [survey for survey in read_record(project.folder).surveys if survey.key == key]
        on_disk = [dict(horizon) for survey in stored for horizon in survey.horizons]
        horizons = [horizon for state in (present, on_disk, *states) for horizon in state]
        edited = [target.partition("/")[2] for target in targets]
        picks = _names([*edited, *(horizon["stem"] for horizon in horizons)])
        surfaces = _names(horizon["surface"] for horizon in horizons)
        left = [*_surfaces(project, key, surfaces), *_picks(project, key, picks)]
        return [path for path in left if _remove(path)]
    except (ProjectError, OSError, KeyError, TypeError, AttributeError) as error:
        logger.warning("Old files of horizons stay where they are: %s", error)
        return []


def _names(stems: Iterable[str | None]) -> set[str]:
    """Return stems that are kept; file systems may not tell case."""
    return {stem.casefold() for stem in stems if stem is not None}


def _surfaces(project: Project, key: str, kept: set[str]) -> Iterator[Path]:
    return _left(project.horizon_path(key, "any").parent, _SURFACE, kept)


def _picks(project: Project, key: str, kept: set[str]) -> Iterator[Path]:
    return _left(project.picks_path(key, "any", KINDS).parent, _PICKS, kept)


def _left(folder: Path, ours: re.Pattern[str], kept: set[str]) -> Iterator[Path]:
    """Yield files of a folder whose names the project made, and that nothing leads to."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        found = ours.fullmatch(path.name)
        if found is None or found["stem"].casefold() in kept:
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError as error:
        logger.warning("%s could not be removed: %s", path, error.strerror)
        return False
    return True
