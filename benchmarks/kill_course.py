"""One project that is killed and opened again, several times over.

Owns the child, the moment of its death, and what is required of the project afterwards.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kill_edits import Edit, plan
from benchmarks.kill_twin import Twin, observed, stored
from benchmarks.survey_files import make_cube
from napari_hyperseg.errors import HypersegError
from napari_hyperseg.labels.editing.frame import scan
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.viewer.axes import layer_axes

SHAPES = {"imports": (256, 256, 512), "convert": (256, 160, 128)}
SMALL_SHAPE = (24, 20, 50)
LENGTHS = {"imports": 60}
LENGTH = 4000
ROOT = Path(__file__).parents[1]
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Death:
    """One child, what it was doing, and what was found.

    Parameters
    ----------
    kind, aim, doing : str
        Kind of child, where the kill was aimed, and at what it hit.
    finished : int
        Edits that this child had finished.
    cut_off : int
        Bytes of a record that was not written to its end.
    behind : int
        Edits that may not have reached the arrays.
    in_flight : {"", "kept", "dropped"}
        What became of the edit that was not finished.
    fault : str
        What is wrong; empty where nothing is.
    """

    kind: str
    aim: str
    doing: str = ""
    finished: int = 0
    cut_off: int = 0
    behind: int = 0
    in_flight: str = ""
    fault: str = ""

    def row(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


class Child:
    """The process, and what it has said so far."""

    def __init__(self, folder: Path, script: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.kill_child", str(folder), str(script)]
        with script.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT
            )
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait_for(self, line: str) -> None:
        """Wait until it says something, or ends."""
        with self._said:
            self._said.wait_for(lambda: line in self.lines or self.ended, PATIENCE_S)

    @property
    def ended(self) -> bool:
        """Whether it runs no more."""
        return self.process.poll() is not None

    def kill(self) -> list[str]:
        """Kill it; returns all that it said."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.lines

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line.strip())
                self._said.notify_all()
        with self._said:
            self._said.notify_all()


