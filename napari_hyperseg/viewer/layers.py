"""The four layers of a survey, as napari's layer tuples.

Owns how amplitudes, labels, prediction and confidence look.  Each function returns
``(data, keyword arguments, layer type)``, which a reader hands to napari as it is and
`napari.layers.Layer.create` turns into a layer.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from napari.layers import Layer
from napari.utils.colormaps import DirectLabelColormap

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.predictions import prediction_models
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.colours import DEFAULT, colour_map
from napari_hyperseg.viewer.shown_volume import shown_levels
from napari_hyperseg.viewer.tags import Role, Tag

LayerTuple = tuple[Any, dict[str, Any], str]

_TRANSPARENT = np.zeros(4)


def amplitude_layer(
    survey: Survey, tag: Tag, *, clip: float | None = None, unit: str | None = None
) -> LayerTuple:
    """Return the seismic: grey, symmetric about zero, clipped at the 99th percentile.

    Parameters
    ----------
    survey : Survey
        Its volume is read section by section.
    tag : Tag
        Of any layer of the survey.
    clip : float, optional
        Amplitude shown as black and white; by default measured.
    unit : str, optional
        Unit of the vertical axis; by default the best for the survey.
    """
    limit, levels = clip or survey.clip(), shown_levels(survey)
    return (
        levels if len(levels) > 1 else levels[0],
        {
            "name": survey.name,
            "colormap": colour_map(DEFAULT),
            "rendering": "translucent",  # in 3D a solid cube, as interpreters draw it
            "contrast_limits": (-limit, limit),
            "interpolation2d": "linear",
            "multiscale": len(levels) > 1,
            **_placed(tag, Role.AMPLITUDE, unit),
        },
        "image",
    )


def labels_layer(
    interpretation: Interpretation, tag: Tag, *, unit: str | None = None
) -> LayerTuple:
    """Return the interpreter's labels: every edit of the layer is told to the interpretation."""
    return (
        interpretation.facies,
        {
            "name": f"{tag.survey} labels",
            "opacity": 0.6,
            "colormap": legend_colormap(interpretation.project.legend),
            "multiscale": False,
            **_placed(tag, Role.LABELS, unit),
        },
        "labels",
    )


def prediction_layers(
    store: Path, legend: Legend, tag: Tag, *, unit: str | None = None
) -> list[LayerTuple]:
    """Return what the network says: facies over the seismic, and its confidence, hidden.

    Both show the store that the worker fills, so they are read-only, and the facies lie
    below the labels.

    Parameters
    ----------
    store : Path
        Zarr group with ``facies`` and ``confidence``.
    legend : Legend
        Colours of the classes.
    tag : Tag
        Of any layer of the survey.
    unit : str, optional
        Unit of the vertical axis.
    """
    facies, confidence = open_prediction(store)
    return [
        (
            confidence,
            {
                "name": f"{tag.survey} confidence",
                "colormap": "viridis",
                "contrast_limits": (0, 100),
                "opacity": 0.6,
                "blending": "translucent",
                "visible": False,
                "multiscale": False,
                **_placed(tag, Role.CONFIDENCE, unit),
            },
            "image",
        ),
        (
            facies,
            {
                "name": f"{tag.survey} prediction",
                "opacity": 0.4,
                "colormap": legend_colormap(legend),
                "multiscale": False,
                **_placed(tag, Role.PREDICTION, unit),
            },
            "labels",
        ),
    ]


def newest_prediction(project: Project, key: str) -> Path | None:
    """Return the prediction store of the newest model that has predicted a survey."""
    models = prediction_models(project, key)
    return project.prediction_path(models[-1], key) if models else None


def open_prediction(store: Path) -> tuple[zarr.Array, zarr.Array]:
    """Return the facies (codes) and confidence (percent) of a prediction store, read-only."""
    group = zarr.open_group(store, mode="r")
    facies, confidence = group["facies"], group["confidence"]
    assert isinstance(facies, zarr.Array)
    assert isinstance(confidence, zarr.Array)
    return facies, confidence


def store_of(layer: Layer | None) -> Path | None:
    """Return the prediction store that a layer shows; None where it shows none."""
    root = getattr(getattr(getattr(layer, "data", None), "store", None), "root", None)
    return None if root is None else Path(root)


def legend_colormap(legend: Legend) -> DirectLabelColormap:
    """Return the legend's colours; what is unlabelled, unknown or hidden is transparent."""
    colors: dict[int | None, Any] = {c.code: c.color for c in legend.classes if c.visible}
    return DirectLabelColormap(
        color_dict=defaultdict(
            lambda: _TRANSPARENT, {None: _TRANSPARENT, 0: _TRANSPARENT, **colors}
        )
    )


def _placed(tag: Tag, role: Role, unit: str | None) -> dict[str, Any]:
    return {
        **layer_axes(tag.geometry, unit),
        "metadata": tag.with_role(role).as_metadata(),
    }
