"""A synthetic survey as files: SEG-Y, horizons, facies and a sparse set of labelled lines."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.horizon_files.writing import write_horizon_file
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.writing import write_segy
from napari_hyperseg.survey.synthetic import SyntheticSurvey

LABELLED_INLINES = (1 / 6, 1 / 2, 5 / 6)  # of the survey's width
LABELLED_CROSSLINES = (1 / 2,)


def write_synthetic(synthetic: SyntheticSurvey, folder: str | Path, name: str) -> Path:
    """Write NAME.sgy, NAME_H1.txt and so on, NAME_facies.npy and NAME_labels.json.

    Returns
    -------
    Path
        The SEG-Y file.

    Raises
    ------
    SurveyError, HorizonError
        If the folder cannot be written.
    """
    folder = Path(folder).expanduser()
    segy = folder / f"{name}.sgy"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_segy(segy, synthetic.amplitude, synthetic.geometry, _text(synthetic))
        for horizon, times in synthetic.horizons.items():
            path = folder / f"{name}_{horizon}.txt"
            write_horizon_file(path, times, synthetic.geometry, "opendtect")
        with replacing(folder / f"{name}_facies.npy") as beside, beside.open("wb") as file:
            np.save(file, synthetic.facies, allow_pickle=False)
        with replacing(folder / f"{name}_labels.json") as beside:
            beside.write_text(json.dumps(_labels(synthetic, name), indent=2) + "\n", "utf-8")
    except OSError as error:
        raise SurveyError(f"{folder} cannot be written: {error.strerror}.") from error
    return segy


def _text(synthetic: SyntheticSurvey) -> list[str]:
    geometry = synthetic.geometry
    return [
        "SYNTHETIC SEISMIC SURVEY OF NAPARI-HYPERSEG, NOT A REAL ONE",
        "LAYERS OF DIFFERENT REFLECTION CHARACTER, FOLDED AND FAULTED, WITH NOISE",
        "",
        f"INLINES    {geometry.inlines[0]}-{geometry.inlines[-1]}  BYTES 189-192",
        f"CROSSLINES {geometry.crosslines[0]}-{geometry.crosslines[-1]}  BYTES 193-196",
        f"SAMPLES    {geometry.n_samples} AT {geometry.sample_interval_ms:g} MS "
        f"FROM {geometry.start_ms:g} MS TWO-WAY TIME, IEEE FLOAT32",
        "CDP X, Y   BYTES 181-188 IN CENTIMETRES (SCALAR IN BYTES 71-72), LOCAL GRID",
    ]


def _labels(synthetic: SyntheticSurvey, name: str) -> dict[str, object]:
    geometry = synthetic.geometry
    return {
        "survey": f"{name}.sgy",
        "inlines": [_at(geometry.inlines, share) for share in LABELLED_INLINES],
        "crosslines": [_at(geometry.crosslines, share) for share in LABELLED_CROSSLINES],
        "facies": f"{name}_facies.npy",
        "horizons": {horizon: f"{name}_{horizon}.txt" for horizon in synthetic.horizons},
        "classes": {str(code): what for code, what in enumerate(synthetic.classes, 1)},
    }


def _at(lines: np.ndarray, share: float) -> int:
    return int(lines[int(share * len(lines))])
