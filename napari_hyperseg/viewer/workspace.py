"""What a viewer has open for interpretation: a survey, its project, and their layers.

Adopts the tagged layers of a viewer, those already there and those that come later; passes
edits and moves on to the session, and the worker's blocks on to the layers.  Knows no Qt:
`Timing` brings the event loop's timers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from napari.components import ViewerModel
from napari.layers import Layer
from napari.utils.notifications import show_error, show_info
from psygnal import Signal

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.events import Event
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.project.class_controls import check_unused
from napari_hyperseg.project.conversion import BackgroundConversion
from napari_hyperseg.project.entries import VolumeEntry
from napari_hyperseg.project.folder import Project
from napari_hyperseg.project.interpretation import Interpretation
from napari_hyperseg.project.interpretations import close_interpretation
from napari_hyperseg.project.label_counting import CountedLabels
from napari_hyperseg.project.session_model import SessionModel
from napari_hyperseg.project.tracking import BackgroundTracking
from napari_hyperseg.project.training_horizons import legend_of_intervals
from napari_hyperseg.project.volumes import add_volume
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.survey import Survey
from napari_hyperseg.viewer.arrival import vertical_unit_in
from napari_hyperseg.viewer.colours import AmplitudeLook
from napari_hyperseg.viewer.edit_relay import EditRelay
from napari_hyperseg.viewer.horizon_keys import HorizonKeys
from napari_hyperseg.viewer.interval_fill import IntervalFill
from napari_hyperseg.viewer.keys import Keys
from napari_hyperseg.viewer.layer_tools import LayerTools
from napari_hyperseg.viewer.legend_edits import set_legend
from napari_hyperseg.viewer.line_copy import LineCopy
from napari_hyperseg.viewer.live import LivePrediction
from napari_hyperseg.viewer.looking_back import LookingBack
from napari_hyperseg.viewer.model_views import ModelViews
from napari_hyperseg.viewer.navigation import Navigation
from napari_hyperseg.viewer.next_line import NextLines
from napari_hyperseg.viewer.overlays import (
    as_layer,
    complete_layers,
    find_layer,
    project_of,
    recolour,
)
from napari_hyperseg.viewer.painting import Painting
from napari_hyperseg.viewer.picking import Picking
from napari_hyperseg.viewer.prediction_age import PredictionAge
from napari_hyperseg.viewer.reader import project_layers
from napari_hyperseg.viewer.readout import Readout, section_title
from napari_hyperseg.viewer.refusals import refusals_told
from napari_hyperseg.viewer.second_view import SecondView
from napari_hyperseg.viewer.sections import first_look, view_of
from napari_hyperseg.viewer.space import SpaceGuard
from napari_hyperseg.viewer.survey_horizons import SurveyHorizons
from napari_hyperseg.viewer.surveys import Surveys, check_told_apart
from napari_hyperseg.viewer.tags import Role, Tag, tag_of, tagged
from napari_hyperseg.viewer.timing import Timing
from napari_hyperseg.viewer.volume_tracking import VolumeTracking
from napari_hyperseg.viewer.volumes import is_beside, show_as_volume, volume_layer


class Workspace:
    """The survey a viewer shows, its project, its layers.

    Parameters
    ----------
    viewer : ViewerModel
        Whose layers to adopt.
    model : SessionModel
        The session that is told of edits and moves.
    timing : Timing, optional
        The event loop's timers.
    conversion : BackgroundConversion, optional
        Converts the survey that is open where that pays.
    tracking : BackgroundTracking, optional
        Tracks horizons through the survey.

    Attributes
    ----------
    changed : Signal()
        Another survey, legend, section, line or class to paint with.
    navigation : Navigation
        Where the viewer is in the survey, and where it goes.
    keys : Keys
        The keys of the window; `ask` shows them.
    second : SecondView
        Another section beside the viewer's.
    models : ModelViews
        Whose prediction is shown, and where another one differs.
    """

    changed = Signal()

    def __init__(
        self,
        viewer: ViewerModel,
        model: SessionModel,
        timing: Timing | None = None,
        conversion: BackgroundConversion | None = None,
        tracking: BackgroundTracking | None = None,
    ) -> None:
        self.viewer = viewer
        self.model = model
        self.conversion = conversion or BackgroundConversion()
        self.project: Project | None = None
        self.tag: Tag | None = None
        self._timing = timing or Timing()
        self.look = AmplitudeLook(self._timing.debounce)
        self._seen: list[Layer] = []
        self._surveys = Surveys(viewer)
        self._switching = False
        self._held: dict[str, Interpretation] = {}
        self._painting = Painting(
            viewer, self.changed.emit, lambda: self.section_name, self._timing.rest
        )
        self._live = LivePrediction(viewer, self._timing.throttle)
        self.navigation = Navigation(viewer, lambda: model.session.lines, self._timing.debounce)
        self._readout = Readout(viewer, lambda *voxel: self._age.text(*voxel))
        self._space = SpaceGuard(viewer)
        self.horizons = SurveyHorizons(self, self._timing)
        self.picking = Picking(self, self.horizons, self._timing)
        self.tracking = VolumeTracking(
            self, self.horizons, self.picking, tracking or BackgroundTracking()
        )
        horizon_keys = HorizonKeys(self.picking, self.tracking)
        self.next_lines = NextLines(self)
        self.keys = Keys(viewer, self.navigation, self.next_lines, self._painting, horizon_keys)
        self.second = SecondView(self, self._timing)
        self.tools = LayerTools(self)
        self.interval_fill, self.line_copy = IntervalFill(self), LineCopy(self)
        self.looking_back = LookingBack(self)
        self.models = ModelViews(self)
        self._age = PredictionAge(self, self._timing)
        self._adopt_soon = self._timing.soon(self.adopt)
        self._edits = EditRelay(self, self._timing.debounce)
        self._moved_soon = self._timing.throttle(self._moved)
        # The dock and the layer controls take their width after the layers came.
        self._fit_soon = self._timing.throttle(viewer.fit_to_view)
        self._connect()
        self.adopt()

    @property
    def geometry(self) -> Geometry | None:
        """Geometry of the survey that is open."""
        return self.tag.geometry if self.tag else None

    @property
    def legend(self) -> Legend:
        """The project's legend; an empty one without a project."""
        return self.project.legend if self.project else Legend(())

    @property
    def interpretation(self) -> Interpretation | None:
        """What was said of the survey that is open."""
        return self._held.get(self.tag.survey) if self.tag else None

    @property
    def interpretations(self) -> tuple[Interpretation, ...]:
        """What was said of each survey in the viewer, those that wait included."""
        return tuple(self._held.values())

    @property
    def surveys(self) -> list[str]:
        """Keys of the surveys that are open, in the order in which they came."""
        return self._surveys.keys

    @property
    def chosen_class(self) -> int | None:
        """Code of the class to paint with."""
        return self._painting.code

    def layer(self, role: Role) -> Layer | None:
        """Return the open survey's layer of a role."""
        return find_layer(self.viewer, role, self.tag.survey) if self.tag else None

    def adopt(self) -> None:
        """Open the survey that came last, and put the others away; close the one that is gone."""
        if self._switching:
            return
        surveys = list(tagged(self.viewer.layers, Role.AMPLITUDE))
        new = [layer for layer in surveys if layer not in self._seen]
        if self.tag is not None and self.layer(Role.AMPLITUDE) is not None:
            new = [layer for layer in new if not self._taken_beside(layer)]
            surveys = list(tagged(self.viewer.layers, Role.AMPLITUDE))
        self._seen = surveys
        if self.tag is not None and self.layer(Role.AMPLITUDE) is None:
            self._close()
        for key in [key for key in self._held if key not in self._surveys.keys]:
            self.release(key)
        if new or (surveys and self.tag is None):
            self._open((new or surveys)[0])
        self._put_others_away()
        self.keys.adopt(self.viewer.layers)

    def _put_others_away(self) -> None:
        """Leave the survey that is open alone in the viewer."""
        if self.tag is None:
            return
        others = self._surveys.others_shown(self.tag.survey)
        with self._rearranging():
            for key in others:
                self._surveys.put_away(key, seen=False)
        if others:
            self._fit_soon()
            self.changed.emit()

    @contextmanager
    def _rearranging(self) -> Iterator[None]:
        """Take no notice of layers that come and go meanwhile."""
        self._switching = True
        try:
            yield
        finally:
            self._switching = False
            self._seen = list(tagged(self.viewer.layers, Role.AMPLITUDE))

    def _taken_beside(self, layer: Layer) -> bool:
        """Take amplitudes on the lines of the open survey, of no project, for a volume of it."""
        tag = tag_of(layer)
        if self.tag is None or tag is None or tag.project is not None:
            return False
        if not is_beside(tag.opened, self.tag.opened):
            return False
        with refusals_told():
            self._keep_volume(tag.opened)
            show_as_volume(self.viewer, layer, self.tag)
            return True
        return False

    def _keep_volume(self, volume: Survey) -> VolumeEntry:
        assert self.project is not None
        assert self.tag is not None
        entry = add_volume(self.project, self.tag.survey, volume)
        show_info(f"{volume.name} lies on the lines of {self.tag.survey}: shown beside it.")
        return entry

    def choose_survey(self, key: str) -> None:
        """Work on another survey: its layers come into the viewer, those of the others wait."""
        if not self._surveys.waits(key):
            return
        with self._rearranging():
            for other in self._surveys.others_shown(key):
                self._surveys.put_away(other, seen=True)
            self._surveys.bring_back(key)
        self._open(self._seen[0])

    def add_survey(self, survey: Survey) -> None:
        """Take another survey into the project, and turn to it.

        On the lines of the open one, it becomes another volume of that.

        Raises
        ------
        ProjectError
            If the project has a survey of that name already, or cannot be written.
        SurveyError
            If the viewer shows another survey of that name.
        """
        if self.project is None or self.tag is None:
            return
        check_told_apart(self.viewer, survey)
        unit = vertical_unit_in(self.viewer)
        if is_beside(survey, self.tag.opened):
            clip = self._keep_volume(survey).clip
            layer = as_layer(volume_layer(survey, self.tag, clip, unit))
            self.viewer.add_layer(layer)
            show_as_volume(self.viewer, layer, self.tag)
            return
        (key,) = self.project.add(survey)
        with self._rearranging():
            self._surveys.put_away(self.tag.survey, seen=True)
            for its in project_layers(self.project, key, survey):
                self.viewer.add_layer(as_layer(its))
            amplitude = next(tagged(self.viewer.layers, Role.AMPLITUDE))
            first_look(self.viewer, amplitude)
        self._open(amplitude)

    def choose_class(self, code: int) -> None:
        """Paint with this class, if the legend has it."""
        self._painting.choose(code)

    def undo(self) -> None:
        """Take the last edit back, whichever tool made it."""
        self._painting.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self._painting.redo()

    def set_legend(self, legend: Legend) -> None:
        """Take another legend: save it, and show its colours.

        Raises
        ------
        ProjectError
            If the project may not, or cannot, be written; the legend stays as it was.
        """
        if self.interpretation is not None:
            set_legend(self.interpretation, legend)

    def remove_last_class(self) -> None:
        """Take the class that was added last out of the legend.

        Raises
        ------
        LabelError
            If a survey of the project carries labels of it.
        ProjectError
            If the project may not, or cannot, be written.
        """
        if self.project is not None:
            check_unused(self.project, self.legend.n_classes)
            self.set_legend(self.legend.without_last())
            self._painting.leave_removed()

    def close(self) -> None:
        """Leave the viewer, and close the session; labels can still be painted."""
        self.second.close()
        self._age.close()
        self._readout.follow(None)
        self._leave()

    def abandon(self) -> None:
        """Close the session of a viewer whose window is gone: nothing is drawn any more."""
        self.looking_back.forget()
        self._leave()
        for key in tuple(self._held):
            self.release(key)

    def _leave(self) -> None:
        self._disconnect()
        self.keys.unbind()
        self._turn_from()
        self._painting.disconnect()
        self.picking.disconnect()
        self.tracking.close()
        self.navigation.follow(None, None)
        self.tag = self.project = None
        self.conversion.close()
        self.model.close()

    def release(self, key: str) -> None:
        """Let go of what was said of a survey whose layers are gone."""
        if key in self._held:
            close_interpretation(self._held.pop(key))

    def _open(self, amplitude: Layer) -> None:
        """Open the project of a survey; what cannot be opened is told and left as it is."""
        tag = tag_of(amplitude)
        assert tag is not None
        self._turn_from()
        try:
            project = self._project_of(tag)
            self.tag, interpretation = complete_layers(self.viewer, amplitude, project)
        except HypersegError as error:
            show_error(str(error))
            return
        self._held[tag.survey] = interpretation
        self.project = project = interpretation.project
        self._surveys.forget(tag.survey)
        recolour(self.viewer, project.legend, tag.survey)  # it may have waited with another one
        self.model.open(project, tag.survey, interpretation.flush)
        self.conversion.follow(project, tag.survey, tag.opened)
        self._edits.follow(interpretation)
        self._painting.follow(self.layer(Role.LABELS), interpretation)
        self.look.follow(amplitude, project, tag.survey)
        self.navigation.follow(amplitude, project)
        self.navigation.come_back(tag.survey)
        self._readout.follow(amplitude)
        self._moved()
        self._fit_soon()

    def _project_of(self, tag: Tag) -> Project:
        if self.project is not None and tag.project == self.project.folder:
            return self.project
        return project_of(tag)

    def _close(self) -> None:
        self._turn_from()
        self.tag = self.project = None
        self.navigation.follow(None, None)
        self.look.follow(None, None)
        self._readout.follow(None)
        self.conversion.close()
        self.model.close()
        self.changed.emit()

    def _turn_from(self) -> None:
        """Listen no more to the edits of the survey that was open."""
        if self.tag is not None:
            self.navigation.leave(self.tag.survey)
        self._edits.follow(None)
        self._painting.follow(None)

    def _give_classes(self) -> None:
        """Give the project the classes that picked horizons part, where nothing else says them."""
        legend = legend_of_intervals(self.legend, [*self.model.session.parting])
        if legend != self.legend:
            with refusals_told():
                self.set_legend(legend)

    def _on_counted(self, found: CountedLabels) -> None:
        if self.interpretation is not None and found.holding is not None:
            self.interpretation.facies.know(found.holding)

    @property
    def section_name(self) -> str:
        """The section on screen as interpreters name it; empty in 3D or without a survey."""
        section, line, tag = self.navigation.section, self.navigation.line, self.tag
        if section is None or line is None or tag is None:
            return ""
        return section_title(tag.opened, section, line)

    def _moved(self) -> None:
        layer = self.layer(Role.AMPLITUDE)
        view = view_of(self.viewer, layer) if layer is not None else None
        if view is not None:
            self.model.look_at(view)
        self.changed.emit()

    def _on_layers(self, event: Any = None) -> None:
        self._adopt_soon()

    def _on_moved(self, event: Any = None) -> None:
        if self.tag is not None:
            self.navigation.notice()
            self._moved_soon()

    def _on_reported(self, event: Event) -> None:
        self._live.reported(event, self.tag, self.legend)

    def _connect(self) -> None:
        layers, dims = self.viewer.layers.events, self.viewer.dims.events
        self._emitters: tuple[tuple[Any, Callable[..., None]], ...] = (
            (layers.inserted, self._on_layers),
            (layers.removed, self._on_layers),
            (dims.point, self._on_moved),
            (dims.order, self._on_moved),
            (dims.ndisplay, self._on_moved),
            (self.model.reported, self._on_reported),
            (self.model.launched, self._live.launched),
            (self.model.counted, self._on_counted),
            (self.model.asked_to_train, self._give_classes),
        )
        for emitter, callback in self._emitters:
            emitter.connect(callback)

    def _disconnect(self) -> None:
        for emitter, callback in self._emitters:
            emitter.disconnect(callback)
        self._emitters = ()
        self._readout.disconnect()
        self._space.disconnect()
        self.looking_back.close()
        self.tools.close()
        self.line_copy.close()
        self.models.close()
        self._age.disconnect()
        self.horizons.close()
