"""What the name of a column says: its role, and the unit of z."""

from __future__ import annotations

import re

from napari_hyperseg.survey.horizon_files.content import Columns

ROLES: dict[str, frozenset[str]] = {
    "inline": frozenset({"inline", "il", "iline", "inlineno", "inlinenumber", "lineno"}),
    "crossline": frozenset(
        {"crossline", "xline", "xl", "crosslineno", "xlineno", "crosslinenumber", "trace", "cdp"}
    ),
    "x": frozenset({"x", "xcoord", "xcoordinate", "easting", "east", "cdpx", "utmx", "xutm"}),
    "y": frozenset({"y", "ycoord", "ycoordinate", "northing", "north", "cdpy", "utmy", "yutm"}),
    "z": frozenset({"z", "zvalue", "twt", "time", "twoway", "depth", "tvd", "tvdss", "elevation"}),
}
UNITS: dict[str, frozenset[str]] = {
    "ms": frozenset({"ms", "msec", "millisecond", "milliseconds"}),
    "s": frozenset({"s", "sec", "second", "seconds"}),
    "m": frozenset({"m", "meter", "meters", "metre", "metres"}),
    "ft": frozenset({"ft", "foot", "feet"}),
    "time": frozenset({"twt", "time"}),
    "depth": frozenset({"depth", "tvd", "tvdss", "elevation"}),
}
_ALL_UNITS = frozenset().union(*(UNITS[unit] for unit in ("ms", "s", "m", "ft")))


def named_columns(names: tuple[str, ...]) -> Columns:
    """Give the columns whose name tells their role; of two with one role, the first."""
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        role = role_of(name)
        if role is not None:
            found.setdefault(role, number)
    return Columns(**found)


def role_of(name: str) -> str | None:
    """Give "inline", "crossline", "x", "y" or "z"; None where the name says nothing."""
    words = _words(name)
    for joined in ("".join(words), "".join(w for w in words if w not in _ALL_UNITS)):
        for role, known in ROLES.items():
            if joined in known:
                return role
    return None


def unit_of(name: str) -> str | None:
    """Give "ms", "s", "m" or "ft", else "time" or "depth", else None."""
    words = _words(name)
    return next((u for u, known in UNITS.items() if any(w in known for w in words)), None)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", name.lower().replace("cross-line", "crossline"))
