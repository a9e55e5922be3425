"""What the window remembers from one day to the next, whatever project is open.

A small file in the user's configuration.  Nothing depends on it: where it cannot be read, it is
as if nothing was ever said, and where it cannot be written, nothing is remembered.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from platformdirs import user_config_path

from napari_hyperseg.survey.replacing import replacing

logger = logging.getLogger(__name__)

FILE_NAME = "window.json"
FIRST_STEPS = "first_steps"  # whether they are shown
DETAILS = "details"  # whether extent and project of the survey are shown
CLUSTERS = "clusters"  # addresses of schedulers
COMPUTE_ON = "compute_on"  # one of them


def preference(name: str, default: bool) -> bool:
    """Return what was said of `name`, or the default."""
    said = _read().get(name, default)
    return said if isinstance(said, bool) else default


def preferred_texts(name: str) -> list[str]:
    """Return the texts that were said of `name`; none by default."""
    said = _read().get(name)
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []


def prefer(name: str, value: bool | list[str]) -> None:
    """Remember a preference."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside:
            beside.write_text(json.dumps(_read() | {name: value}, indent=2) + "\n", "utf-8")
    except OSError as error:
        logger.warning("%s is not remembered: %s", name, error)


def _read() -> dict[str, object]:
    try:
        said = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _path() -> Path:
    return user_config_path("napari-hyperseg", appauthor=False) / FILE_NAME
