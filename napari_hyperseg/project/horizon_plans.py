"""Exports of horizons, checked before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.labels.order import Order
from napari_hyperseg.labels.tracking.events import Event
from napari_hyperseg.project.boundary_horizons import LEAST_SURE, boundary_horizons, snapped
from napari_hyperseg.project.horizon_export import boundary_names, export_horizons
from napari_hyperseg.project.predictions import open_prediction
from napari_hyperseg.project.training_horizons import training_horizons

if TYPE_CHECKING:
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.predictions import Prediction
    from napari_hyperseg.survey.survey import Survey

EVENTS = {event.value: event for event in Event if event is not Event.NONE}


@dataclass(frozen=True)
class PlannedHorizons:
    """The boundaries of a prediction as horizons that can be written.

    Parameters
    ----------
    survey : Survey
    prediction : Prediction
    order : tuple of int
        Its codes, from top to bottom.
    names : tuple of str
        One for each boundary.
    events : tuple of Event
        What each lies on; `Event.NONE`: wherever it is.
    least_sure : float
        Traces where a boundary is less sure are left open.
    """

    survey: Survey
    prediction: Prediction
    order: Order
    names: tuple[str, ...]
    events: tuple[Event, ...]
    least_sure: float = LEAST_SURE

    def write(self, folder: Path, format_name: str) -> list[Path]:
        """Write a file for each; see `export_horizons`."""
        geometry = self.survey.geometry
        found = boundary_horizons(self.prediction, self.order, geometry, self.least_sure)
        values = [one.values for one in snapped(found, self.events, self.survey)]
        return export_horizons(values, self.names, geometry, folder, format_name)


def plan_horizons(
    project: Project,
    key: str,
    *,
    model: str | None = None,
    least_sure: float = LEAST_SURE,
    snaps: Sequence[str] = (),
) -> PlannedHorizons:
    """Find what is to be written.

    Parameters
    ----------
    project : Project
    key : str
        Of the survey.
    model : str, optional
        Whose prediction; by default the newest.
    least_sure : float
    snaps : sequence of str
        "peak" for all horizons, "NAME=peak" for one.

    Raises
    ------
    ProjectError
        If there is no such prediction.
    HorizonError
        If there is no such event, or no such horizon.
    """
    prediction = open_prediction(project, key, model)
    order = project.legend.order(prediction.n_classes)
    names = tuple(
        boundary_names(project.entry(key), project.legend, order, training_horizons(project)[key])
    )
    events = dict.fromkeys(names, Event.NONE)
    for said in sorted(snaps, key=lambda text: "=" in text):  # those of one horizon last
        events.update(_events(said, names))
    survey = project.open_survey(key)
    return PlannedHorizons(survey, prediction, order, names, tuple(events.values()), least_sure)


def _events(said: str, names: Sequence[str]) -> dict[str, Event]:
    name, _, event = said.rpartition("=")
    if event not in EVENTS:
        raise HorizonError(f"--snap {said}: there is no event {event!r}, but {', '.join(EVENTS)}.")
    if name and name not in names:
        raise HorizonError(f"--snap {said}: there is no horizon {name!r}, but {', '.join(names)}.")
    return dict.fromkeys([name] if name else names, EVENTS[event])
