"""Open volumes kept as zarr: exported ones, converted ones, and any array with three axes.

Owns telling them apart by their metadata alone, so that a viewer may ask about every folder.
Nothing in them can run: of old zarr, which may hold pickles, only known codecs are decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.export.description import Description, read_description
from napari_hyperseg.survey.export.former import read_metadata
from napari_hyperseg.survey.store.store import KEY, open_store
from napari_hyperseg.survey.survey import Volume

NUMBERS = re.compile(r"bool|u?int(8|16|32|64)|float(16|32|64)|[<>|][iuf][1248]|\|b1")
HARMLESS = {  # codecs of zarr format 2 that are opened: numbers in, numbers out
    "blosc", "zlib", "gzip", "bz2", "lzma", "zstd", "lz4", "delta", "shuffle", "bitround",
    "fixedscaleoffset", "quantize", "packbits", "astype", "crc32", "crc32c", "adler32",
    "fletcher32",
}  # fmt: skip
MOST_LEVELS = 32
LONGEST_REASON = 200
UNREADABLE = (OSError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


@dataclass(frozen=True, eq=False)
class ZarrVolume:
    """A volume that was kept as zarr.

    Parameters
    ----------
    path : Path
        The folder.
    levels : tuple of array-like
        The volume, and coarser ones if there are, each half the one before.
    names : tuple of str
        Of the axes.
    description : Description or None
        What an export says of it.
    converted : bool
        Whether it is a project's converted survey.
    """

    path: Path
    levels: tuple[Volume, ...]
    names: tuple[str, str, str]
    description: Description | None = None
    converted: bool = False


def may_be_volume(path: Path) -> bool:
    """Tell whether a folder is a volume that `open_zarr_volume` opens, from its metadata."""
    metadata = read_metadata(path / "zarr.json")
    if metadata.get("node_type") == "group":
        attributes = metadata.get("attributes")
        return isinstance(attributes, dict) and isinstance(attributes.get(KEY), dict)
    if not metadata:
        metadata = read_metadata(path / ".zarray")
    shape, dtype = metadata.get("shape"), metadata.get("data_type", metadata.get("dtype"))
    three = isinstance(shape, list) and len(shape) == 3 and 0 not in shape
    return three and isinstance(dtype, str) and NUMBERS.fullmatch(dtype) is not None


def open_zarr_volume(path: Path) -> ZarrVolume:
    """Open a volume; its samples are read when they are asked for.

    Raises
    ------
    SurveyError
        If it is damaged or not complete, or coded in a way that could run code.
    """
    _check_codecs(path)
    import zarr  # slow to load

    try:
        node = zarr.open(path, mode="r")
        if isinstance(node, zarr.Array):
            return _of_array(path, node)
        description = read_description(node.attrs)
        if description is None:
            return _converted(path, node.attrs.asdict())
        said: Any = node.attrs.asdict()
        datasets = said["ome"]["multiscales"][0]["datasets"]
        levels = [node[str(level)] for level in range(len(datasets[:MOST_LEVELS]))]
        return _described(path, [_three_axes(level) for level in levels], description)
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        raise SurveyError(
            f"{path} cannot be opened as a volume ({type(error).__name__}: {reason}). "
            "Write or convert it again."
        ) from error


def _of_array(path: Path, array: Any) -> ZarrVolume:
    description = read_description(array.attrs)
    if description is not None:
        return _described(path, [_three_axes(array)], description)
    named = getattr(array.metadata, "dimension_names", None) or (None, None, None)
    i, j, k = (name or f"axis {axis}" for axis, name in enumerate(named))
    return ZarrVolume(path, (_three_axes(array),), (i, j, k))


def _described(path: Path, levels: list[Any], description: Description) -> ZarrVolume:
    geometry = description.geometry
    if geometry is not None and levels[0].shape != geometry.shape:
        raise ValueError(f"shape {levels[0].shape}, geometry {geometry.shape}")
    return ZarrVolume(path, tuple(levels), ("inline", "crossline", "sample"), description)


def _converted(path: Path, attributes: dict[str, Any]) -> ZarrVolume:
    store = open_store(path, attributes)
    if not store.complete:
        raise SurveyError(f"{path.stem} is not converted yet: run 'hyperseg convert' again.")
    names = ("inline", "crossline", "sample")
    return ZarrVolume(path, tuple(store.volumes()), names, converted=True)


def _three_axes(array: Any) -> Any:
    if len(array.shape) != 3 or np.dtype(array.dtype).kind not in "biuf":
        raise ValueError(f"an array of shape {array.shape} and type {array.dtype}")
    return array


def _check_codecs(path: Path) -> None:
    """Of zarr format 2: `zarr` would decode a pickle if it were told to."""
    metadata = read_metadata(path / ".zarray")
    filters = metadata.get("filters")
    codecs = [metadata.get("compressor"), *(filters if isinstance(filters, list) else [])]
    for codec in codecs:
        name = codec.get("id") if isinstance(codec, dict) else codec
        if name is not None and name not in HARMLESS:
            raise SurveyError(
                f"{path} is coded with {name!r}, which is not decoded: it could run code. "
                "Write it again as numbers."
            )
