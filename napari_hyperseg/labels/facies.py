"""The facies labels of one survey: a uint8 memory map that is the truth on disk.

Owns the file and what it says; knows no window, no legend, no SEG-Y.  A stroke of the brush
writes into the map, so the operating system holds it at once: it survives the death of the
process, without a "save".  Holes in the file read as 0, unlabelled, and take no space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import LabelError
from napari_hyperseg.labels.lines import labelled_lines
from napari_hyperseg.labels.npy_file import create_sparse, read_header, written_rows

Shape = tuple[int, int, int]


class FaciesLabels:
    """Facies codes of a survey, 0 = unlabelled; open one with `create` or `open`.

    Parameters
    ----------
    path : Path
        The ``.npy`` file.
    codes : numpy.memmap of uint8, shape (n_inlines, n_crosslines, n_samples)
        The file's content; write into it to label.
    """

    def __init__(self, path: Path, codes: np.memmap) -> None:
        self.path = path
        self.codes = codes

    @classmethod
    def create(cls, path: str | Path, shape: Shape) -> FaciesLabels:
        """Make a file without labels, sparse where the file system can.

        Raises
        ------
        LabelError
            If the file exists or cannot be written.
        """
        path = Path(path)
        create_sparse(path, shape)
        return cls.open(path)

    @classmethod
    def open(
        cls, path: str | Path, *, writable: bool = True, shape: Shape | None = None
    ) -> FaciesLabels:
        """Map an existing file.

        Parameters
        ----------
        path : str or Path
            A ``.npy`` file of uint8 codes; nothing else is accepted, least of all pickles.
        writable : bool
            Whether writing into `codes` changes the file.
        shape : tuple of int, optional
            The survey's shape, which the file must have.

        Raises
        ------
        LabelError
            If the file cannot be read, is not of this kind, or has another shape.
        """
        path = Path(path)
        found, offset = read_header(path)
        if len(found) != 3:
            raise LabelError(f"{path}: has shape {found}; labels are (inline, crossline, sample).")
        if shape is not None and found != tuple(shape):
            raise LabelError(f"{path}: the labels have shape {found}, the survey {tuple(shape)}.")
        try:
            mode: Any = "r+" if writable else "r"
            codes = np.memmap(path, dtype=np.uint8, mode=mode, offset=offset, shape=found)
        except OSError as error:
            raise LabelError(f"{path}: cannot be opened: {error.strerror}.") from error
        return cls(path, codes)

    @property
    def shape(self) -> Shape:
        """Number of inlines, crosslines and samples."""
        n_inlines, n_crosslines, n_samples = self.codes.shape
        return n_inlines, n_crosslines, n_samples

    def flush(self) -> None:
        """Wait until the disk has every label (also after a power cut)."""
        self.codes.flush()

    def written_inlines(self) -> Iterator[int]:
        """Yield the inlines that are not in the file's holes: most are never labelled."""
        return written_rows(self.path, self.codes.offset, self.codes.shape)

    def counts(self) -> dict[int, int]:
        """Return the number of voxels of each code that occurs."""
        total = np.zeros(256, dtype=np.int64)
        for i in self.written_inlines():
            total += np.bincount(self.codes[i].ravel(), minlength=256)
        return {int(code): int(total[code]) for code in np.flatnonzero(total[1:]) + 1}

    def any(self) -> bool:
        """Return whether anything is labelled."""
        return any(bool(self.codes[i].any()) for i in self.written_inlines())

    def traces(self) -> NDArray[np.bool_]:
        """Return which traces hold any label, shape (n_inlines, n_crosslines)."""
        holding = np.zeros(self.shape[:2], dtype=bool)
        for i in self.written_inlines():
            holding[i] = self.codes[i].any(axis=1)
        return holding

    def labelled_inlines(self, live: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Return the indices of the inlines that carry labels; `labelled_lines` has the rule."""
        return labelled_lines(self.traces(), live)[0]

    def labelled_crosslines(self, live: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
        """Return the indices of the crosslines that carry labels; see `labelled_lines`."""
        return labelled_lines(self.traces(), live)[1]

    def paste(
        self,
        codes: NDArray[np.uint8],
        inlines: Iterable[int] | None = None,
        crosslines: Iterable[int] | None = None,
    ) -> int:
        """Add labels: nonzero codes replace what is there, zeros leave it.

        Parameters
        ----------
        codes : ndarray of uint8, shape of the survey
            Facies codes, 0 = unlabelled.
        inlines, crosslines : iterable of int, optional
            Indices of the lines to label, both kinds together; without either, all of them.

        Returns
        -------
        int
            Number of voxels written.

        Raises
        ------
        LabelError
            If the shapes differ or a line is outside the survey.
        """
        if codes.shape != self.shape:
            raise LabelError(f"The labels have shape {codes.shape}, the survey {self.shape}.")
        wanted = self._traces_of(inlines, crosslines)
        written = 0
        for i in np.flatnonzero(wanted.any(axis=1)):
            added = np.where(wanted[i][:, None], codes[i], 0)
            np.copyto(self.codes[i], added, where=added != 0)
            written += int(np.count_nonzero(added))
        return written

    def _traces_of(
        self, inlines: Iterable[int] | None, crosslines: Iterable[int] | None
    ) -> NDArray[np.bool_]:
        wanted = np.zeros(self.shape[:2], dtype=bool)
        if inlines is None and crosslines is None:
            wanted[:] = True
        try:
            wanted[_indices(inlines)] = True
            wanted[:, _indices(crosslines)] = True
        except IndexError as error:
            raise LabelError(f"A line to label is outside the survey: {error}.") from error
        return wanted


def _indices(lines: Iterable[int] | None) -> NDArray[np.intp]:
    indices = np.fromiter(lines if lines is not None else (), dtype=np.intp)
    if (indices < 0).any():
        raise IndexError(f"index {indices.min()} is negative")
    return indices
