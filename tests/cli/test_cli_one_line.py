"""The outermost boundary: every kind of end has its line and its status."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from napari_hyperseg.cli.one_line import OneLineErrors
from napari_hyperseg.errors import SurveyError


def ending_with(error: BaseException | None) -> typer.Typer:
    app = typer.Typer(cls=OneLineErrors, invoke_without_command=True)

    @app.callback()
    def end() -> None:
        if error is not None:
            raise error

    return app


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (None, 0, ""),
        (typer.Exit(3), 3, ""),
        (SurveyError("a.sgy is empty. Export it again."), 2, "a.sgy is empty. Export it again."),
        (SurveyError("two\nlines"), 2, "two lines"),
        (typer.BadParameter("no."), 2, "Invalid value: no. Try"),
        (PermissionError(13, "Permission denied", "out.sgy"), 2, "out.sgy: Permission denied."),
        (OSError(28, "No space left on device"), 2, "No space left on device."),
    ],
)
def test_every_end_has_its_status_and_line(error, status: int, line: str):
    result = CliRunner().invoke(ending_with(error))
    assert result.exit_code == status
    assert result.stdout == ""
    assert line in result.stderr
    assert result.stderr.count("\n") == (1 if line else 0)


def test_ctrl_c_is_130():
    assert CliRunner().invoke(ending_with(KeyboardInterrupt())).exit_code == 130


def test_a_bug_stays_visible():
    result = CliRunner().invoke(ending_with(ZeroDivisionError("bug")))
    assert isinstance(result.exception, ZeroDivisionError)
