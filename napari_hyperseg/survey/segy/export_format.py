"""The sample format of an exported file: what was asked for, if the samples fit it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.segy.export_samples import boxes
from napari_hyperseg.survey.segy.formats import IEEE_FLOAT32, INT8
from napari_hyperseg.survey.survey import Survey, Volume

SampleType = Literal["int8", "float"]
CODES: dict[SampleType, int] = {"int8": INT8, "float": IEEE_FLOAT32}


def format_for(volume: Volume, samples: SampleType | None) -> int:
    """The format code of a volume: by default int8 for whole numbers that fit, else float32.

    Raises
    ------
    ExportError
        If int8 is asked for and a sample does not fit it.
    """
    if samples == "float" or (samples is None and np.dtype(volume.dtype).kind not in "iub"):
        return IEEE_FLOAT32
    blocks = (np.asarray(volume[box]) for box in boxes(volume))
    if samples is None:
        return INT8 if all(map(_fits_int8, blocks)) else IEEE_FLOAT32
    for block in blocks:
        check_it_fits(block, INT8)
    return INT8


def format_of_amplitudes(survey: Survey, samples: SampleType | None) -> int:
    """The format code of a survey's own samples: by default the one they have."""
    return survey.source.format_code if samples is None else CODES[samples]


def check_it_fits(block: NDArray[Any], format_code: int) -> NDArray[Any]:
    """Return a block whose samples a format can hold.

    Raises
    ------
    ExportError
        If int8 cannot hold one of them.
    """
    if format_code == INT8 and not _fits_int8(block):
        raise ExportError(
            f"int8 holds whole numbers from -128 to 127, and there are samples from "
            f"{np.min(block):g} to {np.max(block):g}. Choose --samples float."
        )
    return block


def _fits_int8(block: NDArray[Any]) -> bool:
    inside = bool(np.min(block) >= -128 and np.max(block) <= 127)
    return inside and (block.dtype.kind in "iub" or bool(np.all(block == np.rint(block))))
