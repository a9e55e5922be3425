"""Colours of classes and channels."""

from __future__ import annotations

from colorsys import hls_to_rgb

Colour = tuple[float, float, float]

FIRST = ("#ded3b4", "#2f7fb8", "#e0a030", "#b5483a", "#5d9e6f", "#7d5ba6", "#3d3d3d", "#c77fb0")

CHANNEL_MAPS = {  # lightness tells high from low, to the colour-blind too
    "magnetics": "cividis", "gravity": "RdYlBu_r", "potassium": "magma",
    "thorium": "magma", "uranium": "magma", "elevation": "gist_earth",
}  # fmt: skip
OTHER_MAP = "viridis"


def class_colours(n_classes: int) -> list[Colour]:
    """One colour a class, the first one pale; hues go round when there are many."""
    chosen = [_from_hex(text) for text in FIRST[:n_classes]]
    more = n_classes - len(chosen)
    return chosen + [hls_to_rgb(number / more, 0.55, 0.6) for number in range(more)]


def _from_hex(text: str) -> Colour:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
