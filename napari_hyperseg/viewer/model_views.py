"""Which model's prediction the viewer shows, and where another model's differs from it.

Owns the layer of the differences.  What is on the disk is read section by section.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from napari.utils.colormaps import DirectLabelColormap
from psygnal import Signal

from napari_hyperseg.jobs.events import Event, JobFinished, JobStarted
from napari_hyperseg.project.model_comparison import DIFFERS, Differing, differing_share
from napari_hyperseg.project.predictions import Prediction, open_prediction, prediction_models
from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.axes import layer_axes
from napari_hyperseg.viewer.layers import store_of
from napari_hyperseg.viewer.overlays import find_layer, show_prediction
from napari_hyperseg.viewer.tags import Role, Tag, tagged

if TYPE_CHECKING:
    from napari_hyperseg.viewer.workspace import Workspace

COLOR = (1.0, 0.0, 1.0, 1.0)  # of no class and no seismic
_CLEAR = (0.0, 0.0, 0.0, 0.0)


class ModelViews:
    """The predictions of one survey by several models.

    Parameters
    ----------
    workspace : Workspace
        Whose survey.

    Attributes
    ----------
    changed : Signal()
        Another prediction is shown or compared.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._viewer = workspace, workspace.viewer
        self._pair: tuple[Prediction, Prediction] | None = None
        self._tag: Tag | None = None
        workspace.changed.connect(self._follow)
        workspace.model.reported.connect(self._on_reported)

    @property
    def shown(self) -> str | None:
        """ID of the model whose prediction is on screen; None: there is no prediction."""
        store = store_of(self._workspace.layer(Role.PREDICTION))
        return None if store is None else store.parent.name

    @property
    def compared(self) -> str | None:
        """ID of the model that the shown one is compared with; None: with none."""
        return self._pair[1].model if self._pair is not None else None

    def show(self, model: str) -> None:
        """Show a model's prediction of the open survey.

        Raises
        ------
        ProjectError
            If there is none, or it is damaged.
        """
        self.end()
        project, tag = self._workspace.project, self._workspace.tag
        if project is None or tag is None:
            return
        prediction = open_prediction(project, tag.survey, model)
        show_prediction(self._viewer, prediction.path, project.legend, tag)
        self.changed.emit()

    def compare(self, other: str) -> None:
        """Mark where another model's prediction differs from the one on screen.

        Raises
        ------
        ProjectError
            If one of the two is missing or damaged.
        """
        project, tag, shown = self._workspace.project, self._workspace.tag, self.shown
        if project is None or tag is None or shown is None:
            return
        self.end()
        one, two = (open_prediction(project, tag.survey, model) for model in (shown, other))
        self._pair, self._tag = (one, two), tag
        self._add(tag, Differing(one.facies, two.facies))
        self.changed.emit()

    def swap(self) -> None:
        """Show the other one of the two that are compared."""
        if self._pair is None or self._tag is None:
            return
        one, two = self._pair
        self._pair = two, one
        show_prediction(self._viewer, two.path, self._workspace.legend, self._tag)
        self.changed.emit()

    def end(self) -> None:
        """Compare no more."""
        had, self._pair, self._tag = self._pair, None, None
        for layer in self._layers:
            self._viewer.layers.remove(layer)
        if had is not None:
            self.changed.emit()

    def leave(self, model: str) -> None:
        """Show another model's prediction, or none: this model is gone."""
        if model not in (self.shown, self.compared):
            return
        self.end()
        project, tag = self._workspace.project, self._workspace.tag
        if project is None or tag is None or self.shown != model:
            return
        if left := prediction_models(project, tag.survey):
            self.show(left[-1])
            return
        for role in (Role.PREDICTION, Role.CONFIDENCE):
            for layer in list(tagged(self._viewer.layers, role, tag.survey)):
                self._viewer.layers.remove(layer)

    def share(self) -> Callable[[], float | None] | None:
        """Return what finds the share of the section on screen that differs; it reads the disk.

        None in 3D, and where nothing is compared.
        """
        section, line = self._workspace.navigation.section, self._workspace.navigation.line
        if self._pair is None or section is None or line is None:
            return None
        cut: list[Any] = [slice(None)] * 3
        cut[section] = line
        one, two = (prediction.facies for prediction in self._pair)
        return lambda: differing_share(one[tuple(cut)], two[tuple(cut)])  # type: ignore[arg-type]

    def close(self) -> None:
        """Listen no more."""
        self._workspace.changed.disconnect(self._follow)
        self._workspace.model.reported.disconnect(self._on_reported)

    def _add(self, tag: Tag, volume: Differing) -> None:
        labels = find_layer(self._viewer, Role.LABELS, tag.survey)
        active = self._viewer.layers.selection.active
        place = len(self._viewer.layers) if labels is None else self._viewer.layers.index(labels)
        colors = defaultdict(lambda: _CLEAR, {None: _CLEAR, 0: _CLEAR, DIFFERS: COLOR})
        layer = Labels(
            volume,
            name=f"{tag.survey} differs",
            opacity=0.6,
            colormap=DirectLabelColormap(color_dict=colors),
            multiscale=False,
            metadata=tag.with_role(Role.DIFFERENCE).as_metadata(),
            **layer_axes(tag.geometry, vertical_unit_in(self._viewer)),
        )
        layer.editable = False
        self._viewer.layers.insert(place, layer)
        self._viewer.layers.selection.active = active

    def _follow(self) -> None:
        """Another survey is not compared; a layer that waited with one has nothing to say."""
        tag = self._workspace.tag
        ours = self._tag is not None and tag is not None and tag.opened is self._tag.opened
        if not ours and (self._pair is not None or self._layers):
            self.end()

    @property
    def _layers(self) -> list[Any]:
        return list(tagged(self._viewer.layers, Role.DIFFERENCE))

    def _on_reported(self, event: Event) -> None:
        """A job shows what it fills; differences are as old as the section on screen."""
        if isinstance(event, JobStarted):
            self.end()
            self.changed.emit()
        elif isinstance(event, JobFinished):
            for layer in self._layers:
                layer.refresh()
            self.changed.emit()
