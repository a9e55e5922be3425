"""Names, files and colours of horizons that are new to a project."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from napari_hyperseg.errors import ProjectError

# After Okabe and Ito: told apart by colour-blind eyes.  Those that stand out from grey and from
# red-white-blue come first; black and grey, which seismic has itself, are left out.
COLORS = (
    "#f0e442", "#009e73", "#e69f00", "#cc79a7", "#56b4e9", "#d55e00", "#0072b2", "#aa4499",
    "#88ccee", "#ddcc77",
)  # fmt: skip
_LONGEST = 100


def checked_name(name: str, others: Collection[str]) -> str:
    """Return a horizon's name without blanks around it.

    Raises
    ------
    ProjectError
        If it is empty or too long, or another horizon has it.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or re.search(r"[\x00-\x1f]", name):
        raise ProjectError(
            f"{name[:20]!r} cannot be a horizon's name: write 1 to {_LONGEST} letters."
        )
    if name in others:
        raise ProjectError(f"There is a horizon {name!r} already. Choose another name.")
    return name


def free_grid(name: str, taken: Iterable[str]) -> str:
    """Return the stem of a file for a horizon: letters that every file system knows."""
    used = {grid.casefold() for grid in taken}
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:60] or "horizon"
    candidates = (f"{stem}-{number}" for number in range(1, len(used) + 2))
    return next(one for one in candidates if one.casefold() not in used)


def free_color(taken: Iterable[str]) -> str:
    """Return the first colour that the fewest horizons have."""
    used = list(taken)
    return min(COLORS, key=used.count)
