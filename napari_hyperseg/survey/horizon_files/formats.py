"""The formats that are read, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.horizon_files import (
    charisma,
    cps3,
    earthvision,
    iesx,
    irap_grid,
    irap_points,
    opendtect,
    plain,
    zmap,
)
from napari_hyperseg.survey.horizon_files.content import Content
from napari_hyperseg.survey.horizon_files.text import read_head


@dataclass(frozen=True)
class HorizonFormat:
    """A format of horizon files.

    Parameters
    ----------
    name : str
        As an interpreter knows it.
    recognises : callable
        Says of the first lines of a file whether they are this format.
    read : callable
        Gives what a file of this format holds.
    """

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[Path], Content]


FORMATS = (
    HorizonFormat(irap_grid.NAME, irap_grid.recognises, irap_grid.read),
    HorizonFormat(zmap.NAME, zmap.recognises, zmap.read),
    HorizonFormat(cps3.GRID_NAME, cps3.recognises_grid, cps3.read_grid),
    HorizonFormat(cps3.POINTS_NAME, cps3.recognises_points, cps3.read_points),
    HorizonFormat(earthvision.NAME, earthvision.recognises, earthvision.read),
    HorizonFormat(iesx.NAME, iesx.recognises, iesx.read),
    HorizonFormat(charisma.NAME, charisma.recognises, charisma.read),
    HorizonFormat(opendtect.NAME, opendtect.recognises, opendtect.read),
    HorizonFormat(irap_points.NAME, irap_points.recognises, irap_points.read),
    HorizonFormat(plain.NAME, plain.recognises, plain.read),
)


def find_format(path: Path, name: str | None = None) -> HorizonFormat:
    """Give the format of a file, by its content; or the one called `name`.

    Raises
    ------
    HorizonError
        If the file is no text, or no format has that name.
    """
    if name is None:
        head = read_head(path)
        return next(format_ for format_ in FORMATS if format_.recognises(head))
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    known = ", ".join(format_.name for format_ in FORMATS)
    raise HorizonError(f'There is no format "{name}". Choose one of: {known}.')
