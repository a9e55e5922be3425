"""The command line of the change map, and what of it makes sense together."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from examples.hyperspectral.arrays import Source
from examples.hyperspectral.learning import PAPER, Settings
from examples.hyperspectral.real_scene import SceneFiles
from examples.hyperspectral.scene import SceneError
from examples.hyperspectral.synthetic import SMALLEST

SIZE, PAPER_SIZE = (96, 96), (307, 241)
BANDS, PAPER_BANDS = 16, 154
POINTS = 25
LARGEST_SIZE = 4096


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are raised, to be told in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise SceneError(f"{message}. Try --help.")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Parse and check the arguments.

    Raises
    ------
    SceneError
        If they make no sense.
    """
    given = _parser().parse_args(arguments)
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
        minutes=given.minutes or usual.minutes,
        width=given.width or usual.width,
        rank=given.rank or usual.rank,
        path=usual.path,
        step_size=usual.step_size,
        seed=given.seed,
    )


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


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="hyperspectral_change",
        description="Map land-use change between two dates of a hyperspectral scene, at half "
        "resolution and from a few labelled points, with the fully invertible hyperbolic "
        "network. Without files, it makes a scene of its own.",
    )
    _add_scene(parser.add_argument_group("the made scene"))
    _add_files(parser.add_argument_group("your own scene"))
    _add_training(parser.add_argument_group("training"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_scene(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--size", type=_between(int, SMALLEST, LARGEST_SIZE), nargs=2, metavar=("ROWS", "COLUMNS"),
        help=f"({SIZE[0]} {SIZE[1]})",
    )  # fmt: skip
    group.add_argument("--kinds", action="store_true", help="tell five kinds of change apart")
    group.add_argument("--write-scene", type=Path, metavar="FILE.mat", help="to try your own on")


def _add_files(group: argparse._ArgumentGroup) -> None:
    form = "FILE[:NAME]"
    group.add_argument(
        "--before", type=Source.parse, metavar=form,
        help="rows x columns x wavelengths: a .mat file of any version and the variable's name, "
        "an ENVI header or raw file, or .npy",
    )  # fmt: skip
    group.add_argument("--after", type=Source.parse, metavar=form, help="the same, later")
    group.add_argument(
        "--labels", type=Source.parse, metavar=form,
        help="codes of a few points: an image, of the cubes' size or half of it, or a .csv of "
        "row,column,code, where rows and columns are the cubes', from 0",
    )  # fmt: skip
    group.add_argument(
        "--truth", type=Source.parse, metavar=form,
        help="an image of codes to score with; points are drawn from it if there are no labels",
    )  # fmt: skip
    group.add_argument(
        "--unknown", type=_code_or_none, default=0, metavar="CODE",
        help="code that says nothing in images (0), or none",
    )  # fmt: skip
    code = _between(int, 0, 65_535)
    group.add_argument("--unchanged", type=code, metavar="CODE", help="of no change (the lowest)")
    group.add_argument(
        "--class-name", action="append", default=[], metavar="CODE=NAME", help="repeat it"
    )
    group.add_argument(
        "--hold-out", type=_between(float, 0.01, 0.9), metavar="SHARE",
        help="set this share of the labels aside to score with",
    )  # fmt: skip


def _add_training(group: argparse._ArgumentGroup) -> None:
    whole = _between(int, 1, 1_000_000)
    group.add_argument(
        "--points", type=whole, default=POINTS, metavar="N",
        help=f"labelled points of each class, drawn from the truth ({POINTS})",
    )  # fmt: skip
    group.add_argument(
        "--bands", type=_bands, metavar="N", help=f"bins of neighbouring bands ({BANDS}), or all"
    )
    group.add_argument("--steps", type=whole, metavar="N", help=f"({Settings().steps})")
    group.add_argument("--minutes", type=_between(float, 0.01, 10_000), metavar="M", help="at most")
    group.add_argument("--width", type=_between(int, 2, 256), metavar="N", help="channels")
    group.add_argument("--rank", type=_between(int, 1, 256), metavar="M", help="hidden channels")
    group.add_argument("--seed", type=_between(int, 0, 2**32 - 1), default=0, metavar="N")
    group.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    group.add_argument(
        "--paper", action="store_true",
        help="the paper's network, 18 layers on all bands, and a made scene of its size: "
        "for a GPU",
    )  # fmt: skip


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--output", type=Path, default=Path("hyperspectral_change.png"), metavar="FILE.png"
    )
    group.add_argument(
        "--output-map", type=Path, metavar="FILE.npy",
        help="the map in codes; its confidence goes beside it, to FILE_confidence.npy",
    )  # fmt: skip
    group.add_argument("--json", action="store_true", help="one object on standard output")


def _code_or_none(text: str) -> int | None:
    return None if text == "none" else int(_between(int, 0, 65_535)(text))


def _bands(text: str) -> int | str:
    return "all" if text == "all" else int(_between(int, 1, 100_000)(text))


def _between(kind: type, low: float, high: float) -> Callable[[str], float]:
    def parse_number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return value

    return parse_number
