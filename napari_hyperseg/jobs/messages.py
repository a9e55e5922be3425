"""What specifications, commands and events of jobs are made of: JSON, of known fields."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Half-open index ranges along (inline, crossline, sample)."""

Code = Annotated[int, Field(ge=1, le=255)]
"""Of a class of the facies."""


class Message(BaseModel):
    """Base of the JSON messages: immutable, and refusing unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class View(Message):
    """The section on screen: predicted first.

    Parameters
    ----------
    survey : str
        Key of the survey.
    axis : {0, 1, 2}
        The axis that is cut: 0 shows an inline, 1 a crossline, 2 a time slice.
    index : int
        Array index along that axis.
    """

    survey: str
    axis: Literal[0, 1, 2] = 0
    index: int = 0
