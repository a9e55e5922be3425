"""The order in which a survey's boxes are predicted: the section on screen, then outwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from napari_hyperseg.jobs.messages import View
from napari_hyperseg.learn.boxes import (
    Shape,
    distance,
    extent,
    grown,
    moved,
    section,
    size,
    tiles,
    whole,
)
from napari_hyperseg.learn.predictor import HALO, tile_shape
from napari_hyperseg.survey.geometry import Box


@dataclass(frozen=True)
class Task:
    """One box to predict."""

    survey: str
    box: Box
    visible: bool = False


AnyTask = TypeVar("AnyTask", bound=Task)


class Sweep:
    """Goes through all surveys again and again, the section on screen first each time.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Shape of each survey by key.
    voxels : int
        Voxels that one prediction may hold, halo included.
    view : View or None
        The section on screen.
    """

    def __init__(self, shapes: Mapping[str, Shape], voxels: int, view: View | None) -> None:
        self._shapes = shapes
        self._voxels = voxels
        self._visible: deque[Task] = deque()
        self._hidden: deque[Task] = deque()
        self.view = view
        self.done = 0
        self.total = sum(size(whole(shape)) for shape in shapes.values())
        self.restart()

    def restart(self) -> None:
        """Begin anew: everything is to be predicted again."""
        self.done = 0
        self._visible = deque(self._visible_tasks())
        self._hidden = deque(self._volume_tasks())

    def look_at(self, view: View) -> None:
        """Predict this section next, then what is left from there outwards."""
        self.view = view
        self._visible = deque(self._visible_tasks())
        self._hidden = deque(outwards(self._hidden, self.view))

    @property
    def visible_left(self) -> bool:
        """Whether boxes on screen are left."""
        return bool(self._visible)

    @property
    def hidden_left(self) -> bool:
        """Whether others are left."""
        return bool(self._hidden)

    def take(self, *, hidden_first: bool = False) -> Task | None:
        """Remove and return the next box; None at the end of the sweep.

        Parameters
        ----------
        hidden_first : bool
            Leave those on screen for later, if there are others.
        """
        if self._visible and not (hidden_first and self._hidden):
            return self._visible.popleft()
        if not self._hidden:
            return None
        task = self._hidden.popleft()
        self.done += size(task.box)
        return task

    def _visible_tasks(self) -> list[Task]:
        """The section on screen, cut where it is too large for one prediction."""
        view = self.view
        if view is None or view.survey not in self._shapes:
            return []
        shape = self._shapes[view.survey]
        box = section(shape, view.axis, view.index)
        # A section is thin, even with its halo: its boxes may be longer than a cube's.
        slab = extent(grown(box, HALO, shape))
        cuts = tiles(extent(box), tile_shape(slab, self._voxels))
        return [Task(view.survey, moved(cut, box), visible=True) for cut in cuts]

    def _volume_tasks(self) -> list[Task]:
        tasks = [
            Task(key, box, visible=False)
            for key, shape in self._shapes.items()
            for box in tiles(shape, tile_shape(shape, self._voxels))
        ]
        return outwards(tasks, self.view)


def outwards(tasks: Iterable[AnyTask], view: View | None) -> list[AnyTask]:
    """Order tasks: the survey on screen first, the boxes nearest to the section first."""
    if view is None:
        return list(tasks)

    def remoteness(task: AnyTask) -> tuple[bool, int]:
        return task.survey != view.survey, distance(task.box, view.axis, view.index)

    return sorted(tasks, key=remoteness)
