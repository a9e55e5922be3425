"""Processes that are killed while they edit: nothing that was finished may be lost.

Each child is a real process that paints with napari's brush, picks, imports, changes legend and
horizons, undoes, or converts the survey meanwhile; it is killed at a moment drawn by chance, or
aimed at: as the project is opened, within an edit, as the journal grows, as arrays are written.
Then the project is opened again and must hold every edit that was finished, and the one in
flight completely or not at all; undo must lead to the state before the first edit.

``python -m benchmarks.kills [--kills 200] [--seed 0] [--json] [--folder DIR]``
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.kill_course import Course, Death
from benchmarks.machine import report

KINDS = {"strokes": 40, "labels": 50, "picks": 30, "record": 40, "imports": 25, "convert": 15}
"""Of 200 deaths, how many of each kind of child."""

AIMS = ("any", "any", "opening", "edit", "append", "array")
LIVES = {"imports": 3, "convert": 4}  # deaths of a project; large ones keep many copies
DEATHS = 6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--folder", type=Path, help="where the projects are made")
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        deaths = []
        for death in run(Path(folder), chosen.kills, chosen.seed):
            deaths.append(death)
            print(f"{len(deaths)}: {death.row()}", file=sys.stderr)
    whole = f"{sum(not death.fault for death in deaths)} of {len(deaths)}"
    rows = [death.row() for death in deaths] if chosen.json else summary(deaths)
    report(rows, as_json=chosen.json, result=whole)
    for death in deaths:
        if death.fault and not chosen.json:
            print(death.row())
    raise SystemExit(any(death.fault for death in deaths))


def run(folder: Path, kills: int, seed: int, *, small: bool = False) -> Iterator[Death]:
    """Let so many children die; `small` leaves out the large arrays."""
    rng = random.Random(seed)
    kinds = deaths_by_kind(kills)
    for kind, n in kinds.items():
        course, lives = None, 0
        for number in range(n):
            if course is None:
                course = Course(folder / f"{kind}-{number}", kind, rng, small=small)
                lives = LIVES.get(kind, DEATHS)
            death = course.die(rng.choice(AIMS))
            lives -= 1
            yield death
            if death.fault or not lives:  # what is wrong once says nothing of the next
                course.remove()
                course = None
        if course is not None:
            course.remove()


def deaths_by_kind(kills: int) -> dict[str, int]:
    """Share deaths out among the kinds, at least one each where there are enough."""
    shares = {kind: max(1, n * kills // 200) for kind, n in KINDS.items()}
    shares["labels"] += kills - sum(shares.values())
    return {kind: n for kind, n in shares.items() if n > 0}


def summary(deaths: list[Death]) -> list[dict[str, Any]]:
    """A row for each kind of child."""
    rows = []
    for kind in dict.fromkeys(death.kind for death in deaths):
        of_kind = [death for death in deaths if death.kind == kind]
        doing = Counter(death.doing for death in of_kind)
        rows.append(
            {
                "child": kind,
                "kept": f"{sum(not death.fault for death in of_kind)} of {len(of_kind)}",
                "record cut off": sum(death.cut_off > 0 for death in of_kind),
                "arrays behind": sum(death.behind > 0 for death in of_kind),
                "edit in flight kept": sum(death.in_flight == "kept" for death in of_kind),
                "not kept": sum(death.in_flight == "dropped" for death in of_kind),
                "edits finished": sum(death.finished for death in of_kind),
                "killed in": ", ".join(f"{n} {what}" for what, n in doing.most_common()),
            }
        )
    return rows


if __name__ == "__main__":
    main()
