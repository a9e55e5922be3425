"""Takes the guide's pictures of a project that is trained and predicted.

    xvfb-run -a -s "-screen 0 1600x1000x24" python docs/take_pictures.py PROJECT

``demo.png`` is what ``hyperseg demo --headless`` leaves; put it in ``docs/images`` before.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import napari
import numpy as np
from napari.qt import get_qapp
from PIL import Image

from napari_hyperseg.qt.dock import HypersegDock
from napari_hyperseg.survey.sample import sample_files
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
    take_horizons(viewer, dock)
    viewer.close()
    for picture in IMAGES.glob("*.png"):
        shrink(picture)


def take_horizons(viewer: napari.Viewer, dock: HypersegDock) -> None:
    """Take the dialog before an import, and an inline with horizons."""
    files = sample_files().horizons
    dock.workspace.show(Section.INLINE)
    dock.tabs.setCurrentWidget(dock.horizons)
    with tempfile.TemporaryDirectory() as folder:
        doubtful = Path(folder) / "two_times.txt"
        picks = np.loadtxt(next(iter(files.values())))
        np.savetxt(doubtful, np.column_stack([picks, picks[:, 2] + 40]), fmt="%.1f")
        dock.horizons.import_files([doubtful, *files.values()])
        settle()
        dialog = dock.horizons.importing
        dialog.grab().save(str(IMAGES / "import.png"))
        dialog.files.want(0, wanted=False)
        dialog.ok.click()
    take(viewer, "horizons.png")


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
