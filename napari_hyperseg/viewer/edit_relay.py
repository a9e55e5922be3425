"""Passing edits on: to the layers that show them, and to the session, which has them counted.

Owns that every edit of the survey that is open is shown, and told exactly once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from napari_hyperseg.labels.counts import Edit
from napari_hyperseg.project.interpretation import FACIES, Edited, Interpretation
from napari_hyperseg.project.noted import HORIZONS, LEGEND
from napari_hyperseg.project.picks import picked_stems
from napari_hyperseg.viewer.overlays import recolour
from napari_hyperseg.viewer.tags import Role
from napari_hyperseg.viewer.timing import Wrap

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

MOST_COUNTED = 1 << 25  # voxels of edits that are counted by themselves: 64 MB in memory


class EditRelay:
    """Listens to the edits of one survey after the other.

    Parameters
    ----------
    workspace : Workspace
    debounce : callable
        Wraps a call so that it runs once, a moment after the last of several.
    """

    def __init__(self, workspace: Workspace, debounce: Wrap) -> None:
        self._workspace = workspace
        self._interpretation: Interpretation | None = None
        self._untold: list[Edited] = []
        self._trouble = ""
        self._tell_soon = debounce(self._tell)

    def follow(self, interpretation: Interpretation | None) -> None:
        """Tell what is left of the survey that was open, and listen to another, or to none."""
        self._tell()
        if self._interpretation is not None:
            self._interpretation.edited.disconnect(self._on_edited, missing_ok=True)
            self._interpretation.troubled.disconnect(self._on_troubled, missing_ok=True)
        self._interpretation = interpretation
        if interpretation is not None:
            interpretation.edited.connect(self._on_edited)
            interpretation.troubled.connect(self._on_troubled)

    def _on_edited(self, event: Edited) -> None:
        """Show an edit, whoever made it, and have the worker told of it."""
        workspace = self._workspace
        labels = workspace.layer(Role.LABELS)
        if event.touches(FACIES) and labels is not None:
            labels.refresh(thumbnail=False, highlight=False, extent=False)
        if event.touches(FACIES) or event.touches(HORIZONS) or picked_stems(event.targets):
            self._untold.append(event)
            self._tell_soon()
        if event.touches(LEGEND) and workspace.tag is not None:
            recolour(workspace.viewer, workspace.legend, workspace.tag.survey)
            workspace.model.legend_changed()
        workspace.changed.emit()

    def _tell(self) -> None:
        events, self._untold = self._untold, []
        if self._interpretation is not None and events:
            key, revision = self._interpretation.key, self._interpretation.position
            self._workspace.model.labels_changed(key, counted_edits(events), revision)

    def _on_troubled(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._workspace.changed.emit()


def counted_edits(events: list[Edited]) -> list[Edit] | None:
    """Return what changed of the facies, as it is counted; None where that is too much."""
    patches = [(patch, event.time_s) for event in events for patch in event.patches(FACIES)]
    if sum(math.prod(patch.shape) for patch, _ in patches) > MOST_COUNTED:
        return None
    starts = [(patch.start[0], patch.start[1], patch.start[2]) for patch, _ in patches]
    return [
        Edit(start, *patch.values(), time_s)
        for start, (patch, time_s) in zip(starts, patches, strict=True)
    ]
