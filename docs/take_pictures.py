"""Takes the guide's pictures of a project that is trained and predicted.

    PYTHONPATH=. xvfb-run -a -s "-screen 0 1600x1000x24" python docs/take_pictures.py PROJECT

``demo.png`` is what ``hyperseg demo --headless`` leaves; put it in ``docs/images`` before.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import napari
import numpy as np
import segyio
from napari.qt import get_qapp
from PIL import Image
from qtpy.QtCore import QTimer

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.jobs.cluster.certificates import make_certificates, usual_folder
from napari_hyperseg.project.compute_places import choose_place, know_clusters
from napari_hyperseg.qt.dock import HypersegDock
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.sample import sample_files
from napari_hyperseg.viewer.sections import Section
from napari_hyperseg.viewer.tags import Role

ON_CLUSTER_S = 60.0
IMAGES = Path(__file__).parent / "images"
SIZE = (1366, 768)
TAKEN = (
    *("crossline.png", "volume.png", "quality.png"),
    *("wells.png", "horizons.png", "import.png", "headers.png"),
    *("older.png", "lines.png", "cluster.png"),
)


def main(project: Path) -> None:
    """Open the project and take a crossline and the volume."""
    viewer = napari.Viewer()
    viewer.open(project, plugin="napari-hyperseg")
    _, dock = viewer.window.add_plugin_dock_widget("napari-hyperseg", "hyperseg")
    viewer.window.resize(*SIZE)
    settle()
    dock.workspace.navigation.show(Section.CROSSLINE)
    dock.workspace.navigation.go_to(20)
    take(viewer, "crossline.png")
    dock.workspace.navigation.show_volume()
    take(viewer, "volume.png")
    take_quality(dock)
    take_labels(viewer, dock)
    take_wells(dock)
    take_horizons(viewer, dock)
    take_question(viewer)
    take_cluster(viewer, dock)
    viewer.close()
    for picture in map(IMAGES.__truediv__, TAKEN):
        shrink(picture)


def take_quality(dock: HypersegDock) -> None:
    """Take the quality window with the map of a boundary."""
    button = dock.panels.quality
    button.click()
    button.dialog.tabs.setCurrentWidget(button.dialog.horizons)
    button.dialog.horizons.names.setCurrentIndex(4)
    settle()
    button.dialog.grab().save(str(IMAGES / "quality.png"))
    button.dialog.close()


def take_labels(viewer: napari.Viewer, dock: HypersegDock) -> None:
    """Take a section that was painted on after it was predicted, and the list of lines."""
    workspace = dock.workspace
    interpretation, geometry = workspace.interpretation, workspace.geometry
    workspace.navigation.visit((Section.INLINE, 20))
    with interpretation.edit("Paint"):
        for trace in range(12, 70):
            top = 58 + trace // 8
            interpretation.facies[20, trace, top : top + 7] = 2
    take(viewer, "older.png")
    name, path = list(sample_files().horizons.items())[3]
    times = read_horizon_file(path, geometry).values
    times[np.arange(len(times)) != 42] = np.nan
    workspace.horizons.add_picks({name: (times, "picked")})
    workspace.layer(Role.PREDICTION).visible = False
    dock.tabs.setCurrentWidget(dock.lines)
    take(viewer, "lines.png")
    for _ in range(2):
        workspace.undo()
    workspace.layer(Role.PREDICTION).visible = True
    dock.tabs.setCurrentWidget(dock.classes)


def take_wells(dock: HypersegDock) -> None:
    """Take the dialog that imports labels, with tops of wells made of the true horizons."""
    horizons = {name: np.loadtxt(path) for name, path in sample_files().horizons.items()}
    picks = next(iter(horizons.values()))
    wells = {"A-1": picks[1500], "A-2": picks[3900], "B-1": picks[-1] + (900, 0, 0)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tops.csv"
        lines = ["Well,Inline,Crossline,Marker,TWT (ms)"]
        for well, (inline, crossline, _) in wells.items():
            lines += [
                f"{well},{inline:.0f},{crossline:.0f},{name},{_twt(table, inline, crossline):.1f}"
                for name, table in horizons.items()
            ]
        path.write_text("\n".join(lines))
        dock.classes.import_labels()
        dialog = dock.classes.importing
        dialog.form.choose_files((path,))
        settle()
        dialog.grab().save(str(IMAGES / "wells.png"))
        dialog.reject()


def _twt(table: np.ndarray, inline: float, crossline: float) -> float:
    """Give the pick that is nearest to a trace."""
    return table[np.abs(table[:, :2] - (inline, crossline)).sum(axis=1).argmin(), 2]


def take_horizons(viewer: napari.Viewer, dock: HypersegDock) -> None:
    """Take the dialog before an import, and an inline with horizons."""
    files = sample_files().horizons
    dock.workspace.navigation.show(Section.INLINE)
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


def take_question(viewer: napari.Viewer) -> None:
    """Save the dialog that asks how a file is to be read; answer that it is not."""

    def act() -> None:
        dialog = get_qapp().activeModalWidget()
        dialog.grab().save(str(IMAGES / "headers.png"))
        dialog.reject()

    with tempfile.TemporaryDirectory() as folder:
        QTimer.singleShot(5000, act)
        viewer.open(two_ways(Path(folder) / "vintage.sgy"), plugin="napari-hyperseg")


def take_cluster(viewer: napari.Viewer, dock: HypersegDock) -> None:
    """Take a training on a cluster, whose scheduler and workers run here."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        make_certificates(usual_folder())
        cluster = Cluster.on_loopback(usual_folder(), workers=2)
        try:
            know_clusters(cluster.address)
            choose_place(cluster.address)
            dock.training.compute.fill()
            dock.workspace.navigation.show(Section.INLINE)
            dock.tabs.setCurrentWidget(dock.classes)
            dock.train()
            until = time.monotonic() + ON_CLUSTER_S
            while time.monotonic() < until:
                settle(1)
            take(viewer, "cluster.png")
            dock.stop()
            settle(10)
        finally:
            cluster.close()


def two_ways(path: Path) -> Path:
    """Write a file whose traces are 60 x 80 lines by two header bytes, 48 x 100 by others."""
    spec = segyio.spec()
    spec.format, spec.tracecount, spec.samples = 5, 4800, 4 * np.arange(50)
    with segyio.create(path, spec) as file:
        file.text[0] = segyio.tools.create_text_header({1: "A FILE WITH LINES IN TWO PLACES"})
        file.bin.update(hdt=4000)
        for n in range(4800):
            lines = {5: 1 + n // 80, 21: 1 + n % 80, 9: 301 + n // 100, 13: 201 + n % 100}
            xy = {181: 1000 + 25 * (n // 80), 185: 5000 + 25 * (n % 80), 71: 1}
            file.header[n] = {29: 1} | lines | xy
            file.trace[n] = np.full(50, n, np.float32)
    return path


def shrink(picture: Path) -> None:
    """Leave out what a screen does not show; the colours of the legend stay as they are."""
    Image.open(picture).convert("RGB").save(picture, optimize=True)


def settle(seconds: float = 1.5) -> None:
    """Let the window draw."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        get_qapp().processEvents()
        time.sleep(0.02)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
