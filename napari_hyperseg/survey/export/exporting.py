"""Write volumes of a survey: SEG-Y, zarr or OME-Zarr, as the name says.

Everything is written beside its place, read back and then renamed: what is there under the
name that was asked for is whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.export.arrays import ReadBox, write_array
from napari_hyperseg.survey.export.containers import Container, container_of
from napari_hyperseg.survey.export.content import Content
from napari_hyperseg.survey.export.description import Description
from napari_hyperseg.survey.export.former import check_replaceable
from napari_hyperseg.survey.export.ome_zarr import write_ome_zarr
from napari_hyperseg.survey.export.placement import Placement
from napari_hyperseg.survey.export.volume_views import ConvertedVolume
from napari_hyperseg.survey.geometry import Box, Geometry
from napari_hyperseg.survey.replacing import replacing_folder
from napari_hyperseg.survey.segy.export import export_amplitudes, export_segy
from napari_hyperseg.survey.segy.export_format import CODES, SampleType, check_it_fits
from napari_hyperseg.survey.sharing import Share, unheard
from napari_hyperseg.survey.survey import Survey, Volume

ZARR_TYPES: dict[SampleType, type] = {"int8": np.int8, "float": np.float32}


def export_volume(
    survey: Survey,
    volume: Volume,
    path: str | Path,
    content: Content,
    *,
    samples: SampleType | None = None,
    told: Share = unheard,
) -> None:
    """Write a volume of a survey; the suffix of `path` says how.

    SEG-Y has the headers of the survey's file, see `export_segy`, and of amplitudes its own
    samples, see `export_amplitudes`.  A zarr has the survey's geometry in its attributes;
    dead traces are zero.

    Parameters
    ----------
    survey : Survey
    volume : array-like, shape ``survey.geometry.shape``
    path : str or Path
        Ends in .sgy, .segy, .zarr or .ome.zarr; replaced if it is an export already.
    content : Content
    samples : {"int8", "float"}, optional
        By default as they are; in SEG-Y whole numbers as int8 where they fit, else float32.
    told : callable
        Is told the share that is done, 0 to 1.

    Raises
    ------
    ExportError
        If it cannot be written so, or not there.
    """
    path = Path(path).expanduser()
    if container_of(path) is not Container.SEGY:
        export_zarr(volume, path, content, survey.geometry, samples=samples, told=told)
    elif content.kind == "amplitude":
        export_amplitudes(survey, path, samples=samples, told=told)
    else:
        export_segy(survey, volume, path, history=content.history, samples=samples, told=told)


def export_zarr(
    volume: Volume,
    path: Path,
    content: Content,
    geometry: Geometry | None,
    *,
    placement: Placement | None = None,
    samples: SampleType | None = None,
    told: Share = unheard,
) -> None:
    """Write a volume as zarr or OME-Zarr, of a survey or of none.

    Parameters
    ----------
    volume : array-like, three axes
    path : Path
    content : Content
    geometry : Geometry or None
        None: the volume belongs to no survey.
    placement : Placement, optional
        Where it lies; by default where the geometry says.
    samples : {"int8", "float"}, optional
        By default as they are.
    told : callable
        Is told the share that is done, 0 to 1.

    Raises
    ------
    ExportError
        If it cannot be written so, or not there.
    """
    if len(volume.shape) != 3 or (geometry is not None and volume.shape != geometry.shape):
        raise ExportError(
            f"The volume has shape {tuple(volume.shape)}, not the survey's. They must be equal."
        )
    check_replaceable(path)
    place = placement or (Placement() if geometry is None else Placement.of(geometry))
    description = Description(content, geometry)
    converted = _converted(volume, samples)
    read = _reader(converted, geometry)
    try:
        with replacing_folder(path) as beside:
            if container_of(path) is Container.OME_ZARR:
                write_ome_zarr(beside, converted, read, description, place, told)
            else:
                write_array(
                    beside, converted.shape, converted.dtype, read, place.names,
                    description.to_attributes(), told,
                )  # fmt: skip
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}.") from error


def _converted(volume: Volume, samples: SampleType | None) -> ConvertedVolume:
    if samples is None:
        dtype = np.dtype(volume.dtype)
        return ConvertedVolume(volume, np.asarray, np.uint8 if dtype.kind == "b" else dtype)
    return ConvertedVolume(volume, lambda b: check_it_fits(b, CODES[samples]), ZARR_TYPES[samples])


def _reader(volume: ConvertedVolume, geometry: Geometry | None) -> ReadBox:
    """Samples of a box, zero where traces are dead."""
    live = None if geometry is None else geometry.live

    def read(box: Box) -> NDArray[Any]:
        i, j, k = (slice(*bounds) for bounds in box)
        block = volume[i, j, k]
        return block if live is None else np.where(live[i, j, None], block, block.dtype.type(0))

    return read
