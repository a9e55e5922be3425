"""Takes the guide's pictures of a project that is trained and predicted.

    xvfb-run -a -s "-screen 0 1600x1000x24" python docs/take_pictures.py PROJECT

``demo.png`` is what ``hyperseg demo --headless`` leaves; put it in ``docs/images`` before.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import napari
from napari.qt import get_qapp
from PIL import Image

from napari_hyperseg.viewer.sections import Section

IMAGES = Path(__file__).parent / "images"
SIZE = (1366, 768)


def main(project: Path) -> None:
    """Open the project and take a crossline and the volume."""
    viewer = napari.Viewer()
    viewer.open(project, plugin="napari-hyperseg")
    _, dock = viewer.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    viewer.window.resize(*SIZE)
    settle()
    dock.workspace.show(Section.CROSSLINE)
    dock.workspace.go_to(20)
    take(viewer, "crossline.png")
    dock.workspace.show_volume()
    take(viewer, "volume.png")
    viewer.close()
    for picture in IMAGES.glob("*.png"):
        shrink(picture)


def take(viewer: napari.Viewer, name: str) -> None:
    """Save the whole window."""
    settle()
    viewer.fit_to_view()
    settle()
    viewer.window.screenshot(str(IMAGES / name), canvas_only=False, flash=False)


def shrink(picture: Path) -> None:
    """Keep 256 colours: a third of the size."""
    colours = Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    colours.save(picture, optimize=True)


def settle(seconds: float = 1.5) -> None:
    """Let the window draw."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        get_qapp().processEvents()
        time.sleep(0.02)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
