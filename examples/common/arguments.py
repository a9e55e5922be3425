"""Arguments of a program whose errors are told in one line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

from napari_hyperseg.errors import HypersegError


class ArgumentsError(HypersegError, ValueError):
    """Arguments that a program does not understand."""


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are raised, to be told in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise ArgumentsError(f"{message}. Try --help.")


def between(kind: type, low: float, high: float) -> Callable[[str], float]:
    """Make the type of an argument that is a number from `low` to `high`."""

    def parse_number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return value

    return parse_number
