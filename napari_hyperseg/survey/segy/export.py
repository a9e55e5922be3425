"""Write a volume as SEG-Y with the headers of the survey it belongs to.

Owns the copy: text, binary and trace headers of the source, in its trace order, with other
samples.  Works block by block; the volume is never in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from napari_hyperseg.errors import ExportError
from napari_hyperseg.survey.fingerprint import fingerprint
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.segy.export_check import check_written
from napari_hyperseg.survey.segy.export_format import (
    SampleType,
    check_it_fits,
    format_for,
    format_of_amplitudes,
)
from napari_hyperseg.survey.segy.export_headers import write_headers
from napari_hyperseg.survey.segy.export_samples import (
    Block,
    blocks_of_source,
    blocks_of_volume,
    write_samples,
)
from napari_hyperseg.survey.segy.exported_traces import ExportedTraces
from napari_hyperseg.survey.segy.layout import SegyLayout, read_layout
from napari_hyperseg.survey.sharing import Share, part, unheard
from napari_hyperseg.survey.survey import Survey, Volume

Blocks = Callable[[ExportedTraces], Iterator[Block]]


def export_segy(
    survey: Survey,
    volume: Volume,
    path: str | Path,
    *,
    history: str,
    samples: SampleType | None = None,
    told: Share = unheard,
) -> None:
    """Write `volume` as a SEG-Y file whose headers are those of `survey`'s file.

    Trace headers and trace order are the source's, byte for byte; traces that are dead or
    missing in the survey stay zero.  Of a prestack file only one trace at each position is
    written: that of the offset, or the first.  In the binary header only the sample format
    changes.  The file is written beside its place, synced, read back and renamed.

    Parameters
    ----------
    survey : Survey
        Gives headers and geometry.
    volume : array-like, shape ``survey.geometry.shape``
        Samples: numpy, memory map or zarr.
    path : str or Path
        The file to write; replaced if it exists.
    history : str
        Remark for a free line of the text header, up to 76 characters.
    samples : {"int8", "float"}, optional
        Format code 8 or 5 (IEEE float32); by default 8 for whole numbers that fit, else 5.
    told : callable
        Is told the share that is done, 0 to 1.

    Raises
    ------
    ExportError
        If the shapes differ, samples do not fit the type, the source changed or is gone, or
        the file cannot be written.
    """
    path = Path(path).expanduser()
    if tuple(volume.shape) != survey.geometry.shape:
        raise ExportError(
            f"The volume has shape {tuple(volume.shape)}, the survey {survey.geometry.shape}. "
            "They must be equal."
        )
    source = _source(survey, path)
    target = replace(source, format_code=format_for(volume, samples))
    _write(
        survey, source, target, path, history, told,
        lambda traces: blocks_of_volume(volume, source.n_samples, traces),
    )  # fmt: skip


def export_amplitudes(
    survey: Survey,
    path: str | Path,
    *,
    samples: SampleType | None = None,
    told: Share = unheard,
) -> None:
    """Write the survey's own samples, those of dead and repeated traces too.

    In the source's format, which is the default, the copy is the source bit by bit; of a
    prestack file the traces of its offset.  A stack, or another format, is a change that the
    text header is told of.

    Parameters
    ----------
    survey : Survey
    path : str or Path
        The file to write; replaced if it exists.
    samples : {"int8", "float"}, optional
        By default as they are stored.
    told : callable
        Is told the share that is done, 0 to 1.

    Raises
    ------
    ExportError
        If samples do not fit the type, the source changed or is gone, or the file cannot be
        written.
    """
    path = Path(path).expanduser()
    if survey.source.reading.stack:
        history = "Stack of the traces at each position, napari-hyperseg"
        export_segy(survey, survey.volume, path, history=history, samples=samples, told=told)
        return
    source = _source(survey, path)
    target = replace(source, format_code=format_of_amplitudes(survey, samples))
    raw = target.format_code == source.format_code
    history_if_changed = None if raw else f"Amplitudes as {target.format_name}, napari-hyperseg"
    _write(
        survey, source, target, path, history_if_changed, told,
        lambda traces: (
            (at, block if raw else check_it_fits(block, target.format_code))
            for at, block in blocks_of_source(source, traces, raw)
        ),
    )  # fmt: skip


def _write(
    survey: Survey,
    source: SegyLayout,
    target: SegyLayout,
    path: Path,
    history: str | None,
    told: Share,
    blocks: Blocks,
) -> None:
    traces = ExportedTraces.of(survey, source)
    try:
        with replacing(path) as beside:
            target = replace(target, path=beside, n_traces=len(traces))
            write_headers(source, target, traces, history, part(told, 0, 0.3))
            sums = write_samples(blocks(traces), target, part(told, 0.3, 0.7))
            check_written(source, target, traces, sums, path, part(told, 0.7, 1))
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}.") from error


def _source(survey: Survey, path: Path) -> SegyLayout:
    """The layout of the survey's file, which must be the one that was opened."""
    layout, source = read_layout(survey.source.path), survey.source
    if fingerprint(source.path) != source.fingerprint:
        raise ExportError(f"{source.path.name} changed since it was opened. Open it again.")
    if path.exists() and path.samefile(source.path):
        raise ExportError(f"{path} is the survey itself. Choose another file to write.")
    return layout
