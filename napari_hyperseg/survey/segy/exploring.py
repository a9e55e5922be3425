"""Looking at a SEG-Y file in several ways, its headers read once.

Owns the one way from a file to its index: opening, describing and choosing all go through it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import ReadingError
from napari_hyperseg.survey.coverage import coverage
from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.segy.assembly import assemble
from napari_hyperseg.survey.segy.choice import candidates
from napari_hyperseg.survey.segy.file_header import TEXT_BLOCK
from napari_hyperseg.survey.segy.findings import Findings
from napari_hyperseg.survey.segy.gathers import offsets
from napari_hyperseg.survey.segy.indexing import SegyIndex, index_traces
from napari_hyperseg.survey.segy.info import Candidate, SegyInfo, inform
from napari_hyperseg.survey.segy.layout import SegyLayout, read_layout
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.text import read_text
from napari_hyperseg.survey.segy.trace_headers import Progress, TraceHeaders
from napari_hyperseg.survey.survey import Survey

NOTHING_SAID = Reading()


@dataclass(frozen=True, eq=False)
class Look:
    """What a file holds when it is read in one way.

    Parameters
    ----------
    reading : Reading
        That way, completely.
    info : SegyInfo
        What it gives.
    live : ndarray of bool, shape (n_inlines, n_crosslines)
        Which positions have a trace.
    remarks : tuple of str
        What is odd about it, a line each.
    undecided : ReadingError or None
        What is still to be chosen before the file can be opened.
    others : tuple of Candidate
        Header bytes that explain the traces as well; none if bytes were given.
    """

    reading: Reading
    info: SegyInfo
    live: NDArray[np.bool_]
    remarks: tuple[str, ...]
    undecided: ReadingError | None
    others: tuple[Candidate, ...]

    @cached_property
    def coverage(self) -> NDArray[np.float32]:
        """Share of positions with a trace, on a coarse grid: see `survey.coverage`."""
        return coverage(self.live)

    @property
    def open_question(self) -> bool:
        """Whether the file does not say by itself how it is to be read."""
        return self.undecided is not None or bool(self.others)


class SegyExplorer:
    """A SEG-Y file whose trace headers are read, once, and can be understood in several ways.

    To be used by one thread at a time.

    Parameters
    ----------
    path : str or Path
        The file.
    progress : callable, optional
        Told how many of how many traces are read; what it raises ends the reading.

    Raises
    ------
    SurveyError
        If the file is not SEG-Y that can be read.
    """

    def __init__(self, path: str | Path, progress: Progress | None = None) -> None:
        self.layout: SegyLayout = read_layout(Path(path).expanduser().absolute())
        self._headers = TraceHeaders(self.layout, progress)
        self._last: tuple[Reading, SegyIndex, Findings] | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self.layout.path

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Header bytes that could hold line numbers, best first."""
        return tuple(Candidate.of(grid) for grid in candidates(self._headers))

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Different offsets in the trace headers, ascending."""
        return offsets(self._headers)

    @cached_property
    def text_header(self) -> tuple[str, ...]:
        """Its 40 lines, without the spaces at their ends."""
        with self.path.open("rb") as file:
            return tuple(line.rstrip() for line in read_text(file.read(TEXT_BLOCK)))

    @property
    def last_byte(self) -> int:
        """Where the last number of a trace header can begin."""
        return self._headers.last_byte

    def to_json(self) -> dict[str, Any]:
        """What is known however the file is read: part of what `SegyInfo.to_json` says."""
        return {
            "format": self.layout.format_code,
            "endian": self.layout.endian,
            "candidates": [asdict(candidate) for candidate in self.candidates],
            "traces": self.layout.n_traces,
            "offsets": list(self.offsets),
            "text_header": list(self.text_header),
        }

    def look(self, reading: Reading = NOTHING_SAID, progress: Progress | None = None) -> Look:
        """Read the file in one way, prestack files of which nothing is said included.

        Parameters
        ----------
        reading : Reading
            What the user says of it; the rest is found.
        progress : callable, optional
            Told of another pass over the file, which a field that is not usual needs.

        Raises
        ------
        ReadingError
            If it cannot be read so.
        SurveyError
            If it cannot be read in any way.
        """
        index, findings = self._index(reading, progress)
        return Look(
            index.reading,
            self._told(index, findings),
            index.geometry.live_mask,
            index.warnings,
            findings.undecided,
            tuple(Candidate.of(grid) for grid in findings.others),
        )

    def info(self, reading: Reading = NOTHING_SAID) -> SegyInfo:
        """Say what the file holds; as `look`, which raises the same."""
        return self._told(*self._index(reading, None))

    def index(self, reading: Reading = NOTHING_SAID) -> SegyIndex:
        """Work out which trace lies where.

        Raises
        ------
        ReadingError
            If the file cannot be read so, or something is to be chosen before.
        SurveyError
            If it cannot be read in any way.
        """
        index, findings = self._index(reading, None)
        if findings.undecided is not None:
            raise findings.undecided
        return index

    def open(self, reading: Reading = NOTHING_SAID) -> Survey:
        """Open the file as a survey; raises what `index` does."""
        return assemble(self.layout, self.index(reading), fingerprint(self.path))

    def _index(self, reading: Reading, progress: Progress | None) -> tuple[SegyIndex, Findings]:
        if self._last is None or self._last[0] != reading:
            self._headers.progress = progress
            self._last = None  # one index at a time
            self._last = (reading, *index_traces(self.layout, self._headers, reading))
        return self._last[1:]

    def _told(self, index: SegyIndex, findings: Findings) -> SegyInfo:
        return inform(self.layout, index, findings, self.candidates, self.offsets, self.text_header)
