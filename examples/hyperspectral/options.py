"""What of the command line makes sense together, and what it means."""

from __future__ import annotations

import argparse
from pathlib import Path

from examples.hyperspectral.learning import PAPER, Settings
from examples.hyperspectral.parser import BANDS, SIZE, argument_parser
from examples.hyperspectral.real_scene import SceneFiles
from examples.hyperspectral.scene import SceneError

PAPER_SIZE, PAPER_BANDS = (307, 241), 154


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Parse and check the arguments.

    Raises
    ------
    SceneError
        If they make no sense.
    """
    given = argument_parser().parse_args(arguments)
    if bool(given.before) != bool(given.after):
        raise SceneError("Give --before FILE and --after FILE together, or neither.")
    own = (given.labels, given.truth, given.hold_out, given.class_name, given.unchanged)
    if not given.before and any(value not in (None, []) for value in own):
        raise SceneError("--labels, --truth, --hold-out, --unchanged and --class-name go with "
                         "--before and --after.")  # fmt: skip
    if given.before and not (given.labels or given.truth):
        raise SceneError("Nothing is labelled. Give --labels FILE, or --truth FILE to draw "
                         "points from.")  # fmt: skip
    if given.before and (given.size or given.kinds or given.write_scene):
        raise SceneError("--size, --kinds and --write-scene are the made scene's: leave --before "
                         "and --after away.")  # fmt: skip
    if given.hold_out and (given.truth or not given.labels):
        raise SceneError("--hold-out splits --labels: leave --truth away.")
    for path in (given.output, given.output_map, given.write_scene):
        _check_place(path)
    return given


def scene_files(given: argparse.Namespace) -> SceneFiles:
    """Say which files to read."""
    names = {}
    for text in given.class_name:
        code, equals, name = text.partition("=")
        if not (equals and name and code.isdecimal()):
            raise SceneError(f"--class-name {text}: write it as CODE=NAME, 2=changed for example.")
        names[int(code)] = name
    return SceneFiles(
        given.before, given.after, given.labels, given.truth, given.unknown, given.unchanged, names
    )


def settings(given: argparse.Namespace) -> Settings:
    """Say how to train."""
    usual = PAPER if given.paper else Settings()
    return Settings(
        steps=given.steps or usual.steps,
        members=given.members or usual.members,
        minutes=given.minutes or usual.minutes,
        width=given.width or usual.width,
        rank=given.rank or usual.rank,
        path=usual.path,
        step_size=usual.step_size,
        seed=given.seed,
    )


def made_size(given: argparse.Namespace) -> tuple[int, int]:
    """Rows and columns of the made scene."""
    rows, columns = given.size or (PAPER_SIZE if given.paper else SIZE)
    return rows, columns


def bands_wanted(given: argparse.Namespace) -> int | None:
    """Number of bins of bands; None for every band."""
    if given.bands is None:
        return (None if given.before else PAPER_BANDS) if given.paper else BANDS
    return None if given.bands == "all" else given.bands


def _check_place(path: Path | None) -> None:
    if path is not None and not path.parent.is_dir():
        raise SceneError(f"There is no folder {path.parent}. Make it first.")
    if path is not None and path.is_dir():
        raise SceneError(f"{path} is a folder. Give a file name.")
