"""Which column of a table of wells is what: by its name, unless the user says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.wells.column_names import header_unit, role_of, words_of
from napari_hyperseg.labels.wells.table import CsvTable, number_of, shown

ROLES = ("well", "inline", "crossline", "x", "y", "top", "base", "z", "facies", "pick")
"""What a column may hold; z: time or depth of a top, pick: its name."""

_N_NAMES, _NAME_LENGTH = 12, 30  # of columns in a message
_NUMBERS = ("top", "base", "z")


@dataclass(frozen=True)
class WellColumns:
    """Numbers of columns, from 0.

    Parameters
    ----------
    well : int
        Name of the well.
    place : tuple of int
        Inline and crossline, or x and y.
    on_map : bool
        Whether it is the latter.
    top : int
        Time or depth at which what is named begins.
    base : int or None
        Where it ends; None: at the next row of the well.
    name : int
        What it is called.
    by_code : bool
        Whether numbers in the names are codes of classes.
    unit : str or None
        Of top and base: "ms", "s", "m", "ft", else "time" or "depth".
    notes : tuple of str
        What is not sure.
    """

    well: int
    place: tuple[int, int]
    on_map: bool
    top: int
    base: int | None
    name: int
    by_code: bool
    unit: str | None
    notes: tuple[str, ...] = ()


def find_columns(table: CsvTable, domain: str, said: Mapping[str, str]) -> WellColumns:
    """Say which column of a table is what.

    Parameters
    ----------
    table : CsvTable
        Its names and first rows are looked at.
    domain : {"time", "depth"}
        Of the survey: of several columns for a top, those that count it are taken.
    said : mapping of str to str
        Name or number of the column for roles that the user gives.

    Raises
    ------
    WellError
        If a column is missing.
    """
    found = _candidates(table)
    for role, column in said.items():
        found[role] = [_said_column(table, column)]
    vertical = {role: _of_domain(table, found.pop(role, []), domain) for role in _NUMBERS}
    one = {role: numbers[0] for role, numbers in found.items()} | {
        role: number for role, number in vertical.items() if number is not None
    }
    _share_name(one)
    well = _need(table, one, "the name of the well", "well")
    place, on_map = _place(table, one)
    base = one.get("base")
    top, name = _of_interval(table, one) if base is not None else _of_top(table, one)
    unit, by_code = _unit(table, top, base), name == one.get("facies")
    return WellColumns(well, place, on_map, top, base, name, by_code, unit, _doubts(table, top))


def said_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Read "ROLE=NAME" as a user types it; see `content.WellChoice`.

    Raises
    ------
    WellError
        If one is not of this form, or its role is none.
    """
    said: dict[str, str] = {}
    for pair in pairs:
        role, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or not name or role not in ROLES:
            raise WellError(
                f"Columns are said as ROLE=NAME, not {shown(pair)}; "
                f"the roles are {', '.join(ROLES)}."
            )
        said[role] = name
    return said


def _candidates(table: CsvTable) -> dict[str, list[int]]:
    """Give the columns by what their names say, in their order."""
    found: dict[str, list[int]] = {}
    for number, name in enumerate(table.names):
        role = role_of(name)
        if role is not None:
            found.setdefault(role, []).append(number)
    top = found.get("top", [])
    if top and "base" not in found and _is_text(table, top[0]):
        found.setdefault("pick", []).append(top.pop(0))
    return found


def _is_text(table: CsvTable, column: int) -> bool:
    cells = [row[column] for _, row in table.sample if column < len(row) and row[column]]
    words = sum(number_of(cell, comma=table.comma) is None for cell in cells)
    return 2 * words > len(cells)


def _of_domain(table: CsvTable, columns: list[int], domain: str) -> int | None:
    """Give the first column that counts what the survey counts, else one that may."""
    units = [header_unit(table.names[column]) for column in columns]
    wanted = {"time": {"time", "ms", "s"}, "depth": {"depth", "m", "ft"}}[domain]
    rank = [0 if unit in wanted else 1 if unit is None else 2 for unit in units]
    return columns[rank.index(min(rank))] if columns else None


def _share_name(one: dict[str, int]) -> None:
    """A column that is called "name" names the well, or else what the row is about."""
    name = one.pop("name", None)
    if name is not None:
        one.setdefault("pick" if "well" in one else "well", name)


def _place(table: CsvTable, one: Mapping[str, int]) -> tuple[tuple[int, int], bool]:
    for pair, on_map in ((("inline", "crossline"), False), (("x", "y"), True)):
        if pair[0] in one and pair[1] in one:
            return (one[pair[0]], one[pair[1]]), on_map
    raise _missing(table, "where the well is", "inline and crossline, or x and y")


def _of_interval(table: CsvTable, one: Mapping[str, int]) -> tuple[int, int]:
    top = _need(table, one, "where the interval begins", "top", "z")
    return top, _need(table, one, "what the interval is", "facies", "pick")


def _of_top(table: CsvTable, one: Mapping[str, int]) -> tuple[int, int]:
    top = _need(table, one, "the time or depth of the top", "z", "top")
    return top, _need(table, one, "what begins there", "pick", "facies")


def _unit(table: CsvTable, top: int, base: int | None) -> str | None:
    names = [table.names[column] for column in (top, base) if column is not None]
    units = [unit for unit in map(header_unit, names) if unit is not None]
    if len(set(units)) > 1 and not set(units) & {"time", "depth"}:
        raise WellError(
            f"{table.path.name} has {names[0]} in {units[0]} and {names[1]} in {units[1]}. "
            "Give both in one unit."
        )
    return next((unit for unit in units if unit not in ("time", "depth")), next(iter(units), None))


def _doubts(table: CsvTable, top: int) -> tuple[str, ...]:
    if not {"md", "measured"} & set(words_of(table.names[top])):
        return ()
    return (
        f"{table.names[top]} counts along the well from the rig floor; it is taken for the "
        "survey's depth.",
    )


def _need(table: CsvTable, one: Mapping[str, int], what: str, *roles: str) -> int:
    number = next((one[role] for role in roles if role in one), None)
    if number is None:
        raise _missing(table, what, " or ".join(roles))
    return number


def _missing(table: CsvTable, what: str, names: str) -> WellError:
    return WellError(
        f"{table.path.name} has no column for {what}: its first row is {_header(table)}. "
        f"Name it {names} there."
    )


def _said_column(table: CsvTable, column: str) -> int:
    lower = [name.lower() for name in table.names]
    if column.strip().lower() in lower:
        return lower.index(column.strip().lower())
    if column.isdecimal() and 1 <= int(column) <= len(lower):
        return int(column) - 1
    raise WellError(
        f"{table.path.name} has no column {shown(column)}: its columns are {_header(table)}."
    )


def _header(table: CsvTable) -> str:
    """Give the names of the columns, cut to what fits a message."""
    names = [name[:_NAME_LENGTH] or "-" for name in table.names]
    return ", ".join([*names[:_N_NAMES], *(["..."] if len(names) > _N_NAMES else [])])
