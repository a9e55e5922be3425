"""Where boundaries are tracked: in a survey alone, or over 2D lines that cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.jobs.inputs import JobSurvey
from napari_hyperseg.labels.prior.boundaries import Boundaries, read_boundaries
from napari_hyperseg.labels.prior.crossing_lines import CrossingLines
from napari_hyperseg.labels.prior.finder import Finder
from napari_hyperseg.labels.prior.priors import Priors
from napari_hyperseg.labels.prior.ties import lines_together


class Ground(Protocol):
    """Surveys in which boundaries are tracked together."""

    @property
    def surveys(self) -> Sequence[JobSurvey]:
        """Which these are."""

    def boundaries(self) -> Boundaries | None:
        """Read what labels say now; None where nothing is labelled."""

    def folds(self) -> NDArray[np.uint8]:
        """Folds of the labels, on the map of the boundaries."""

    def finder(self) -> Finder:
        """Make what finds the surfaces."""

    def on(self, survey: JobSurvey, found: Priors) -> Priors:
        """Return what was found in one of the surveys."""


def grounds_of(surveys: Iterable[JobSurvey]) -> list[Ground]:
    """Part surveys into those whose boundaries are tracked together."""
    left = list(surveys)
    crossing = [
        Crossing([left[number] for number in numbers])
        for numbers in lines_together([survey.data.geometry for survey in left])
    ]
    together = {survey for ground in crossing for survey in ground.surveys}
    return [*crossing, *(Alone(survey) for survey in left if survey not in together)]


class Alone:
    """A survey by itself."""

    def __init__(self, survey: JobSurvey) -> None:
        self.surveys = (survey,)

    def boundaries(self) -> Boundaries | None:
        """Read what labels say now; None where nothing is labelled."""
        labelled = self.surveys[0].labelled
        return None if labelled is None else read_boundaries(labelled.labels)

    def folds(self) -> NDArray[np.uint8]:
        """Folds of the labels."""
        labelled = self.surveys[0].labelled
        assert labelled is not None
        return labelled.folds

    def finder(self) -> Finder:
        """Make what finds the surfaces."""
        return Finder(self.surveys[0].data.volume)

    def on(self, survey: JobSurvey, found: Priors) -> Priors:
        """Return what was found."""
        return found


class Crossing:
    """2D lines that cross: what is labelled on one is expected on the others."""

    def __init__(self, surveys: Sequence[JobSurvey]) -> None:
        self.surveys = tuple(surveys)
        self._lines = CrossingLines.of([survey.data.geometry for survey in surveys])
        self._part_labels()

    def boundaries(self) -> Boundaries | None:
        """Read what labels say now; None where nothing is labelled."""
        labelled = [survey.labelled for survey in self.surveys]
        each = [None if one is None else read_boundaries(one.labels) for one in labelled]
        known = [one for one in each if one is not None]
        if not known:
            return None
        bounds = [None if one is None else one.bounds for one in each]
        return Boundaries(
            self._lines.bounds(bounds, len(known[0].bounds)),
            sum(one.transitions for one in known),
            sum(one.inversions for one in known),
        )

    def folds(self) -> NDArray[np.uint8]:
        """Folds of the labels, on the rows of the lines."""
        return self._lines.folds([_folds(survey) for survey in self.surveys])

    def finder(self) -> Finder:
        """Make what finds the surfaces."""
        volume = self._lines.volume([survey.data.volume for survey in self.surveys])
        return Finder(volume, basemap=self._lines.basemap)

    def on(self, survey: JobSurvey, found: Priors) -> Priors:
        """Return what was found on one of the lines."""
        labelled = survey.labelled is not None
        return self._lines.priors(self.surveys.index(survey), found, labelled=labelled)

    def _part_labels(self) -> None:
        """Hold out patches as large as lines without labels are far from labels."""
        labelled = [survey.labelled for survey in self.surveys]
        masks = [None if one is None else one.labels.traces() for one in labelled]
        distance = self._lines.usual_distance(masks)
        for survey in self.surveys:
            survey.usual_distance = distance
            if survey.labelled is not None:
                survey.labelled.part(distance)


def _folds(survey: JobSurvey) -> NDArray[np.uint8] | None:
    return None if survey.labelled is None else survey.labelled.folds
