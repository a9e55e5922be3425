"""What is written into a zarr's attributes beside the samples: content and geometry.

All under the key "hyperseg": "format" (1), "content" (see `Content`) and "geometry", with
"inlines" and "crosslines" (start, step, count), "samples" (start, interval, count, unit,
domain) and "coordinates" (unit; to_xy, where (x, y) = to_xy @ (inline, crossline, 1)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.geometry import Geometry

KEY = "hyperseg"
FORMAT = 1
NOT_A_DESCRIPTION = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True, eq=False)
class Description:
    """Content and geometry of an exported volume.

    Parameters
    ----------
    content : Content
    geometry : Geometry or None
        None: of a volume that belongs to no survey.
    """

    content: Content
    geometry: Geometry | None

    def to_attributes(self) -> dict[str, Any]:
        """The attributes of a zarr array or group."""
        said: dict[str, Any] = {"format": FORMAT, "content": self.content.to_json()}
        if self.geometry is not None:
            said["geometry"] = _geometry_to_json(self.geometry)
        return {KEY: said}


def read_description(attributes: Mapping[str, Any]) -> Description | None:
    """Read the attributes of a zarr; None if they are not those of an exported volume."""
    try:
        said = attributes[KEY]
        if said["format"] != FORMAT:
            return None
        geometry = _geometry_from_json(said["geometry"]) if "geometry" in said else None
        return Description(Content.from_json(said["content"]), geometry)
    except NOT_A_DESCRIPTION:
        return None


def _geometry_to_json(geometry: Geometry) -> dict[str, Any]:
    coordinates: dict[str, Any] = {"unit": geometry.length_unit}
    if geometry.to_xy is not None:
        coordinates["to_xy"] = geometry.to_xy.tolist()
    return {
        "inlines": _lines_to_json(geometry.inlines, geometry.inline_step),
        "crosslines": _lines_to_json(geometry.crosslines, geometry.crossline_step),
        "samples": {
            "start": geometry.start_ms,
            "interval": geometry.sample_interval_ms,
            "count": geometry.n_samples,
            "unit": geometry.vertical_unit,
            "domain": geometry.domain,
        },
        "coordinates": coordinates,
    }


def _lines_to_json(lines: NDArray[np.int64], step: int) -> dict[str, int]:
    return {"start": int(lines[0]), "step": step, "count": len(lines)}


def _geometry_from_json(said: Mapping[str, Any]) -> Geometry:
    samples, coordinates = said["samples"], said["coordinates"]
    if samples["domain"] not in ("time", "depth") or coordinates["unit"] not in ("m", "ft"):
        raise ValueError("no such domain or unit")
    to_xy = coordinates.get("to_xy")
    return Geometry(
        _lines_from_json(said["inlines"]),
        _lines_from_json(said["crosslines"]),
        int(samples["count"]),
        float(samples["start"]),
        float(samples["interval"]),
        samples["domain"],
        coordinates["unit"],
        to_xy=None if to_xy is None else np.asarray(to_xy, np.float64).reshape(2, 3),
    )


def _lines_from_json(said: Mapping[str, Any]) -> NDArray[np.int64]:
    start, step, count = (int(said[name]) for name in ("start", "step", "count"))
    if not 0 < count <= MOST_LINES:
        raise ValueError("no number of lines")
    return start + step * np.arange(count, dtype=np.int64)


MOST_LINES = 1 << 24  # what a damaged file may say at most
