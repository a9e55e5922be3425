"""The colours of napari's theme, and what the dock's style makes of them."""

from __future__ import annotations

from dataclasses import dataclass

from napari.utils.theme import get_theme

RGB = tuple[int, int, int]
READABLE = 4.5  # contrast of text, at least (WCAG 2.2, AA)
_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Colours:
    """Colours of a theme that the dock draws with.

    Parameters
    ----------
    background, foreground, text, warning, error : str
        ``#rrggbb``; white is readable on `error`.
    """

    background: str
    foreground: str
    text: str
    warning: str
    error: str

    @classmethod
    def of(cls, name: str) -> Colours:
        """Return those of a theme."""
        theme = get_theme(name)
        colors = (theme.background, theme.foreground, theme.text, theme.warning, theme.error)
        *others, error = (color.as_rgb_tuple()[:3] for color in colors)
        return cls(*map(_hex, [*others, _under_white(error)]))


def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: RGB) -> float:
    shares = (part / 255 for part in color)
    linear = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return sum(w * s for w, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _under_white(color: RGB) -> RGB:
    """Darken a colour until white is readable on it: the light theme's red is bright."""
    while contrast(color, _WHITE) < READABLE:
        red, green, blue = (int(0.9 * part) for part in color)
        color = red, green, blue
    return color


def _hex(color: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def dock_style(colours: Colours) -> str:
    """Return the style sheet of the dock: napari's, with the keyboard's focus to be seen.

    napari's buttons have no border, so one that nobody sees keeps their size.
    """
    edge = f"1px solid {colours.text}"
    return f"""
        QPushButton {{ border: 1px solid transparent; padding: 3px; }}
        QPushButton:focus, QComboBox:focus, QAbstractSpinBox:focus, QTreeView:focus,
        QTextBrowser:focus, QTabBar::tab:selected:focus {{ border: {edge}; }}
        QSlider::handle:focus {{ border: {edge}; }}
        QTreeView {{ border: 1px solid {colours.foreground}; }}
        SurveyPanel QPushButton {{ padding: 1px 3px; }}
    """
