"""What a person asked for and cannot have: a message, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from napari.utils.notifications import show_error

from napari_hyperseg.errors import HypersegError


@contextmanager
def refusals_told() -> Iterator[None]:
    """Show what is refused in a block as a message of the window; the block ends there."""
    try:
        yield
    except HypersegError as error:
        show_error(str(error))
