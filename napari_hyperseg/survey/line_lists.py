"""Lists of line numbers as they are typed: ``1001,1005``, ``1001-1010``, ``1000-1100:10``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from napari_hyperseg.errors import LineNotFoundError

_ITEM = re.compile(r"(?P<first>-?\d{1,9})(?:-(?P<last>-?\d{1,9})(?::(?P<step>\d{1,9}))?)?")


def line_indices(
    text: str | None, numbers: Sequence[int], index_of: Callable[[int], int], kind: str
) -> tuple[int, ...] | None:
    """Turn a typed list into array indices.

    Parameters
    ----------
    text : str or None
        Numbers and ranges between commas.  A range without a step takes every line of the
        survey in it; with a step, exactly the numbers counted off from its first.
    numbers : sequence of int
        The survey's line numbers.
    index_of : callable
        Gives a number's index, or raises `LineNotFoundError`.
    kind : {"inlines", "crosslines"}
        For messages.

    Returns
    -------
    tuple of int or None
        Sorted, without repeats; None where `text` is None.

    Raises
    ------
    LineNotFoundError
        If the text is no such list, or a line is not one of the survey's.
    """
    if text is None:
        return None
    found: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item.strip())
        if match is None:
            raise LineNotFoundError(
                f"{kind} {text}: {item.strip()!r} is no line number. Write 1001,1005 or "
                "1001-1010 or 1000-1100:10."
            )
        found.update(index_of(number) for number in _numbers(match, numbers, kind))
    return tuple(sorted(found))


def _numbers(match: re.Match[str], numbers: Sequence[int], kind: str) -> list[int]:
    first = int(match["first"])
    if match["last"] is None:
        return [first]
    last, low, high = int(match["last"]), min(numbers), max(numbers)
    chosen: list[int] = []
    if low <= first <= last <= high and match["step"] is not None:
        chosen = list(range(first, last + 1, max(int(match["step"]), 1)))
    elif low <= first <= last <= high:
        chosen = [int(number) for number in numbers if first <= number <= last]
    if not chosen:
        raise LineNotFoundError(
            f"{kind} {match[0]}: no such range; the survey has {kind} {low}-{high}."
        )
    return chosen
