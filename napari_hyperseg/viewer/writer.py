"""File > Save Selected Layers: a layer as SEG-Y, zarr or OME-Zarr.

Owns the writer contribution: what a layer holds, and which survey it belongs to, which its
tag says.  SEG-Y needs a survey, whose headers it gets; a zarr does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from napari.utils import progress

from napari_hyperseg.errors import ExportError, HypersegError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.volume_export import facies_classes
from napari_hyperseg.survey.export.containers import Container, container_of
from napari_hyperseg.survey.export.content import Content, ExportedClass, Kind
from napari_hyperseg.survey.export.exporting import export_volume, export_zarr
from napari_hyperseg.survey.export.placement import Placement
from napari_hyperseg.survey.segy.export import export_segy
from napari_hyperseg.survey.sharing import Share
from napari_hyperseg.survey.survey import Volume
from napari_hyperseg.viewer.shown_volume import ShownVolume
from napari_hyperseg.viewer.tags import Role, Tag, tag_in, volume_of

KINDS: dict[Role, Kind] = {
    Role.AMPLITUDE: "amplitude",
    Role.VOLUME: "amplitude",
    Role.COPY: "amplitude",
    Role.LABELS: "facies",
    Role.PREDICTION: "facies",
    Role.DIFFERENCE: "facies",
    Role.CONFIDENCE: "confidence",
}
UNNAMED = ("z", "y", "x")
STEPS = 1000  # of the progress bar

Attributes = Mapping[str, Any]
"""A layer's arguments, its metadata among them."""


def write_image(path: str, data: Any, attributes: Attributes) -> list[str]:
    """Write an image layer.

    Returns
    -------
    list of str
        What was written.

    Raises
    ------
    ExportError
        If it cannot be written so, or not there.  (No ValueError: napari takes those for
        a plugin that is missing.)
    """
    return _write(Path(path), data, attributes, "amplitude")


def write_labels(path: str, data: Any, attributes: Attributes) -> list[str]:
    """Write a labels layer, facies codes; see `write_image`."""
    return _write(Path(path), data, attributes, "facies")


def _write(path: Path, data: Any, attributes: Attributes, kind: Kind) -> list[str]:
    try:
        volume = data[0] if attributes.get("multiscale") else data
        volume = volume.samples if isinstance(volume, ShownVolume) else volume
        if len(volume.shape) != 3 or attributes.get("rgb"):
            raise ExportError(
                f"{attributes['name']} has shape {tuple(volume.shape)}. Volumes have three axes: "
                "inline, crossline, sample."
            )
        with progress(total=STEPS, desc=f"Writing {path.name}") as bar:
            _write_volume(path, volume, attributes, kind, _teller(bar))
    except ExportError:
        raise
    except HypersegError as error:
        raise ExportError(str(error)) from error
    return [str(path)]


def _write_volume(
    path: Path, volume: Volume, attributes: Attributes, kind: Kind, told: Share
) -> None:
    tag = tag_in(attributes["metadata"])
    content = _content(tag, attributes, kind)
    if container_of(path) is not Container.SEGY:
        _write_zarr(path, volume, attributes, tag, content, told)
    elif tag is None:
        raise ExportError(
            f"{attributes['name']} belongs to no survey, whose headers a SEG-Y file needs. "
            "Choose a name that ends in .zarr or .ome.zarr."
        )
    elif KINDS[tag.role] == "amplitude" and tag.role is not Role.COPY and not _is_own(volume, tag):
        export_segy(tag.opened, volume, path, history=content.history, told=told)
    else:
        export_volume(tag.opened, volume, path, content, told=told)


def _is_own(volume: Volume, tag: Tag) -> bool:
    """Whether these are the survey's amplitudes, which nobody changed."""
    return volume is tag.opened.volume.level(0)


def _write_zarr(
    path: Path,
    volume: Volume,
    attributes: Attributes,
    tag: Tag | None,
    content: Content,
    told: Share,
) -> None:
    known = volume_of(attributes["metadata"])
    geometry = tag.geometry if tag is not None else None
    if geometry is None and known is not None and known.description is not None:
        geometry = known.description.geometry
    placement = None if geometry is not None else _placement(attributes)
    export_zarr(volume, path, content, geometry, placement=placement, told=told)


def _content(tag: Tag | None, attributes: Attributes, kind: Kind) -> Content:
    known = volume_of(attributes["metadata"])
    if tag is None and known is not None and known.description is not None:
        return known.description.content
    kind = kind if tag is None else KINDS[tag.role]
    history = f"{attributes['name']}, saved with napari-hyperseg"[-76:]
    classes = _classes(tag) if kind == "facies" else ()
    return Content(kind, str(attributes["name"]), history, classes)


def _classes(tag: Tag | None) -> tuple[ExportedClass, ...]:
    if tag is None or tag.project is None:
        return ()
    return facies_classes(Project.open(tag.project).legend)


def _placement(attributes: Attributes) -> Placement:
    """Where napari shows a layer that belongs to no survey."""
    i, j, k = (str(name) for name in attributes["axis_labels"])
    unnamed = len({i, j, k}) < 3 or i.lstrip("-").isdigit()  # napari counts axes without names
    names = UNNAMED if unnamed else (i, j, k)
    units = [None if str(unit) == "pixel" else str(unit) for unit in attributes["units"]]
    (di, dj, dk), (x, y, z) = attributes["scale"], attributes["translate"]
    return Placement(
        names,
        (units[0], units[1], units[2]),
        (float(di), float(dj), float(dk)),
        (float(x), float(y), float(z)),
    )


def _teller(bar: Any) -> Share:
    def told(share: float) -> None:
        bar.update(round(share * STEPS) - bar.n)

    return told
