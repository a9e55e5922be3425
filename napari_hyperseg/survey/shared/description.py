"""What is shared of a survey: the file that says so is written when all of it is there.

FOLDER/
  SURVEY.json          this description, last
  SURVEY.index.npz     what the trace headers say, see `segy.index_file`
  SURVEY.zarr/         the samples, a zarr array, see `store.shards`
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.store.layout import Extent, StoreLayout

VERSION: Literal[1] = 1
Index = Annotated[int, Field(ge=0)]
Length = Annotated[int, Field(ge=1, le=1_000_000)]


class SharedDescription(BaseModel):
    """A survey as it is shared.

    Parameters
    ----------
    fingerprint : str
        Of the SEG-Y file.
    reading : Reading
        How its headers were read.
    shape : tuple of int
    dtype : str
        Of the samples.
    clip : float
        Percentile of ``|amplitude|`` at which a display saturates, see `Survey.clip`.
    format_code, format, endian
        Of the SEG-Y file, see `SegySource`.
    index : int
        Checksum of the index (CRC32C).
    shards : tuple of (int, int, int, int)
        Place of each shard, and the checksum of its file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = VERSION
    fingerprint: str
    reading: Reading
    shape: tuple[Length, Length, Length]
    dtype: str
    clip: float = Field(gt=0, allow_inf_nan=False)
    format_code: int
    format: str
    endian: Literal["big", "little"]
    index: Index
    shards: tuple[tuple[Index, Index, Index, Index], ...]

    @field_validator("dtype")
    @classmethod
    def _of_samples(cls, said: str) -> str:
        if np.dtype(said).kind not in "iuf":
            raise ValueError(f"samples are no {said}")
        return said

    @property
    def layout(self) -> StoreLayout:
        """How the samples are cut into shards."""
        return StoreLayout(self.shape, np.dtype(self.dtype))

    @property
    def checksums(self) -> dict[Extent, int]:
        """Checksum of each shard's file."""
        return {(i, j, k): checksum for i, j, k, checksum in self.shards}


def description_name(key: str) -> str:
    """Name of a survey's description."""
    return f"{key}.json"


def index_name(key: str) -> str:
    """Name of what its trace headers say."""
    return f"{key}.index.npz"


def volume_name(key: str) -> str:
    """Name of the zarr array of its samples."""
    return f"{key}.zarr"


def find_description(folder: SharedFolder, key: str) -> SharedDescription | None:
    """Read what is shared of a survey; None: nothing, or not all of it.

    Raises
    ------
    SharedFolderError
        If it cannot be read, or makes no sense.
    """
    content = folder.read_if_there(description_name(key))
    if content is None:
        return None
    try:
        return SharedDescription.model_validate_json(content)
    except (ValidationError, TypeError) as error:
        raise SharedFolderError(
            f"{folder}/{description_name(key)} is damaged, or of a newer version. Remove it, and "
            "share the project again."
        ) from error


def read_description(
    folder: SharedFolder, key: str, fingerprint: str, reading: Reading
) -> SharedDescription:
    """Read what is shared of a survey.

    Parameters
    ----------
    folder : SharedFolder
    key : str
        Of the survey.
    fingerprint : str
        Of the SEG-Y file that it must be.
    reading : Reading
        How its headers must have been read.

    Raises
    ------
    SharedFolderError
        If it is not there as a whole, or of another file, or read in another way.
    """
    found = find_description(folder, key)
    if found is None:
        raise SharedFolderError(
            f"{key} is not, or not all, in {folder}. Share it with 'hyperseg share PROJECT'."
        )
    if found.fingerprint != fingerprint:
        raise SharedFolderError(
            f"The survey {key} in {folder} is of another SEG-Y file. Share the project elsewhere."
        )
    if not reading.agrees_with(found.reading):
        raise SharedFolderError(
            f"{key} in {folder} was read in another way from its SEG-Y file. Share the project "
            "again."
        )
    return found
