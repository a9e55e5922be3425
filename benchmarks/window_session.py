"""A project of a cube, labelled on a few lines, in a real window with the dock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from qtpy.QtCore import QEventLoop, Qt, QTimer

from benchmarks.survey_files import make_cube
from napari_hyperseg.cli.open_window import window_of
from napari_hyperseg.project.conversion import SETTING
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import FACIES, Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.session import Phase
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

WINDOW_SIZE = (1366, 768)
LABELLED_LINES = 20
TIMER_MS, STEP_MS = 10, 100
PATIENCE_S = 300.0
SETTLE_S = 2.0
UNDONE_SECTIONS = 10


class WindowSession:
    """The window, for the length of a block.

    Parameters
    ----------
    folder : Path
        Where cube and project are made.
    shape : tuple of int
        Of the cube.

    Attributes
    ----------
    viewer : napari.Viewer
    dock : HypersegDock
    """

    def __init__(self, folder: Path, shape: tuple[int, int, int]) -> None:
        folder.mkdir()
        self.shape = shape
        project = Project.create(
            folder / "cube.hyperseg", [make_cube(folder / "cube.sgy", shape, "INT8")]
        )
        project.remember(SETTING, False)  # a conversion would be measured, too
        _label(project, shape)
        self.viewer, self.dock = window_of(project.folder)

    def __enter__(self) -> WindowSession:
        self.viewer.window.resize(*WINDOW_SIZE)
        self.wait(lambda: self.dock.model.session.labelled is not None)
        self.let_live(SETTLE_S)
        return self

    def __exit__(self, *_: object) -> None:
        handle = self.dock.model.handle
        self.viewer.close()
        if handle is not None:
            handle.wait(20)

    @property
    def interpretation(self) -> Interpretation:
        """What is painted into."""
        found = self.dock.workspace.interpretation
        assert found is not None
        return found

    @property
    def labels(self) -> Any:
        """The layer of the labels."""
        return self.dock.workspace.layer(Role.LABELS)

    def train(self) -> None:
        """Train, until the first predictions are shown."""
        self.dock.train()
        self.wait(lambda: self.dock.workspace.layer(Role.PREDICTION) is not None)
        self.wait(lambda: self.dock.model.session.progress.predicted > 0)

    def stop(self) -> None:
        """End the worker."""
        self.dock.stop()
        self.wait(lambda: not self.dock.model.session.phase.running)

    def lateness(self, seconds: float, *, moving: bool) -> list[float]:
        """How many seconds late each shot of a timer is, for a while."""
        self.dock.workspace.navigation.show(Section.INLINE)
        self.let_live(SETTLE_S)
        late: list[float] = []
        last = time.perf_counter()

        def shot() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append(max(0.0, now - last - TIMER_MS / 1000))
            last = now

        timers = [_timer(TIMER_MS, shot)]
        if moving:
            timers.append(_timer(STEP_MS, self._next_section))
        self.let_live(seconds)
        for timer in timers:
            timer.stop()
        return late

    def time_slices(self, n: int, *, known: bool) -> tuple[list[float], list[float]]:
        """Seconds that moves to another time slice take, and those that their labels take."""
        navigation, facies = self.dock.workspace.navigation, self.interpretation.facies
        navigation.show(Section.TIME_SLICE)
        self.let_live(SETTLE_S)
        holding, moves, reads = facies.holding, [], []
        facies.holding = holding if known else None
        for k in np.linspace(10, self.shape[2] - 10, n, dtype=int):
            moves.append(timed(lambda k=k: navigation.go_to(int(k))))
            reads.append(timed(lambda k=k: facies[:, :, int(k) + 1]))
            self.let_live(0.05)
        facies.holding = holding
        return moves, reads

    def undo(self) -> tuple[int, list[float], list[float]]:
        """Voxels of a large edit, and seconds to take it back and to do it again."""
        kept = self.interpretation
        middle = self.shape[0] // 3
        with kept.edit("Benchmark"):
            kept.facies[middle : middle + UNDONE_SECTIONS] = 1
        kept.flush(60)
        undone, redone = [], []
        for _ in range(3):
            undone.append(timed(kept.undo))
            redone.append(timed(kept.redo))
            self.let_live(0.5)
        return UNDONE_SECTIONS * self.shape[1] * self.shape[2], undone, redone

    def let_live(self, seconds: float) -> None:
        """Let the window draw and answer for a while."""
        loop = QEventLoop()
        timer = _timer(round(1000 * seconds), loop.quit)
        loop.exec()
        timer.stop()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the window live until a condition holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline or self.dock.model.session.phase is Phase.FAILED:
                raise SystemExit(self.dock.model.session.message or "The window does not answer.")
            self.let_live(0.05)

    def _next_section(self) -> None:
        navigation = self.dock.workspace.navigation
        navigation.go_to((navigation.line + 1) % self.shape[0])


def timed(task: Callable[[], Any]) -> float:
    """Seconds that a task takes."""
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def _timer(interval_ms: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(call)
    timer.start(interval_ms)
    return timer


def _label(project: Project, shape: tuple[int, int, int]) -> None:
    """Label some inlines and crosslines: one class above, another one below."""
    kept = open_interpretation(project, project.entry().key)
    middle = shape[2] // 2
    with kept.edit("Benchmark"):
        codes = kept.array(FACIES)
        for line in np.linspace(5, shape[0] - 5, LABELLED_LINES, dtype=int):
            for code, depths in ((1, slice(middle)), (2, slice(middle, None))):
                kept.facies[int(line), :, depths] = code
                kept.facies[:, int(line) % codes.values.shape[1], depths] = code
    kept.flush(600)
    close_interpretation(kept)