class Course:
    """A project that lives through several deaths.

    Parameters
    ----------
    folder : Path
        Where it is made.
    kind : str
        What its children do.
    rng : random.Random
        Draws plans and moments.
    small : bool
        Whether large arrays are left out.
    """

    def __init__(self, folder: Path, kind: str, rng: random.Random, *, small: bool = False) -> None:
        self._folder, self._kind, self._rng = folder, kind, rng
        shape = SMALL_SHAPE if small else SHAPES.get(kind, SMALL_SHAPE)
        folder.mkdir()
        segy = make_cube(folder / "cube.sgy", shape, "INT8")
        project = Project.create(folder / "cube.hyperseg", [segy])
        self._project, self._shape = project.folder, shape
        self._large = kind in LENGTHS and not small
        self._revisions = project.journal_path("cube")
        self._twin = Twin(shape, layer_axes(project.open_survey("cube").geometry))

    def remove(self) -> None:
        """Remove all files."""
        shutil.rmtree(self._folder)

    def die(self, aim: str) -> Death:
        """Start a child, kill it, open the project again and look."""
        edits = plan(self._kind, self._rng.randrange(1 << 30), self._shape, self._length)
        script = self._folder / "plan.json"
        script.write_text(json.dumps({"kind": self._kind, "plan": edits}))
        child = Child(self._project, script)
        death = Death(self._kind, aim)
        try:
            self._await(child, aim)
        finally:
            ended, lines = child.ended, child.kill()
        if ended:
            return replace(death, fault=f"ended by itself: {_tail(script.with_suffix('.log'))}")
        return self._judge(death, lines, edits)

    @property
    def _length(self) -> int:
        return LENGTHS[self._kind] if self._large else LENGTH

    def _await(self, child: Child, aim: str) -> None:
        """Wait for the moment to kill."""
        large = self._large
        if aim == "opening":
            child.wait_for("opening")
            time.sleep(self._rng.uniform(0, 0.15))
            return
        child.wait_for("opened")
        if aim == "any":
            time.sleep(self._rng.uniform(0, 6.0 if large else 1.5))
        elif aim == "edit":
            child.wait_for(f"begin {self._rng.randrange(3 if large else 40)}")
            time.sleep(self._rng.uniform(0, 2.0 if large else 0.02))
        elif aim == "append" and large:
            _await_growth(self._journal_bytes, child)
        else:
            watched = self._journal_bytes if aim == "append" else self._array_times
            for _ in range(self._rng.randrange(1, 4 if large else 30)):
                _await_change(watched, child)
            time.sleep(self._rng.choice((0, self._rng.uniform(0, 0.03 if large else 0.003))))

    def _journal_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._revisions.glob("*.journal"))

    def _array_times(self) -> list[int]:
        return [path.stat().st_mtime_ns for path in sorted(self._revisions.parent.rglob("*.npy"))]

    def _judge(self, death: Death, lines: list[str], edits: list[Edit]) -> Death:
        """Say what was in flight, and whether all that was finished is there."""
        begun = sum(line.startswith("begin") for line in lines)
        finished = [line.split() for line in lines if line.startswith("done")]
        death = replace(death, finished=len(finished), doing=_doing(lines, edits))
        death = replace(death, **self._left_behind())
        for edit, (_, _, checksum) in zip(edits, finished, strict=False):
            self._twin.make(edit)
            if int(checksum) != self._twin.state.checksum():
                return replace(death, fault=f"in memory, {edit['do']} led elsewhere")
        in_flight = edits[len(finished)] if begun > len(finished) else None
        try:
            return self._reopened(death, in_flight)
        except HypersegError as error:
            return replace(death, fault=f"{type(error).__name__}: {error}")

    def _left_behind(self) -> dict[str, int]:
        """Look at the journal as the dead process left it."""
        cut_off = behind = 0
        for path in sorted(self._revisions.glob("*.journal")):
            size, whole = path.stat().st_size, 0
            with path.open("rb") as file:
                for place, header in scan(file, size):
                    whole = place.offset + place.size
                    behind = 0 if header["kind"] == "settled" else behind + 1
            cut_off = size - whole
        return {"cut_off": cut_off, "behind": behind}

    def _reopened(self, death: Death, in_flight: Edit | None) -> Death:
        project = Project.open(self._project)
        interpretation = open_interpretation(project, "cube")
        try:
            if interpretation.read_only:
                return replace(death, fault=f"is {interpretation.read_only}")
            death = self._compared(death, interpretation, in_flight)
            fault = death.fault or self._undone(interpretation)
        finally:
            close_interpretation(interpretation)
        on_disk = stored(self._project, "cube").difference(self._twin.state)
        if not fault and on_disk:
            fault = f"on the disk: {on_disk}"
        return replace(death, fault=fault or self._converted())

    def _compared(self, death: Death, now: Interpretation, in_flight: Edit | None) -> Death:
        """Require the state after the last finished edit, or after the one in flight."""
        dropped = self._difference(now)
        if in_flight is None:
            return replace(death, fault=dropped)
        before = self._twin.copy()
        self._twin.make(in_flight)
        kept = self._difference(now)
        if not kept:
            return replace(death, in_flight="kept" if dropped else "")
        if not dropped:
            self._twin = before
            return replace(death, in_flight="dropped")
        return replace(death, fault=f"not as before ({dropped}), not as after ({kept})")

    def _difference(self, now: Interpretation) -> str:
        state = observed(now).difference(self._twin.state)
        places = (now.position, len(now.revisions)), (self._twin.position, self._twin.n_revisions)
        remembered = now.project.settings.get("note")
        parts = [
            state,
            "" if places[0] == places[1] else f"revisions {places[0]}, not {places[1]}",
            "" if remembered == self._twin.remembered else "settings",
        ]
        return ", ".join(filter(None, parts))

    def _undone(self, now: Interpretation) -> str:
        """Undo down to the first edit, and come back."""
        here = self._twin.position
        for number in self._twin.line[1:]:
            now.undo()
            self._twin.go_to(number)
            if difference := self._difference(now):
                return f"undone to {number}: {difference}"
        if now.can_undo is not None:
            return "undo leads beyond the first edit"
        now.go_to(here)
        self._twin.go_to(here)
        return self._difference(now)

    def _converted(self) -> str:
        """Convert what is left of the survey, and compare it with the file."""
        if self._kind != "convert":
            return ""
        project = Project.open(self._project)
        survey = project.open_survey("cube")
        store = VolumeStore.of(project.kept("cube").volume, survey.volume, survey.source)
        convert(survey.volume, store)
        source = np.memmap(survey.source.path, np.uint8, "r", 3600)
        traces = source.reshape(-1, 240 + self._shape[2])[:, 240:].view(np.int8)
        whole = np.asarray(store.volumes()[0][:, :, :])
        shutil.rmtree(store.folder)
        return "" if np.array_equal(whole, traces.reshape(self._shape)) else "converted: differs"


def _doing(lines: list[str], edits: list[Edit]) -> str:
    word, *rest = lines[-1].split() if lines else ("starting",)
    return edits[int(rest[0])]["do"] if word == "begin" else "between edits" if rest else word


def _await_change(watched: Callable[[], Any], child: Child) -> None:
    """Look again and again until something changed."""
    before, deadline = watched(), time.monotonic() + PATIENCE_S / 10
    while watched() == before and not child.ended and time.monotonic() < deadline:
        time.sleep(0.0002)


def _await_growth(size: Callable[[], int], child: Child) -> None:
    """Look without a pause until a file is being written that takes long enough to hit it."""
    last, deadline = size(), time.monotonic() + PATIENCE_S / 4
    while not child.ended and time.monotonic() < deadline:
        now = size()
        if now > last + (1 << 16):
            return
        last = now


def _tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-400:]
