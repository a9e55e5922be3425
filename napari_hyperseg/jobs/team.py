"""Several processes that train one model: how they begin, and what those do that only help.

Who leads runs the job as it is anywhere.  The others open the same surveys, whose amplitudes are
what is slow to bring to them, and differentiate the blocks that they are given, step by step.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

from napari_hyperseg.errors import HypersegError, JobError
from napari_hyperseg.jobs.inputs import open_source
from napari_hyperseg.jobs.messages import Message
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.learn.data import SurveyData
from napari_hyperseg.learn.descent import DivergedError
from napari_hyperseg.learn.device import choose_device
from napari_hyperseg.learn.meeting import Meeting, put, wait_for
from napari_hyperseg.learn.model import Model, model_of
from napari_hyperseg.learn.processes import Helper, Leader, MemoryRanOutError
from napari_hyperseg.learn.task import Task
from napari_hyperseg.learn.team import TeamError, differentiate

BEGIN_S = 120.0  # for all to come and to open the surveys
_BEGINNING, _GO, _REASON = "beginning", "go", "reason"


class Beginning(Message):
    """What who helps has to know before the first step.

    Parameters
    ----------
    surveys : tuple of SurveyInput
        Without their labels.
    model : dict
        The model's card.
    device : {"cpu", "cuda"}
        What all compute on.
    slabs : bool
        Whether they share each block.
    """

    surveys: tuple[SurveyInput, ...]
    model: dict[str, Any]
    device: Literal["cpu", "cuda"]
    slabs: bool


def gather(leader: Leader, surveys: Sequence[SurveyInput], model: Model) -> None:
    """Tell all others what there is to do, and begin together.

    Parameters
    ----------
    leader : Leader
    surveys : sequence of SurveyInput
    model : Model
        To be trained.

    Raises
    ------
    JobError
        If one of them does not come, or cannot open a survey.
    """
    beginning = Beginning(
        surveys=tuple(survey.model_copy(update=_WITHOUT_LABELS) for survey in surveys),
        model=model.card(),
        device=leader.device.type,  # type: ignore[arg-type]
        slabs=leader.slabs,
    )
    meeting = leader.meeting
    put(meeting.store, _BEGINNING, beginning.model_dump_json().encode())
    deadline = time.monotonic() + BEGIN_S
    for rank in range(1, meeting.size):
        answer = wait_for(meeting.store, _answer(rank), deadline)
        if answer is None:
            raise TeamError(
                f"Of the {meeting.size} processes that are to train together, number {rank + 1} "
                f"did not come within {BEGIN_S:.0f} s."
            )
        if answer:
            raise JobError(answer.decode())
    put(meeting.store, _GO, b"go")
    leader.join()


def call_off(meeting: Meeting) -> None:
    """Send those home who came to help: there is nothing to do."""
    for place in (_BEGINNING, _GO):
        put(meeting.store, place, b"")


def why_it_ended(meeting: Meeting | None) -> str | None:
    """Return what one of the others said before it went; None if it said nothing."""
    try:
        if meeting is None or not meeting.store.check([_REASON]):
            return None
        return meeting.store.get(_REASON).decode()
    except RuntimeError:  # of a store that is gone
        return None


def help_train(meeting: Meeting, surveys: Sequence[SurveyInput] = ()) -> None:
    """Help who leads the team until dismissed.

    Parameters
    ----------
    meeting : Meeting
    surveys : sequence of SurveyInput
        As they are opened here; by default as who leads opens them.

    Raises
    ------
    HypersegError
        If a survey cannot be opened here, or who leads is gone.
    """
    told = wait_for(meeting.store, _BEGINNING, time.monotonic() + BEGIN_S)
    if told is None:
        raise TeamError("Nobody leads the training: no word for two minutes.")
    if not told:
        return
    try:
        beginning = Beginning.model_validate_json(told)
        helping = _Helping(meeting, beginning, surveys or beginning.surveys)
    except HypersegError as error:
        put(meeting.store, _answer(meeting.rank), str(error).encode())
        raise
    put(meeting.store, _answer(meeting.rank), b"")
    if wait_for(meeting.store, _GO, time.monotonic() + BEGIN_S):
        try:
            helping.until_dismissed()
        except TeamError:
            raise
        except HypersegError as error:
            put(meeting.store, _REASON, str(error).encode())
            raise


class _Helping:
    """What it takes to help."""

    def __init__(
        self, meeting: Meeting, beginning: Beginning, surveys: Sequence[SurveyInput]
    ) -> None:
        self._device = choose_device(beginning.device)
        self._data = {survey.key: SurveyData(survey.key, open_source(survey)) for survey in surveys}
        self._model = model_of(beginning.model)
        self._model.net.to(self._device)
        self._team = Helper(meeting, self._device, slabs=beginning.slabs)

    def until_dismissed(self) -> None:
        """Do one step after another."""
        self._team.join()
        try:
            for task in self._team.tasks(self._model.net):
                with suppress(DivergedError, MemoryRanOutError):
                    self._do(task)
        finally:
            self._team.leave()

    def _do(self, task: Task) -> None:
        net = self._model.net
        if net.execution != task.execution:
            net.execution = task.execution
        differentiate(
            net,
            task.objective,
            self._team,
            lambda: task.batch(self._data, self._model.encoding).to(self._device),
        )


_WITHOUT_LABELS = {"facies": None, "horizons": (), "prediction": None, "revision": None}


def _answer(rank: int) -> str:
    """Name of what who helps says when it is about to begin: nothing, or what is wrong."""
    return f"answer/{rank}"
