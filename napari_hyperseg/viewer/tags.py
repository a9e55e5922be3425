"""How a layer says that it belongs to a survey: a tag in its metadata.

Whoever makes a layer (reader, sample, dock) tags it; the dock finds its layers by their
tags, whether they were there before it or came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from napari.layers import Layer

from napari_hyperseg.survey.export.opening import ZarrVolume
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import Survey

_KEY, _VOLUME_KEY = "hyperseg", "hyperseg volume"


class Role(Enum):
    """What a layer shows."""

    AMPLITUDE = "amplitude"
    VOLUME = "volume"  # another one on the lines of the amplitudes
    LABELS = "labels"
    PREDICTION = "prediction"
    CONFIDENCE = "confidence"
    DIFFERENCE = "difference"  # of two predictions
    HORIZON_LINES = "horizon lines"
    HORIZON_SURFACES = "horizon surfaces"
    PICKS = "picks"  # seeds on the section, and ties with crossing lines
    COPY = "copy"  # of the amplitudes, to look at


@dataclass(frozen=True)
class Tag:
    """What a layer shows of which survey.

    Parameters
    ----------
    role : Role
        What it shows.
    survey : str
        Key of the survey.
    opened : Survey
        The same, as it was opened.
    project : Path or None
        The project's folder; None: the file was opened without a project.
    """

    role: Role
    survey: str
    opened: Survey
    project: Path | None = None

    @property
    def geometry(self) -> Geometry:
        """The survey's."""
        return self.opened.geometry

    def with_role(self, role: Role) -> Tag:
        """Return the tag of another layer of the same survey."""
        return replace(self, role=role)

    def with_project(self, project: Path) -> Tag:
        """Return the tag of the same layer within a project."""
        return replace(self, project=project)

    def as_metadata(self) -> dict[str, Any]:
        """Return the layer's metadata."""
        return {_KEY: self}


def tag_of(layer: Layer) -> Tag | None:
    """Return the tag of a layer; None for a layer that is not ours."""
    return tag_in(layer.metadata)


def tag_in(metadata: Mapping[str, Any]) -> Tag | None:
    """Return the tag in a layer's metadata; None if it has none."""
    tag = metadata.get(_KEY)
    return tag if isinstance(tag, Tag) else None


def volume_metadata(volume: ZarrVolume) -> dict[str, Any]:
    """Return the metadata of a layer that shows a volume of its own, outside of any project."""
    return {_VOLUME_KEY: volume}


def volume_of(metadata: Mapping[str, Any]) -> ZarrVolume | None:
    """Return the volume that a layer with this metadata shows; None if it shows none."""
    volume = metadata.get(_VOLUME_KEY)
    return volume if isinstance(volume, ZarrVolume) else None


def retag(layer: Layer, tag: Tag) -> None:
    """Give a layer another tag, leaving the rest of its metadata."""
    layer.metadata[_KEY] = tag


def tagged(layers: Iterable[Layer], role: Role, survey: str | None = None) -> Iterator[Layer]:
    """Yield the layers of a role, of one survey or of any, bottom first."""
    for layer in layers:
        tag = tag_of(layer)
        if tag is not None and tag.role is role and survey in (None, tag.survey):
            yield layer
