"""What a worker is told while its job runs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from napari_hyperseg.jobs.messages import Message, View


class StopJob(Message):
    """End the job, keeping what it has."""

    command: Literal["stop"] = "stop"


class PauseJob(Message):
    """Compute nothing until resumed."""

    command: Literal["pause"] = "pause"


class ResumeJob(Message):
    """Go on after a pause."""

    command: Literal["resume"] = "resume"


class UseChangedLabels(Message):
    """Read the labels again: they changed, and are at this revision, or a later one."""

    command: Literal["labels_changed"] = "labels_changed"
    survey: str
    revision: int | None = Field(default=None, ge=0)


class LookAt(Message):
    """Predict this section first from now on."""

    command: Literal["look_at"] = "look_at"
    view: View


Command = StopJob | PauseJob | ResumeJob | UseChangedLabels | LookAt

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="command")])


def parse_command(line: str | bytes) -> Command:
    """Read one command from a JSON line.

    Raises
    ------
    pydantic.ValidationError
        If the line is not a command.
    """
    return _COMMANDS.validate_json(line)
