"""Surveys and horizons for the tests of horizon files."""

from __future__ import annotations

import numpy as np

from napari_hyperseg.survey.geometry import Geometry


def make_geometry(
    degrees=0.0, inline_step=2, crossline_step=1, domain="time", length_unit="m", to_xy=True
):
    """Give 6 inlines x 5 crosslines, bins of 25 m x 12.5 m, rotated about (4500, 61000)."""
    inlines = 10 + inline_step * np.arange(6)
    crosslines = 31 + crossline_step * np.arange(5)
    angle = np.radians(degrees)
    u = np.array([np.cos(angle), np.sin(angle)]) * 25 / inline_step
    v = np.array([-np.sin(angle), np.cos(angle)]) * 12.5 / crossline_step
    shift = np.array([4500.0, 61000.0]) - 10 * u - 31 * v
    return Geometry(
        inlines,
        crosslines,
        20,
        100.0,
        4.0,
        domain=domain,
        length_unit=length_unit,
        to_xy=np.column_stack([u, v, shift]) if to_xy else None,
    )


def wavy():
    """Give a horizon in 100-176, to a thousandth, absent at [2, 3]."""
    horizon = np.round(140 + 9 * np.sin(np.arange(30.0)).reshape(6, 5), 3)
    horizon[2, 3] = np.nan
    return horizon


def picks(geometry, horizon):
    """Give rows (inline, crossline, x, y, z) of the defined traces."""
    i, j = np.nonzero(np.isfinite(horizon))
    lines = np.stack([geometry.inlines[i], geometry.crosslines[j], np.ones(len(i))])
    to_xy = geometry.to_xy if geometry.to_xy is not None else np.zeros((2, 3))
    return np.column_stack([lines[:2].T, (to_xy @ lines).T, horizon[i, j]])


def rows_text(rows, form="{:.0f} {:.0f} {:.3f} {:.3f} {:.3f}"):
    """Give a line of text for each row."""
    return "".join(form.format(*row) + "\n" for row in rows)
