"""The command line of the aquifer map, and what of it makes sense together."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from examples.aquifer.failure import AquiferError
from examples.aquifer.learning import Settings
from examples.aquifer.orientation import Augmentation
from examples.aquifer.real_scene import SurveyFiles

SMALLEST_SIZE, LARGEST_SIZE = 96, 4096
QUICK_SIZE, QUICK_STEPS, QUICK_WINDOW = 128, 40, 96
PEER_STEPS, QUICK_PEER_STEPS = 600, 60


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are raised, to be told in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise AquiferError(f"{message}. Try --help.")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Parse and check the arguments.

    Raises
    ------
    AquiferError
        If they make no sense.
    """
    given = _parser().parse_args(arguments)
    if bool(given.channel) != bool(given.labels):
        raise AquiferError("Give --channel NAME=FILE and --labels FILE together, or neither.")
    if not given.channel and (given.truth or given.like or given.hold_out or given.class_name):
        raise AquiferError(
            "--truth, --like, --hold-out and --class-name go with --channel and --labels."
        )
    if given.channel and given.write_scene:
        raise AquiferError("--write-scene writes the made scene: leave --channel away.")
    if given.truth and given.hold_out:
        raise AquiferError("Give --truth or --hold-out, not both.")
    for path in (given.output, given.output_tif):
        if path is not None and not path.parent.is_dir():
            raise AquiferError(f"There is no folder {path.parent}. Make it first.")
        if path is not None and path.is_dir():
            raise AquiferError(f"{path} is a folder. Give a file name.")
    return given


def survey_files(given: argparse.Namespace) -> SurveyFiles:
    """Say which files to read."""
    channels: dict[str, Path] = {}
    for text in given.channel:
        name, path = _name_and_value(text, "--channel", "NAME=FILE.tif")
        if name in channels:
            raise AquiferError(f"Channel {name} is given twice. Give each its own name.")
        channels[name] = Path(path)
    names = {}
    for text in given.class_name:
        code, name = _name_and_value(text, "--class-name", "CODE=NAME")
        if not code.isdecimal():
            raise AquiferError(f"--class-name {text}: {code} is no code. Write it as 2=sand.")
        names[int(code)] = name
    return SurveyFiles(channels, given.labels, given.truth, given.like, names)


def settings(given: argparse.Namespace) -> Settings:
    """Say how to train."""
    usual = Settings()
    return Settings(
        steps=given.steps or (QUICK_STEPS if given.quick else usual.steps),
        minutes=given.minutes,
        window=given.window or (QUICK_WINDOW if given.quick else usual.window),
        augmentation=Augmentation(given.augment),
        seed=given.seed,
    )


def _name_and_value(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise AquiferError(f"{option} {text}: write it as {form}.")
    return name, value


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="aquifer_map",
        description="Map aquifers from airborne grids and a partial map, with the fully "
        "invertible hyperbolic network. Without files, it makes a scene of its own.",
    )
    _add_scene(parser.add_argument_group("the made scene"))
    _add_files(parser.add_argument_group("your own grids"))
    _add_training(parser.add_argument_group("training"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_scene(group: argparse._ArgumentGroup) -> None:
    size = _between(int, SMALLEST_SIZE, LARGEST_SIZE)
    group.add_argument("--size", type=size, metavar="N", help="rows and columns (512)")
    group.add_argument("--write-scene", type=Path, metavar="FOLDER", help="also as GeoTIFFs")
    group.add_argument("--quick", action="store_true", help="small and short, to try it")


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--channel", action="append", default=[], metavar="NAME=FILE.tif",
        help="a GeoTIFF, first band; repeat it; a channel named elevation is also shaded relief",
    )  # fmt: skip
    group.add_argument("--labels", type=Path, metavar="FILE.tif", help="codes; 0 = unknown")
    group.add_argument("--truth", type=Path, metavar="FILE.tif", help="codes, to score with")
    group.add_argument("--like", type=Path, metavar="FILE.tif", help="grid of the map")
    group.add_argument(
        "--hold-out", type=_between(float, 0.01, 0.9), metavar="SHARE",
        help="set this share of the labels aside to score with",
    )  # fmt: skip
    group.add_argument(
        "--class-name", action="append", default=[], metavar="CODE=NAME", help="repeat it"
    )


def _add_training(group: argparse._ArgumentGroup) -> None:
    whole = _between(int, 1, 1_000_000)
    group.add_argument("--steps", type=whole, metavar="N", help=f"({Settings().steps})")
    group.add_argument("--minutes", type=_between(float, 0.01, 10_000), metavar="M", help="at most")
    group.add_argument("--window", type=_between(int, 32, 4096), metavar="N", help="pixels (256)")
    group.add_argument("--seed", type=_between(int, 0, 2**32 - 1), default=0, metavar="N")
    group.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    group.add_argument(
        "--augment", choices=[way.value for way in Augmentation], default="all",
        help="orientations to learn from: all eight; mirrors keep the direction of flight "
        "lines; none for a magnetic field that is not reduced to the pole",
    )  # fmt: skip
    group.add_argument("--positions", action="store_true", help="row and column as channels")


def _add_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--output", type=Path, default=Path("aquifer_map.png"), metavar="FILE.png")
    group.add_argument(
        "--output-tif", type=Path, metavar="FILE.tif",
        help="the map; its confidence goes beside it, to FILE_confidence.tif",
    )  # fmt: skip
    group.add_argument("--json", action="store_true", help="one object on standard output")


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
