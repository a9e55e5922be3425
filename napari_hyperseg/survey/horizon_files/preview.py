"""What a horizon file would become on a survey, to show before it is read in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.content import Cells, Columns, Content
from napari_hyperseg.survey.horizon_files.formats import find_format
from napari_hyperseg.survey.horizon_files.on_survey import put_on_survey
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice, HorizonPicks


@dataclass(frozen=True)
class HorizonPreview:
    """A horizon file as a window or the command line shows it.

    Parameters
    ----------
    format_name : str
        Format of the file.
    cells : tuple of tuple of str
        The first ten rows as text.
    columns : Columns or None
        Which column is taken for what; None for grids, and where none fits.
    certainty : str
        How sure that is, in words.
    unit : str
        Unit of the file's z; empty where the file does not fit.
    z_range : tuple of float or None
        Least and greatest value on the survey, in `survey_unit`.
    survey_unit : {"ms", "s", "m", "ft"}
        The survey's vertical unit.
    n_inside, n_outside : int
        Picks (nodes of a grid) on live traces, and elsewhere.
    warnings : tuple of str
        What is ambiguous, a sentence each.
    problem : str
        Why the file cannot be read as it is; empty where it can.
    """

    format_name: str
    cells: Cells
    columns: Columns | None
    certainty: str
    unit: str
    z_range: tuple[float, float] | None
    survey_unit: str
    n_inside: int
    n_outside: int
    warnings: tuple[str, ...]
    problem: str = ""


def sniff(
    path: str | Path, geometry: Geometry, choice: HorizonChoice | None = None
) -> HorizonPreview:
    """Say what a horizon file is and what would become of it.

    A file that can be parsed but does not fit the survey gives a preview with a `problem`,
    so that the user can see its rows and choose.

    Raises
    ------
    HorizonError
        If the file cannot be parsed.
    """
    choice = choice or HorizonChoice()
    return look(parse(path, choice.format_name), geometry, choice)[0]


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """A horizon file in memory, to try several choices with.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        Its format.
    content : PickTable or MapGrid
        What it holds.
    """

    path: Path
    format_name: str
    content: Content


def parse(path: str | Path, format_name: str | None = None) -> ParsedFile:
    """Read a file into memory, whatever survey it belongs to.

    Raises
    ------
    HorizonError
        If it cannot be parsed.
    """
    path = Path(path).expanduser()
    format_ = find_format(path, format_name)
    return ParsedFile(path, format_.name, format_.read(path))


def look(
    parsed: ParsedFile, geometry: Geometry, choice: HorizonChoice | None = None
) -> tuple[HorizonPreview, HorizonPicks | None]:
    """Say what would become of a parsed file; without picks where it does not fit."""
    choice, content = choice or HorizonChoice(), parsed.content
    try:
        picks = put_on_survey(parsed.path, parsed.format_name, content, geometry, choice)
    except HorizonError as error:
        refused = HorizonPreview(
            format_name=parsed.format_name,
            cells=content.cells,
            columns=choice.columns,
            certainty="unknown",
            unit="",
            z_range=None,
            survey_unit=geometry.vertical_unit,
            n_inside=0,
            n_outside=0,
            warnings=content.warnings,
            problem=str(error),
        )
        return refused, None
    return _preview(content.cells, picks, geometry), picks


def _preview(cells: Cells, picks: HorizonPicks, geometry: Geometry) -> HorizonPreview:
    return HorizonPreview(
        picks.format_name,
        cells,
        picks.guess.columns if picks.guess else None,
        picks.guess.certainty if picks.guess else "certain: a grid",
        picks.scale.unit,
        (float(np.nanmin(picks.values)), float(np.nanmax(picks.values))),
        geometry.vertical_unit,
        picks.n_inside,
        picks.n_outside,
        picks.warnings,
    )
