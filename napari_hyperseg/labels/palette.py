"""The colours that classes take by themselves."""

from __future__ import annotations

PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#221199",
    "#88ffaa",
    "#663300",
    "#7766ff",
    "#aa0044",
)
"""Default colours, in the order in which classes take them, then from the first again.

The first seven are those of Okabe and Ito, "Color Universal Design", 2008, without black; the
others were chosen as far from them, and from grey seismic, as they can be for normal,
red-blind and green-blind eyes (the tests hold the distances)."""
