"""Errors of the command line: one line on standard error, and exit status 2.

Owns the outermost boundary of every command.  What is not caught here is a bug, and shows a
traceback.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from napari_hyperseg.errors import HypersegError

FAILED = 2
INTERRUPTED = 130

CommandLineError: Any = typer.BadParameter.__mro__[2]
"""Click's ``ClickException``, wherever this version of typer keeps it."""


class OneLineErrors(TyperGroup):
    """A group of commands whose errors are one line each."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command; see `click.Command.main`.

        Raises
        ------
        SystemExit
            With the command's status: 2 after an error, 130 after Ctrl-C.
        """
        try:
            extra["standalone_mode"] = False
            status = super().main(*args, **extra)
        except HypersegError as error:
            fail(str(error))
        except CommandLineError as error:
            fail(f"{error.format_message().rstrip('.')}. {_hint(error)}")
        except OSError as error:
            fail(f"{error.filename or 'File'}: {error.strerror or error}.")
        except (KeyboardInterrupt, typer.Abort):
            fail("interrupted.", INTERRUPTED)
        if standalone_mode:
            sys.exit(status if isinstance(status, int) else 0)
        return status


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Print one line and exit."""
    print("hyperseg:", " ".join(message.split()), file=sys.stderr)
    sys.exit(status)


def _hint(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f"Try '{context.command_path} --help'." if context is not None else ""
