"""Outlines of a survey and of a horizon's coverage, as GeoJSON in map coordinates.

Source: RFC 7946, but for its longitudes and latitudes: coordinates are the survey's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.horizon_files.outlines import Ring, mask_polygons
from napari_hyperseg.survey.horizon_files.positions import need_map


def write_geojson(path: Path, horizon: NDArray[np.float64], geometry: Geometry, name: str) -> None:
    """Write two features, along the edges of bins: the live traces, the horizon's traces."""
    defined = np.isfinite(horizon)
    of_horizon = {
        "name": name,
        "kind": "horizon",
        "unit": geometry.vertical_unit,
        "min": round(float(horizon[defined].min()), 3),
        "max": round(float(horizon[defined].max()), 3),
    }
    features = [
        _feature(geometry.live_mask, geometry, {"name": "survey", "kind": "survey"}),
        _feature(defined, geometry, of_horizon),
    ]
    text = json.dumps({"type": "FeatureCollection", "name": name, "features": features})
    path.write_text(text + "\n", encoding="utf-8")


def _feature(
    mask: NDArray[np.bool_], geometry: Geometry, properties: dict[str, Any]
) -> dict[str, Any]:
    polygons = [[_on_map(ring, geometry) for ring in rings] for rings in mask_polygons(mask)]
    one = len(polygons) == 1
    outline = {
        "type": "Polygon" if one else "MultiPolygon",
        "coordinates": polygons[0] if one else polygons,
    }
    return {"type": "Feature", "properties": properties, "geometry": outline}


def _on_map(ring: Ring, geometry: Geometry) -> list[list[float]]:
    """Give a ring in map coordinates; outer rings run counter to the clock."""
    i, j = np.array(ring, np.float64).T - 0.5  # corners are half a bin off the traces
    inline, crossline = geometry.line_numbers(i, j)  # type: ignore[arg-type]
    to_xy = need_map(geometry)
    x, y = to_xy @ np.stack([inline, crossline, np.ones(len(ring))])
    steps = geometry.inline_step * geometry.crossline_step
    turn = 1 if np.linalg.det(to_xy[:, :2]) * steps > 0 else -1
    return np.round(np.stack([x, y], axis=1), 3)[::turn].tolist()
