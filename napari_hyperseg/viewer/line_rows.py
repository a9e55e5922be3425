"""The list of labelled lines in words: what each is called, and what is labelled on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.project.wording import count_text
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.readout import vertical_text
from napari_hyperseg.viewer.sections import Section

WHOLE_LINE = "Whole line"  # of a 2D survey
UNKNOWN_COLOR = "#808080"  # of a code that the legend does not have


@dataclass(frozen=True)
class LineRow:
    """A row of the list.

    Parameters
    ----------
    place : (int, int)
        Axis and index of the line.
    title : str
        "Inline 1092", "Slice 2400 ms".
    amount : str
        How many voxels are painted, in three digits; if none are, how many horizons are picked.
    bar : tuple of (str, float)
        Colours of the classes, and each one's share of the painted voxels, 0 to 1; if none are,
        those of the horizons.
    tip : str
        The same in words, a line for each class and each horizon.
    """

    place: tuple[int, int]
    title: str
    amount: str
    bar: tuple[tuple[str, float], ...]
    tip: str


def line_row(
    line: LabelledLine, geometry: Geometry, legend: Legend, horizons: Mapping[str, str]
) -> LineRow:
    """Describe a line that is painted or picked.

    Parameters
    ----------
    line : LabelledLine
    geometry : Geometry
        Of the survey.
    legend : Legend
    horizons : mapping of str to str
        Colours of the horizons by name.
    """
    title = line_title(line, geometry)
    bar, painted = _painted(line, legend)
    picked = [f"{name}: picked on {_traces(n)}" for name, n in line.picks]
    if not bar:
        share = 1 / max(len(line.picks), 1)
        bar = [(horizons.get(name, UNKNOWN_COLOR), share) for name, _ in line.picks]
    n_horizons = f"{len(line.picks)} horizon{'s' * (len(line.picks) != 1)}"
    amount = count_text(sum(n for _, n in line.voxels)) if line.voxels else n_horizons
    tip = "\n".join([*painted, *picked])
    return LineRow(line.place, title, amount, tuple(bar), f"{title}: {tip}")


def _painted(line: LabelledLine, legend: Legend) -> tuple[list[tuple[str, float]], list[str]]:
    """Bar and words of the classes that are painted."""
    total = sum(n for _, n in line.voxels)
    known = {facies.code: facies for facies in legend.classes}
    bar: list[tuple[str, float]] = []
    words = [f"{total:,} painted voxels"] if total else []
    for code, n in line.voxels:
        name, color = f"class {code}", UNKNOWN_COLOR
        if code in known:
            name, color = known[code].name, known[code].color
        bar.append((color, n / total))
        words.append(f"{name}: {n:,} ({n / total:.1%})")
    return bar, words


def _traces(n: int) -> str:
    return f"{n:,} trace{'s' * (n != 1)}"


def line_title(line: LabelledLine, geometry: Geometry) -> str:
    """Name a line in few letters: "Crossline 1116", "Slice 2400 ms"."""
    section = Section(line.axis)
    if section is Section.TIME_SLICE:
        return f"Slice {vertical_text(geometry, line.index)}"
    if geometry.shape[section] == 1:
        return WHOLE_LINE
    numbers = geometry.inlines if section is Section.INLINE else geometry.crosslines
    return f"{section.name.capitalize()} {int(numbers[line.index])}"
