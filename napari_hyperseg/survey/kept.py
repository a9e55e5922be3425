"""What is kept of a survey beside its labels, so that it opens and cuts quickly.

Everything here can be made again from the SEG-Y file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """Where it is.

    Parameters
    ----------
    folder : Path
    survey : str
        Key of the survey.
    """

    folder: Path
    survey: str

    @property
    def index(self) -> Path:
        """What the trace headers say."""
        return self.folder / f"{self.survey}.index.npz"

    @property
    def volume(self) -> Path:
        """The samples as a zarr group."""
        return self.folder / f"{self.survey}.zarr"
