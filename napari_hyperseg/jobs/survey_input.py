"""One survey as a job takes it: every path that the worker needs, spelled out.

Knows no project folder.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from napari_hyperseg.jobs.messages import Code, Message
from napari_hyperseg.survey.segy.reading import Reading


class HorizonInput(Message):
    """Picks of a horizon that is a boundary between classes.

    Parameters
    ----------
    above : int
        Code of the class above it; the class below is the next one down.
    times, kinds : Path
        Memory-mapped float32 times and uint8 kinds of the picks (``.npy``), see `labels.picks`.
    """

    above: Code
    times: Path
    kinds: Path


class SharedInput(Message):
    """Where others than this computer find a survey, and put what they predict of it.

    Parameters
    ----------
    folder : str
        Path or URL, see `survey.shared`; what it holds was put there before.
    fingerprint : str
        Of the SEG-Y file.
    """

    folder: str
    fingerprint: str


class SurveyInput(Message):
    """One survey as the worker opens it.

    Parameters
    ----------
    key : str
        Name of the survey in the project (the SEG-Y file's stem).
    segy : Path
        The SEG-Y file.
    reading : Reading
        How its headers are read.
    volumes : Path or None
        Folder with its index and converted volume; None: nothing is kept.
    facies : Path or None
        Memory-mapped uint8 labels (``.npy``), 0 = unlabelled; None: nothing labelled.
    horizons : tuple of HorizonInput
        Picks that are labels, too.
    revision : int or None
        Number of the revision at which labels and picks are; None: not known.
    prediction : Path or None
        Zarr group to fill with ``facies`` and ``confidence``; None: no prediction wanted.
    shared : SharedInput or None
        Where it is opened in place of `segy`; its prediction then comes to `prediction` from
        there.  None: files and folders are used where they are.
    """

    key: str
    segy: Path
    reading: Reading = Reading()
    volumes: Path | None = None
    facies: Path | None = None
    horizons: tuple[HorizonInput, ...] = ()
    revision: int | None = Field(default=None, ge=0)
    prediction: Path | None = None
    shared: SharedInput | None = None
