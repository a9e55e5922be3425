"""The list of labelled lines in words: what each is called, and what is labelled on it."""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.labels.painted_lines import LabelledLine
from napari_hyperseg.project.wording import count_text
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.viewer.readout import vertical_text
from napari_hyperseg.viewer.sections import Section

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
    voxels : str
        How many are labelled, in three digits.
    bar : tuple of (str, float)
        Colours of the classes, and each one's share of the labelled voxels, 0 to 1.
    tip : str
        The same in words, a line for each class.
    """

    place: tuple[int, int]
    title: str
    voxels: str
    bar: tuple[tuple[str, float], ...]
    tip: str


def line_row(line: LabelledLine, geometry: Geometry, legend: Legend) -> LineRow:
    """Describe a labelled line."""
    total = sum(n for _, n in line.voxels)
    title = line_title(line, geometry)
    known = {facies.code: facies for facies in legend.classes}
    bar, lines = [], [f"{title}: {total:,} labelled voxels"]
    for code, n in line.voxels:
        name, color = f"class {code}", UNKNOWN_COLOR
        if code in known:
            name, color = known[code].name, known[code].color
        bar.append((color, n / total))
        lines.append(f"{name}: {n:,} ({n / total:.1%})")
    return LineRow(line.place, title, count_text(total), tuple(bar), "\n".join(lines))


def line_title(line: LabelledLine, geometry: Geometry) -> str:
    """Name a line in few letters: "Crossline 1116", "Slice 2400 ms"."""
    section = Section(line.axis)
    if section is Section.TIME_SLICE:
        return f"Slice {vertical_text(geometry, line.index)}"
    numbers = geometry.inlines if section is Section.INLINE else geometry.crosslines
    return f"{section.name.capitalize()} {int(numbers[line.index])}"
