"""What the program leaves behind beside the figure: the map, its confidence, a made scene.

A file is written beside its place and renamed when it is whole.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from examples.hyperspectral.scene import ClassMap, Scene
from napari_hyperseg.survey.replacing import replacing


def confidence_path(path: Path) -> Path:
    """Where the confidence of a map goes: beside the map."""
    return path.with_name(f"{path.stem}_confidence{path.suffix}")


def write_map(path: Path, scene: Scene, classes: ClassMap, confidence: NDArray[np.float32]) -> None:
    """Write the map in the user's codes, and its confidence, as numpy arrays.

    Where there is no map, the codes are -1 and the confidence is 0.
    """
    codes = np.array((-1, *scene.codes), np.int32)[classes]
    with replacing(path) as codes_file, replacing(confidence_path(path)) as confidence_file:
        for place, values in ((codes_file, codes), (confidence_file, confidence)):
            with place.open("wb") as file:
                np.save(file, values, allow_pickle=False)


def write_scene(path: Path, scene: Scene) -> None:
    """Write cubes, truth and labels of a made scene as variables of a MATLAB file."""
    variables = {"before": scene.before, "after": scene.after, "labels": scene.labels}
    if scene.truth is not None:
        variables["truth"] = scene.truth
    if scene.wavelengths_nm is not None:
        variables["wavelengths_nm"] = scene.wavelengths_nm
    with replacing(path) as beside, beside.open("wb") as file:
        savemat(file, variables, do_compression=True)
