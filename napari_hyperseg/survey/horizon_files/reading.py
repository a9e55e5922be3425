"""Read a horizon of any known format onto a survey."""

from __future__ import annotations

from pathlib import Path

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.formats import find_format
from napari_hyperseg.survey.horizon_files.on_survey import put_on_survey
from napari_hyperseg.survey.horizon_files.picks import HorizonChoice, HorizonPicks


def read_horizon_file(
    path: str | Path, geometry: Geometry, choice: HorizonChoice | None = None
) -> HorizonPicks:
    """Read a horizon file onto a survey.

    Picks by line numbers go to their trace, picks by coordinates to the nearest one within
    half a bin; grids are interpolated bilinearly at the traces.

    Parameters
    ----------
    path : str or Path
        Text in one of `formats.FORMATS`.
    geometry : Geometry
        The survey.
    choice : HorizonChoice or None
        What the user knows better.

    Raises
    ------
    HorizonError
        If the file is damaged, does not fit the survey, or counts depth where the survey
        counts time.
    """
    path, choice = Path(path).expanduser(), choice or HorizonChoice()
    format_ = find_format(path, choice.format_name)
    return put_on_survey(path, format_.name, format_.read(path), geometry, choice)
