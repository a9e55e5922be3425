"""What differs between the versions of napari that this plugin runs with: 0.8, 0.9 and 0.10.

The one place that asks which napari this is; everybody else asks here.
"""

from __future__ import annotations

import re
from typing import Any

import napari
from napari.components import ViewerModel

VERSION = tuple(int(part) for part in re.findall(r"\d+", napari.__version__)[:2])

REORDERS_SURFACES = VERSION != (0, 9)
"""Whether vertices of a surface are given as (inline, crossline, sample) in 3D, too.

0.9 takes their columns for the displayed axes, in the order of display.
"""


def camera_of(viewer: ViewerModel) -> Any:
    """Return a viewer's camera; the scene has it since 0.9."""
    return viewer.scene.camera if hasattr(viewer, "scene") else viewer.camera


def text_of(viewer: ViewerModel) -> Any:
    """Return the text over a viewer's canvas; the canvas has it since 0.9."""
    return viewer.canvas.overlays.text if hasattr(viewer, "canvas") else viewer.text_overlay
