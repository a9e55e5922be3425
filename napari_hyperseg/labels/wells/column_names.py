"""What the name of a column of wells says: what it holds, and the unit of times and depths."""

from __future__ import annotations

import re
from collections.abc import Iterable

from napari_hyperseg.survey.horizon_files import header_names

_KNOWN: dict[str, frozenset[str]] = {
    "well": frozenset(
        {"well", "wellname", "wellid", "wellbore", "wellborename", "borehole", "boreholename",
         "boreholeid", "hole", "holeid", "uwi", "uwbi", "api", "bore"}
    ),
    "top": frozenset({"top", "from", "upper", "start", "begin"}),
    "base": frozenset({"base", "bottom", "bot", "btm", "to", "lower", "end", "stop"}),
    "facies": frozenset(
        {"facies", "faciesname", "faciescode", "class", "classname", "classcode", "code",
         "lithology", "lithofacies", "litho", "lith", "rock", "rocktype", "label", "interval"}
    ),
    "pick": frozenset(
        {"pick", "pickname", "topname", "nameoftop", "marker", "markername", "surface",
         "surfacename", "formation", "formationname", "fm", "zone", "zonename", "unitname",
         "stratunit", "horizon", "horizonname", "strat", "member", "group"}
    ),
    "name": frozenset({"name"}),
    **{
        role: frozenset(header_names.ROLES[role])
        for role in ("inline", "crossline", "x", "y")
    },
}  # fmt: skip
_TIME = header_names.UNITS["time"] | {"twoway", "two", "way", "tt"}
_DEPTH = header_names.UNITS["depth"] | {"md", "tvdkb", "measured", "true", "vertical", "subsea"}
_SIZES = ("ms", "s", "m", "ft")
_SIZE_WORDS = frozenset().union(*(header_names.UNITS[size] for size in _SIZES))
_HORIZON_WORDS = frozenset({"horizon", "surface"})


def names_wells(names: Iterable[str]) -> bool:
    """Say whether a header is one of wells, not of a horizon."""
    roles = {role_of(name) for name in names if not _HORIZON_WORDS & set(words_of(name))}
    return bool(roles & {"well", "facies", "pick"}) or {"top", "base"} <= roles


def header_unit(name: str) -> str | None:
    """Return "ms", "s", "m" or "ft", else "time" or "depth", else None."""
    words = set(words_of(name))
    for size in _SIZES:
        if words & header_names.UNITS[size]:
            return size
    return "time" if words & _TIME else "depth" if words & _DEPTH else None


def role_of(name: str) -> str | None:
    """Return one of `columns.ROLES`, or "name"; None where the name says nothing."""
    words = words_of(name)
    sized = [word for word in words if word not in _SIZE_WORDS]
    bare = [word for word in sized if word not in _TIME | _DEPTH]
    for joined in ("".join(words), "".join(sized), "".join(bare)):
        for role, known in _KNOWN.items():
            if joined in known:
                return role
    return "z" if (sized and not bare) or "".join(sized) in ("z", "zvalue") else None


def words_of(name: str) -> list[str]:
    """Return the words of a name, in small letters: ``TopDepth_m`` is top, depth, m."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.findall(r"[^\W\d_]+", parted.lower())
