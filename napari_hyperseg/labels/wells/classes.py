"""The classes of wells: which of the legend's they are, and which are new."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from napari_hyperseg.errors import WellError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.wells.table import NOTHING, number_of

MOST_CLASSES = 255
_NOTHING = NOTHING | {"-999", "-999.0", "-999.25", "-9999", "-9999.0"}


def facies_of(path: Path, names: Sequence[str], *, by_code: bool) -> list[str | int | None]:
    """Say what names of a file mean: a name, a code, or nothing.

    Parameters
    ----------
    path : Path
        For messages.
    names : sequence of str
        As the file has them.
    by_code : bool
        Whether numbers are codes, 0 = unlabelled.

    Raises
    ------
    WellError
        If a number is no code, a name cannot be shown, or there are too many.
    """
    if len(names) > MOST_CLASSES + len(_NOTHING):
        raise WellError(
            f"{path.name} has {len(names)} different names of facies or tops, such as "
            f'"{names[0]}"; {MOST_CLASSES} are possible. Check which column holds them.'
        )
    return [_facies(path, name, by_code) for name in names]


def code_of(facies: str | int, legend: Legend) -> int | None:
    """Return the code of a facies in a legend; names match whatever their capitals.

    None where the legend has it not.
    """
    if isinstance(facies, int):
        return facies if 1 <= facies <= legend.n_classes else None
    if facies in legend.names:
        return 1 + legend.names.index(facies)
    lower = [name.casefold() for name in legend.names]
    return 1 + lower.index(facies.casefold()) if facies.casefold() in lower else None


def legend_of_wells(
    path: Path, classes: Sequence[str | int], legend: Legend, *, named: bool = True
) -> Legend:
    """Add to a legend the classes that it has not, in their order.

    Parameters
    ----------
    path : Path
        For messages.
    classes : sequence of str or int
        Names and codes.
    legend : Legend
        The project's.
    named : bool
        Whether somebody uses it: else new names take the place of its own.

    Raises
    ------
    WellError
        If the classes become too many.
    """
    new = [one for one in classes if isinstance(one, str) and code_of(one, legend) is None]
    highest = max((one for one in classes if isinstance(one, int)), default=0)
    if not named and len(new) == len(classes):
        legend = Legend(())
    if max(legend.n_classes, highest) + len(new) > MOST_CLASSES:
        raise WellError(
            f"{path.name} has {len(new)} new classes; with the legend's there would be more than "
            f"{MOST_CLASSES}. Check which column holds their names."
        )
    grown = legend.grown_to(highest)
    for name in new:
        grown = grown if code_of(name, grown) else grown.with_class(name)
    return grown


def codes_of(classes: Sequence[str | int], legend: Legend) -> dict[str | int, int]:
    """Return the codes of classes, without those that the legend has not."""
    codes = {one: code_of(one, legend) for one in classes}
    return {one: code for one, code in codes.items() if code is not None}


def _facies(path: Path, name: str, by_code: bool) -> str | int | None:
    if name.lower() in _NOTHING:
        return None
    number = number_of(name, comma=True) if by_code else None
    if number is not None:
        return _code(path, name, number)
    if not name.isprintable():
        raise WellError(
            f"{path.name} has a name that cannot be printed, {name!r}. Save the file as UTF-8."
        )
    return name


def _code(path: Path, name: str, number: float) -> int | None:
    if not number.is_integer() or not 0 <= number <= MOST_CLASSES:
        raise WellError(
            f"{path.name} has facies {name}, which is no code of 0 to {MOST_CLASSES}. "
            "Give names, or codes of classes."
        )
    return int(number) or None
