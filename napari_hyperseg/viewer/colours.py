"""How amplitudes are coloured: the maps that interpreters expect, and where they saturate."""

from __future__ import annotations

from napari.layers import Image, Layer
from napari.utils import Colormap

from napari_hyperseg.project.folder import Project
from napari_hyperseg.viewer.timing import Wrap, at_once

# Low amplitudes (troughs) first.
COLOURS: dict[str, tuple[str, ...]] = {
    "grey": ("#000000", "#ffffff"),
    "white-black": ("#ffffff", "#000000"),
    "red-blue": ("#67001f", "#d6604d", "#ffffff", "#4393c3", "#053061"),
    "blue-red": ("#053061", "#4393c3", "#ffffff", "#d6604d", "#67001f"),
    "brown-black": ("#7f3b08", "#e08214", "#ffffff", "#808080", "#000000"),
    "five colours": ("#ffff00", "#ff0000", "#000000", "#0000ff", "#00ffff"),
}
DEFAULT = "grey"
LEAST_GAIN, LARGEST_GAIN = 0.1, 50.0


COLOURS_SETTING, GAIN_SETTING = "colours", "gain"  # of a project


class AmplitudeLook:
    """Colours and gain of the amplitudes that are worked on; the project remembers them.

    Parameters
    ----------
    save_soon : callable
        Wraps a call so that it runs once, a moment after the last of several.
    """

    def __init__(self, save_soon: Wrap = at_once) -> None:
        self._layer: Image | None = None
        self._project: Project | None = None
        self._clip = 1.0
        self._save_soon = save_soon(self._save)

    def follow(self, layer: Layer | None, project: Project | None, survey: str = "") -> None:
        """Turn to the amplitudes of a survey, as the project remembers them; None: to none."""
        self._layer = layer if isinstance(layer, Image) else None
        self._project = project
        if self._layer is None or project is None:
            return
        self._clip = project.surveys[survey].clip
        name, gain = project.settings.get(COLOURS_SETTING), project.settings.get(GAIN_SETTING)
        if name in COLOURS:
            self._layer.colormap = colour_map(str(name))
        if isinstance(gain, int | float) and LEAST_GAIN <= gain <= LARGEST_GAIN:
            self._saturate(gain)

    @property
    def colours(self) -> str | None:
        """Name of the map; None if it is none of `COLOURS`."""
        name = str(self._layer.colormap.name) if self._layer is not None else ""
        return name if name in COLOURS else None

    @property
    def gain(self) -> float | None:
        """How many times smaller amplitudes saturate than at the survey's clip."""
        if self._layer is None:
            return None
        low, high = self._layer.contrast_limits
        return 2 * self._clip / (high - low)

    def choose_colours(self, name: str) -> None:
        """Draw in another map of `COLOURS`."""
        if self._layer is not None:
            self._layer.colormap = colour_map(name)
            self._remember(COLOURS_SETTING, name)

    def choose_gain(self, gain: float) -> None:
        """Saturate at the survey's clip divided by `gain`."""
        if self._layer is not None:
            self._saturate(gain)
            self._remember(GAIN_SETTING, gain)

    def _saturate(self, gain: float) -> None:
        """Set the limits, symmetrically about zero."""
        assert self._layer is not None
        limit = self._clip / gain
        low, high = self._layer.contrast_limits_range
        self._layer.contrast_limits_range = (min(low, -limit), max(high, limit))
        self._layer.contrast_limits = (-limit, limit)

    def _remember(self, setting: str, value: str | float) -> None:
        if self._project is not None and not self._project.read_only:
            self._project.settings[setting] = value
            self._save_soon()

    def _save(self) -> None:
        if self._project is not None and not self._project.read_only:
            self._project.save()


def colour_map(name: str) -> Colormap:
    """Return a map of `COLOURS`; dead traces, which are NaN, stay transparent."""
    return Colormap(list(COLOURS[name]), name=name)
