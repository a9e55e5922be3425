"""The order in which a survey's boxes are predicted: the section on screen, then outwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from napari_hyperseg.jobs.spec import View
from napari_hyperseg.learn.boxes import Shape, outwards, section, size, tiles, whole
from napari_hyperseg.learn.predictor import tile_shape
from napari_hyperseg.survey.geometry import Box


@dataclass(frozen=True)
class Task:
    """One box to predict."""

    survey: str
    box: Box
    visible: bool


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
        self._tasks: deque[Task] = deque()
        self.view = view
        self.done = 0
        self.total = sum(size(whole(shape)) for shape in shapes.values())
        self.restart()

    def restart(self) -> None:
        """Begin anew: everything is to be predicted again."""
        self.done = 0
        self._tasks = deque([*self._visible_tasks(), *self._volume_tasks()])

    def look_at(self, view: View) -> None:
        """Predict this section next."""
        self.view = view
        hidden = [task for task in self._tasks if not task.visible]
        self._tasks = deque([*self._visible_tasks(), *hidden])

    @property
    def next_is_visible(self) -> bool:
        """Whether the next box is on screen."""
        return bool(self._tasks) and self._tasks[0].visible

    def take(self) -> Task | None:
        """Remove and return the next box; None at the end of the sweep."""
        if not self._tasks:
            return None
        task = self._tasks.popleft()
        if not task.visible:
            self.done += size(task.box)
        return task

    def _visible_tasks(self) -> list[Task]:
        """The section on screen, cut where it is too large for one prediction."""
        view = self.view
        if view is None or view.survey not in self._shapes:
            return []
        shape = self._shapes[view.survey]
        box = section(shape, view.axis, view.index)
        steps = list(tile_shape(shape, self._voxels))
        # A section is one line thick: its boxes may be longer than a cube's.
        steps = [s if a == view.axis else int(1.5 * s) + 1 for a, s in enumerate(steps)]
        cuts = tiles(_extent(box), (steps[0], steps[1], steps[2]))
        return [Task(view.survey, _moved(cut, box), visible=True) for cut in cuts]

    def _volume_tasks(self) -> list[Task]:
        tasks = []
        for key, shape in self._shapes.items():
            view = self.view if self.view is not None and self.view.survey == key else None
            boxes = tiles(shape, tile_shape(shape, self._voxels))
            if view is not None:
                boxes = list(outwards(boxes, view.axis, view.index))
            tasks += [Task(key, box, visible=False) for box in boxes]
        return sorted(tasks, key=lambda task: self.view is None or task.survey != self.view.survey)


def _extent(box: Box) -> Shape:
    i, j, k = (stop - start for start, stop in box)
    return i, j, k


def _moved(box: Box, origin: Box) -> Box:
    i, j, k = ((a + o, b + o) for (a, b), (o, _) in zip(box, origin, strict=True))
    return i, j, k
