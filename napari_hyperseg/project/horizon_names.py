"""Names, files and colours of horizons that are new to a project."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from secrets import token_hex

from napari_hyperseg.errors import ProjectError

# Of the legend's palette, so told apart by colour-blind eyes (the tests hold the distances).
# Those that stand out from grey and from red-white-blue come first; the darkest are left out.
COLORS = (
    "#f0e442", "#009e73", "#e69f00", "#cc79a7", "#56b4e9", "#d55e00", "#0072b2", "#88ffaa",
    "#7766ff", "#aa0044",
)  # fmt: skip
_LONGEST = 100
STEM = r"[A-Za-z0-9_-]{1,60}-[0-9a-f]{8}"
"""What `new_stem` makes, as a regular expression."""


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


def new_stem(name: str) -> str:
    """Return the stem of a file for a horizon: letters that every file system knows.

    It is never the same twice, so that what was made of former times is not taken for these.
    """
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:60] or "horizon"
    return f"{stem}-{token_hex(4)}"


def free_color(taken: Iterable[str]) -> str:
    """Return the first colour that the fewest horizons have."""
    used = list(taken)
    return min(COLORS, key=used.count)
