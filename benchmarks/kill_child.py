"""The process that is killed: opens a project, makes edits, and says when each is finished.

``python -m benchmarks.kill_child PROJECT PLAN`` prints ``opening``, ``opened``, then for each
edit ``begin N`` and ``done N CHECKSUM``, of the whole state.
"""

from __future__ import annotations

import json
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.kill_edits import Editor
from benchmarks.kill_twin import observed
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import open_interpretation
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Labels


def main() -> None:
    folder, said = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    say("opening")
    shown = None
    if said["kind"] == "strokes":
        interpretation, shown = show(folder)
    else:
        project = Project.open(folder)
        interpretation = open_interpretation(project, project.entry().key)
    if said["kind"] == "convert":
        threading.Thread(target=convert_again_and_again, args=[folder], daemon=True).start()
    say("opened")
    editor = Editor(interpretation, shown)
    for number, edit in enumerate(said["plan"]):
        say(f"begin {number}")
        editor.make(edit)
        say(f"done {number} {observed(interpretation).checksum()}")


def say(line: str) -> None:
    print(line, flush=True)


def show(folder: Path) -> tuple[Interpretation, tuple[ViewerModel, Labels]]:
    """Show the project in a viewer without a window, with all that listens to its layers."""
    from napari.components import ViewerModel
    from napari.layers import Labels, Layer

    from napari_hyperseg.project.session_model import SessionModel
    from napari_hyperseg.viewer.reader import read
    from napari_hyperseg.viewer.workspace import Workspace

    viewer = ViewerModel()
    workspace = Workspace(viewer, SessionModel())
    for data, arguments, kind in read(str(folder)):
        viewer.add_layer(Layer.create(data, arguments, kind))
    assert workspace.interpretation is not None
    labels = next(layer for layer in viewer.layers if isinstance(layer, Labels))
    return workspace.interpretation, (viewer, labels)


def convert_again_and_again(folder: Path) -> None:
    """Convert the survey, and begin anew when that is done."""
    project = Project.open(folder)
    key = project.entry().key
    survey = project.open_survey(key)
    store = VolumeStore.of(project.kept(key).volume, survey.volume, survey.source)
    while True:
        convert(survey.volume, store)
        shutil.rmtree(store.folder)


if __name__ == "__main__":
    main()
