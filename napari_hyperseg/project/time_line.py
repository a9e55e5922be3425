"""The edits of a survey as a list to look through: when, with what, and whether they still hold.

Pure functions from revisions to rows; knows no window and applies nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from napari_hyperseg.labels.editing.tree import Revision

FIRST = "Before the first edit"
FIRST_KEPT = "Before the first edit that is kept"


class Standing(Enum):
    """What has become of an edit; the value says it."""

    DONE = "done"
    PRESENT = "the present state"
    UNDONE = "undone; redo leads here"
    LEFT = "undone; another edit was made instead"


@dataclass(frozen=True)
class Moment:
    """A state that can be looked at: the one after an edit.

    Parameters
    ----------
    number : int
        Of the revision; that of the state before all others is no edit's.
    time : float or None
        Seconds since 1970; None before the first edit.
    tool, words : str
        What made the edit, and what it did.
    standing : Standing
        What has become of it.
    """

    number: int
    time: float | None
    tool: str
    words: str
    standing: Standing

    @property
    def text(self) -> str:
        """Tool and words: "Brush, Class 2, Inline 1012"."""
        return edit_text(self.tool, self.words)

    @property
    def holds(self) -> bool:
        """Whether the edit is part of the present state."""
        return self.standing in (Standing.DONE, Standing.PRESENT)


def time_line(
    revisions: Sequence[Revision], position: int, onward: Sequence[int] = ()
) -> tuple[Moment, ...]:
    """Return all states that are kept, in the order in which they were made.

    Parameters
    ----------
    revisions : sequence of Revision
        As an `Interpretation` has them.
    position : int
        After which one the survey is now.
    onward : sequence of int
        Those that redo would do again.
    """
    parents = {revision.number: revision.parent for revision in revisions}
    done, number = set(), position
    while number in parents:
        done.add(number)
        number = parents[number]
    undone = set(onward)

    def standing(at: int) -> Standing:
        if at == position:
            return Standing.PRESENT
        if at in done:
            return Standing.DONE
        return Standing.UNDONE if at in undone else Standing.LEFT

    words = FIRST if number == 0 else FIRST_KEPT
    first = Standing.PRESENT if number == position else Standing.DONE
    return (
        Moment(number, None, words, "", first),
        *(Moment(r.number, r.time, r.tool, r.words, standing(r.number)) for r in revisions),
    )


def edit_text(tool: str, words: str) -> str:
    """Say what an edit was: "Brush, Class 2, Inline 1012"."""
    return f"{tool}, {words}" if words else tool


def time_text(time: float | None, now: float) -> str:
    """Say when something was: "14:02" today, "21 Nov 14:02" before, with the year if another."""
    if time is None:
        return ""
    then, today = datetime.fromtimestamp(time), datetime.fromtimestamp(now)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {then:%b}{year} {then:%H:%M}"


def looking_text(moment: Moment, now: float) -> str:
    """Say which state is looked at: "Looking at 14:02: Brush, Class 2, Inline 1012"."""
    when = time_text(moment.time, now)
    return f"Looking at {when}: {moment.text}" if when else f"Looking at: {moment.text}"
