"""The ``hyperseg`` command: its entry point and what it is made of.

Owns the list of commands; each has a module of its own.  Command modules import the engine
inside their functions, so that ``--help`` and ``info`` start without torch and napari.
"""

from __future__ import annotations

from typing import Annotated

import typer

from napari_hyperseg import __version__
from napari_hyperseg.cli.certificates import certificates
from napari_hyperseg.cli.convert import convert
from napari_hyperseg.cli.demo import demo
from napari_hyperseg.cli.evaluate import evaluate
from napari_hyperseg.cli.export import export
from napari_hyperseg.cli.horizons import horizons
from napari_hyperseg.cli.info import info
from napari_hyperseg.cli.init import init
from napari_hyperseg.cli.label import label
from napari_hyperseg.cli.models import models
from napari_hyperseg.cli.next_lines import next_lines
from napari_hyperseg.cli.nodes import scheduler, worker
from napari_hyperseg.cli.one_line import OneLineErrors
from napari_hyperseg.cli.open_window import open_window
from napari_hyperseg.cli.predict import predict
from napari_hyperseg.cli.report import report
from napari_hyperseg.cli.sample import sample
from napari_hyperseg.cli.share import share
from napari_hyperseg.cli.train import train

app = typer.Typer(
    name="hyperseg",
    cls=OneLineErrors,
    help="Segment seismic surveys: label a few lines, train, and predict the rest.",
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)
app.command("demo")(demo)
app.command("info")(info)
app.command("init")(init)
app.command("convert")(convert)
app.command("label")(label)
app.command("horizons")(horizons)
app.command("train")(train)
app.command("models")(models)
app.command("predict")(predict)
app.command("next")(next_lines)
app.command("evaluate")(evaluate)
app.command("report")(report)
app.command("export")(export)
app.command("open")(open_window)
app.command("sample")(sample)
app.command("share")(share)
app.command("certificates")(certificates)
app.command("scheduler")(scheduler)
app.command("worker")(worker)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hyperseg {__version__}")
        raise typer.Exit


@app.callback()
def hyperseg(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Segment seismic surveys: label a few lines, train, and predict the rest."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run the command line and exit with its status."""
    app()
