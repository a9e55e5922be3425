"""The sample cube that comes with the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from napari_hyperseg.errors import SurveyError

SAMPLE_NAME = "hyperseg_sample"


@dataclass(frozen=True)
class SampleFiles:
    """A survey, the truth about it, and which of its lines count as labelled.

    Parameters
    ----------
    segy : Path
        The cube.
    horizons : dict of str to Path
        True horizons, top to bottom.
    facies : Path
        True facies: ``.npy``, uint8, (inline, crossline, sample), codes from 1.
    inlines, crosslines : tuple of int
        Survey numbers of the lines whose facies are given as labels.
    classes : tuple of str
        Names of the facies codes from 1.
    """

    segy: Path
    horizons: dict[str, Path]
    facies: Path
    inlines: tuple[int, ...]
    crosslines: tuple[int, ...]
    classes: tuple[str, ...]


def sample_path() -> Path:
    """The sample cube's SEG-Y file, in a wheel and in an editable install alike.

    Raises
    ------
    SurveyError
        If the installation lacks it.
    """
    return sample_files().segy


def sample_files() -> SampleFiles:
    """Everything that belongs to the sample cube.

    Raises
    ------
    SurveyError
        If the installation lacks it.
    """
    return synthetic_files(Path(__file__).parents[1] / "sample_data", SAMPLE_NAME)


def synthetic_files(folder: Path, name: str) -> SampleFiles:
    """Find what `write_synthetic` wrote.

    Raises
    ------
    SurveyError
        If it is not there.
    """
    index = folder / f"{name}_labels.json"
    try:
        told = json.loads(index.read_text("utf-8"))
    except OSError as error:
        raise SurveyError(f"{index} cannot be read. Install the package again.") from error
    return SampleFiles(
        segy=folder / told["survey"],
        horizons={horizon: folder / file for horizon, file in told["horizons"].items()},
        facies=folder / told["facies"],
        inlines=tuple(told["inlines"]),
        crosslines=tuple(told["crosslines"]),
        classes=tuple(told["classes"].values()),
    )
