"""What a program says on standard error, and the status that it ends with."""

from __future__ import annotations

import sys
from collections.abc import Callable

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.learn.memory import is_out_of_memory

FAILED, INTERRUPTED = 2, 130
Say = Callable[[str], None]


def speaker(program: str) -> Say:
    """Make what writes a line on standard error, in the program's name."""

    def say(message: str) -> None:
        sys.stderr.write(f"{program}: {message}\n")
        sys.stderr.flush()

    return say


def exit_status(run: Callable[[], None], say: Say, if_memory_ends: str) -> int:
    """Run a program; an error is one line.

    Parameters
    ----------
    run : callable
    say : callable
    if_memory_ends : str
        What to say then.
    """
    try:
        run()
    except HypersegError as error:
        return _fail(str(error), say)
    except OSError as error:
        return _fail(f"{error.filename or 'file'}: {error.strerror or error}.", say)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return _fail(if_memory_ends, say)
    except KeyboardInterrupt:
        return _fail("interrupted.", say, INTERRUPTED)
    return 0


def _fail(message: str, say: Say, status: int = FAILED) -> int:
    say(" ".join(message.split()))
    return status
