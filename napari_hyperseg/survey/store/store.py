"""A converted volume on disk: a zarr group with a pyramid, and what it was made of.

SURVEY.zarr/
zarr.json        group: fingerprint of the SEG-Y file, how it was read, levels, complete
0/ 1/ 2/ ...     levels, each half the resolution of the one before
c/I/J/K        shards
shards.jsonl   checksums of the shards that are done
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.store.layout import Extent, StoreLayout
from napari_hyperseg.survey.store.shards import has_shard
from napari_hyperseg.survey.store.volume import StoredVolume
from napari_hyperseg.survey.survey import SegySource, Volume

SMALLEST_LEVEL = 128  # samples along the longest side; a level that small needs no coarser one
KEY = "hyperseg"
UNREADABLE = (OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class VolumeStore:
    """Where a volume is kept, and of what file it is made.

    Parameters
    ----------
    folder : Path
        The zarr group.
    shape : tuple of int
        Of the volume.
    dtype : numpy.dtype
    origin : mapping
        Fingerprint and reading of the SEG-Y file.
    """

    folder: Path
    shape: Extent
    dtype: np.dtype
    origin: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, volume: Volume, source: SegySource) -> VolumeStore:
        """The store of a volume that is read from a SEG-Y file."""
        reading = json.loads(json.dumps(source.reading.to_json()))
        origin = {"fingerprint": source.fingerprint, "reading": reading}
        i, j, k = volume.shape
        return cls(folder, (i, j, k), np.dtype(volume.dtype), origin)

    @property
    def levels(self) -> list[StoreLayout]:
        """Divisions of the volume and of its coarser copies."""
        levels = [StoreLayout(self.shape, self.dtype)]
        while max(levels[-1].shape) > SMALLEST_LEVEL:
            levels.append(levels[-1].coarser())
        return levels

    @property
    def megabytes(self) -> float:
        """Size of all levels in millions of bytes."""
        return sum(math.prod(level.shape) for level in self.levels) * self.dtype.itemsize / 1e6

    def level_folder(self, level: int) -> Path:
        """The zarr array of a level."""
        return self.folder / str(level)

    @property
    def complete(self) -> bool:
        """Whether all of it is there, made of this file read in this way."""
        return bool(self._said().get("complete", False)) and all(
            has_shard(self.level_folder(level), layout, shard)
            for level, layout in enumerate(self.levels)
            for shard in layout.shards()
        )

    @property
    def begun(self) -> bool:
        """Whether some of it may be there."""
        return bool(self._said())

    def begin(self) -> None:
        """Write what it will be made of."""
        import zarr  # slow to load, and not needed to read

        zarr.create_group(self.folder, attributes={KEY: self._content(False)}, overwrite=True)

    def finish(self) -> None:
        """Say that all of it is there."""
        path = self.folder / "zarr.json"
        content = json.loads(path.read_text("utf-8"))
        content["attributes"][KEY] = self._content(True)
        with replacing(path) as beside:
            beside.write_text(json.dumps(content), encoding="utf-8")

    def volumes(self) -> list[StoredVolume]:
        """The volume and its coarser copies, of a store that is complete."""
        return [
            StoredVolume(self.level_folder(level), layout)
            for level, layout in enumerate(self.levels)
        ]

    def _said(self) -> dict[str, Any]:
        try:
            content = json.loads((self.folder / "zarr.json").read_text("utf-8"))
            said: dict[str, Any] = content["attributes"][KEY]
        except UNREADABLE:
            return {}
        wanted = self._content(False)
        return said if {**said, "complete": False} == wanted else {}

    def _content(self, complete: bool) -> dict[str, Any]:
        shape, dtype = list(self.shape), self.dtype.str
        return {**self.origin, "shape": shape, "dtype": dtype, "complete": complete}


def open_store(folder: Path, attributes: dict[str, Any]) -> VolumeStore:
    """The store in a folder as its attributes say, whatever file it is made of.

    Raises
    ------
    ValueError, KeyError, TypeError
        If they are not those of a store.
    """
    said = attributes[KEY]
    i, j, k = (int(n) for n in said["shape"])
    dtype = np.dtype(said["dtype"])
    if min(i, j, k) < 1 or dtype.kind not in "iuf":
        raise ValueError(f"no volume has shape {said['shape']} and type {said['dtype']}")
    origin = {name: said[name] for name in ("fingerprint", "reading")}
    return VolumeStore(folder, (i, j, k), dtype, origin)
