"""Where a volume lies along its three axes, as formats with a scale and a translation say it."""

from __future__ import annotations

from dataclasses import dataclass

from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.vertical_units import best_vertical_unit, vertical_units

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Placement:
    """Names, units, steps and beginnings of the axes (inline, crossline, sample).

    Parameters
    ----------
    names : tuple of str
    units : tuple of str or None
        As UDUNITS-2 calls them; None: the axis counts.
    scale : tuple of float
        Distance between samples, in the unit.
    translation : tuple of float
        Where the centre of the first sample lies.
    """

    names: tuple[str, str, str] = ("inline", "crossline", "sample")
    units: tuple[str | None, str | None, str | None] = (None, None, None)
    scale: Triple = (1.0, 1.0, 1.0)
    translation: Triple = (0.0, 0.0, 0.0)

    @classmethod
    def of(cls, geometry: Geometry) -> Placement:
        """Line numbers along the first two axes; time or depth along the third.

        The third counts in the unit in which a section looks square; of feet there are no
        tens in UDUNITS-2.
        """
        unit = "foot" if geometry.vertical_unit == "ft" else best_vertical_unit(geometry)
        size = vertical_units(geometry)[unit]
        return cls(
            units=(None, None, unit),
            scale=(
                float(geometry.inline_step),
                float(geometry.crossline_step),
                geometry.sample_interval_ms / size,
            ),
            translation=(
                float(geometry.inlines[0]),
                float(geometry.crosslines[0]),
                geometry.start_ms / size,
            ),
        )

    def coarser(self, level: int, centred: bool) -> tuple[Triple, Triple]:
        """Scale and translation of a level of a pyramid, each half the one before.

        Parameters
        ----------
        level : int
            0: full resolution.
        centred : bool
            Whether a coarse sample is the mean of fine ones, and so lies in their middle.
        """
        factor = 2**level
        shift = (factor - 1) / 2 if centred else 0.0
        i, j, k = (factor * step for step in self.scale)
        x, y, z = (
            start + shift * step for start, step in zip(self.translation, self.scale, strict=True)
        )
        return (i, j, k), (x, y, z)
