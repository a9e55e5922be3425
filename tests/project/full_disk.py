"""Edits a project while its disk is full, makes room, and looks whether all was saved.

``full_disk.py PROJECT size|disk``: what is full is the largest file that the process may write
(the system refuses more, as it does on a full disk), or the disk that holds the project.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation, open_interpretation
from napari_hyperseg.project.noted import LEGEND
from napari_hyperseg.project.picks import Picks

PATIENCE_S = 20.0


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    interpretation = open_interpretation(Project.open(folder), "tiny")
    told: list[str] = []
    interpretation.troubled.connect(told.append)
    interpretation.facies[0] = 1
    Picks(interpretation, "seabed").put(*picks(3, 5.0), PickKind.SEED)
    interpretation.flush()
    assert told[-1] == ""
    with FULL[what](folder):
        edit(interpretation)
        assert "make room" in told[-1], told
        assert interpretation.trouble == told[-1]
        check(interpretation)
        interpretation.flush(0.5)
        assert interpretation.waits
        on_disk = Project.open(folder)
        assert on_disk.legend.n_classes == 2
        assert not np.any(on_disk.labels("tiny", writable=False).codes[1:])
    interpretation.try_again()
    deadline = time.monotonic() + PATIENCE_S
    while interpretation.waits and time.monotonic() < deadline:
        time.sleep(0.05)
    interpretation.try_again()
    assert interpretation.trouble == "" == told[-1]
    close_interpretation(interpretation)
    assert_saved(folder)


def edit(interpretation: Interpretation) -> None:
    """Paint, pick and change the legend; one of the edits is undone and done again."""
    codes = np.random.default_rng(0).integers(1, 250, (5, 5, 20), np.uint8)
    with interpretation.edit("Import"):
        interpretation.paste((1, 0, 0), codes)
    Picks(interpretation, "seabed").put(*picks(20, 7.0), PickKind.DRAWN)
    with interpretation.edit("Add class"):
        interpretation.note(LEGEND, lambda: grow(interpretation.project))
        interpretation.facies[0, 0, :3] = 3
    interpretation.undo()
    interpretation.redo()


def grow(project: Project) -> None:
    project.legend = project.legend.with_class("Salt")
    project.save()


def picks(n: int, time_ms: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    i, j = np.unravel_index(np.arange(n), (6, 5))
    return i, j, np.full(n, time_ms)


def check(interpretation: Interpretation) -> None:
    """Require what `edit` led to."""
    codes = np.random.default_rng(0).integers(1, 250, (5, 5, 20), np.uint8)
    assert np.array_equal(interpretation.facies[1:], codes)
    assert interpretation.facies[0, 0, :5].tolist() == [3, 3, 3, 1, 1]
    assert interpretation.project.legend.names[2] == "Salt"
    assert np.count_nonzero(Picks(interpretation, "seabed").times == 7.0) == 20
    assert len(interpretation.revisions) == 5


def assert_saved(folder: Path) -> None:
    assert Project.open(folder).legend.names[2] == "Salt"
    assert np.all(Project.open(folder).labels("tiny", writable=False).codes)
    interpretation = open_interpretation(Project.open(folder), "tiny")
    check(interpretation)
    while interpretation.can_undo:
        interpretation.undo()
    assert not np.any(np.asarray(interpretation.facies))
    close_interpretation(interpretation)
    assert Project.open(folder).legend.n_classes == 2


@contextmanager
def no_larger_file(folder: Path) -> Iterator[None]:
    """Let no file grow beyond a few bytes; longer ones cannot be written at their end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_room(folder: Path) -> Iterator[None]:
    """Fill the disk to the last byte."""
    filling = folder.parent / "filling"
    with filling.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            while _takes(lambda size=size: file.write(bytes(size))):  # type: ignore[misc]
                pass
    yield
    filling.unlink()


def _takes(write: Callable[[], object]) -> bool:
    try:
        write()
    except OSError:
        return False
    return True


FULL = {"size": no_larger_file, "disk": no_room}

if __name__ == "__main__":
    main()
