"""What is expected in labelled surveys, found one surface at a time beside the training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from napari_hyperseg.jobs.events import TrackingAdvanced
from napari_hyperseg.jobs.grounds import Ground, grounds_of
from napari_hyperseg.jobs.inputs import JobSurvey
from napari_hyperseg.jobs.runner import Clock, Emit
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.labels.folds import FOLDS
from napari_hyperseg.labels.order import order_of
from napari_hyperseg.labels.prior.bounds import Bounds
from napari_hyperseg.labels.prior.finder import Finder
from napari_hyperseg.labels.prior.priors import Priors
from napari_hyperseg.learn.data import LabelledData
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.learn.prior_file import save_prior


class Expectations:
    """Finds what is expected in all surveys: at first before the training, then beside it.

    Parameters
    ----------
    spec : JobSpec
    surveys : iterable of JobSurvey
    clock : Clock
        Of the job.
    emit : callable
        Takes an Event.
    """

    def __init__(
        self, spec: JobSpec, surveys: Iterable[JobSurvey], clock: Clock, emit: Emit
    ) -> None:
        self._clock, self._emit = clock, emit
        grounds = grounds_of(surveys)  # which part labels, also where nothing is expected
        self._each = [_Expecting(ground, spec) for ground in grounds if spec.prior]
        self._next_s = 0.0
        for one in self._each:
            one.begin()

    @property
    def under_way(self) -> bool:
        """Whether surfaces are left to find."""
        return any(one.under_way for one in self._each)

    @property
    def urgent(self) -> bool:
        """Whether changed labels wait to be followed."""
        return any(one.urgent for one in self._each)

    def lag_behind(self, key: str) -> bool:
        """Whether what is expected in a survey still has to be moved to where labels are."""
        return any(one.urgent for one in self._each if key in one.keys)

    def due(self) -> bool:
        """Whether the next piece of work is a surface."""
        return self.under_way and self._clock.elapsed_s() >= self._next_s

    def begin(self, key: str) -> None:
        """Find anew what is expected in a survey; what was found before holds until then."""
        for one in self._each:
            if key in one.keys:
                one.begin()

    def advance(self) -> bool:
        """Find one more surface; tell whether another prior holds from now on."""
        left = [one for one in self._each if one.under_way]
        one = max(left, key=lambda one: one.urgent)  # of equals, the first
        began = self._clock.elapsed_s()
        changed = one.advance()
        now = self._clock.elapsed_s()
        self._next_s = now + (now - began if one.once_through else 0.0)
        for key in one.keys:
            self._emit(TrackingAdvanced(survey=key, fraction=one.fraction))
        return changed

    def save(self, folder: Path) -> None:
        """Keep with a model what changed since it was saved last."""
        for one in self._each:
            one.save(folder)


class _Expecting:
    """Tracks the boundaries of one ground, where labelled classes are layered.

    Parameters
    ----------
    ground : Ground
        Its surveys get what is expected as soon as it is found: their `prior` first, then what
        is expected by who does not know the held-out labels.
    spec : JobSpec
    """

    def __init__(self, ground: Ground, spec: JobSpec) -> None:
        self._ground = ground
        self.keys = tuple(survey.source.key for survey in ground.surveys)
        self._order = order_of(spec.order, spec.n_classes)
        self.once_through = False
        self._unsaved: list[JobSurvey] = []
        self._bounds: Bounds | None = None  # what labels say now
        self._finder: Finder | None = None
        self._told = False  # whether anything was found yet
        self._search: Iterator[Priors | None] | None = None
        self._behind = False  # labels changed since the search began
        self._patch: Iterator[Priors | None] | None = None  # moves surfaces to changed labels
        self._found, self._most = 0, 1

    @property
    def under_way(self) -> bool:
        """Whether surfaces are left to find."""
        return self._search is not None or self.urgent

    @property
    def urgent(self) -> bool:
        """Whether surfaces are to be moved to where labels are now."""
        return self._patch is not None

    @property
    def fraction(self) -> float:
        """Share of the surfaces that are found; not all need to be looked for."""
        return min(1.0, self._found / self._most) if self.under_way else 1.0

    def begin(self) -> None:
        """Find anew what the labels lead to.

        A search that is under way comes to its end first; meanwhile surfaces are moved to where
        labels are now.
        """
        boundaries = self._ground.boundaries()
        if boundaries is None:
            return
        if not boundaries.layered:
            self._forget()
            return
        if not (boundaries.shown or self._told):  # strokes in the middle of layers
            return
        self._bounds = boundaries.bounds
        self._behind = self._search is not None
        if self._search is None:
            self._restart(self._bounds)
        if self._told:
            self._patch = self._move()

    def advance(self) -> bool:
        """Find one more surface; tell whether the survey's prior is another than before."""
        if self._patch is not None:
            moved = next(self._patch)
            if moved is not None:
                self._patch = None
                self._hold(moved)
            return moved is not None
        assert self._search is not None
        self._found += 1
        try:
            found = next(self._search)
        except StopIteration:
            self._end()
            return False
        if found is None:
            return False
        self._latest, self._told = found, True
        if self._behind:
            self._patch = self._move()
            return False
        self._hold(found)
        return True

    def save(self, folder: Path) -> None:
        """Keep the surveys' priors with a model, if they changed since."""
        for survey in self._unsaved:
            if survey.prior is not None:
                save_prior(folder, survey.source.key, survey.prior)
        self._unsaved = []

    def _hold(self, priors: Priors) -> None:
        """Predict with these from now on."""
        for survey in self._ground.surveys:
            found = self._ground.on(survey, priors)
            survey.prior = SurveyPrior(found.whole, self._order)
        self._unsaved = list(self._ground.surveys)

    def _end(self) -> None:
        self._search = None
        self.once_through = True
        for survey in self._ground.surveys:
            if survey.labelled is not None:
                self._compare(survey.labelled, self._ground.on(survey, self._latest))
        if self._behind and self._bounds is not None:
            self._behind = False
            self._restart(self._bounds)

    def _compare(self, labelled: LabelledData, priors: Priors) -> None:
        """Let the network be compared with these where labels are held out."""
        without = priors.folds.get(labelled.held_out_fold)
        labelled.held_out_prior = None if without is None else SurveyPrior(without, self._order)

    def _forget(self) -> None:
        """Expect nothing more."""
        self._search = self._patch = None
        for survey in self._ground.surveys:
            survey.prior = None
            if survey.labelled is not None:
                survey.labelled.held_out_prior = None

    def _restart(self, bounds: Bounds) -> None:
        self._search = self._find(bounds)
        self._found, self._most = 0, 3 * len(bounds) * (FOLDS + 1)

    def _find(self, bounds: Bounds) -> Iterator[Priors | None]:
        """Begin when first asked: until then, folds may change."""
        if self._finder is None:
            self._finder = self._ground.finder()
        yield from self._finder.priors(bounds, self._ground.folds())

    def _move(self) -> Iterator[Priors | None]:
        assert self._finder is not None
        assert self._bounds is not None
        return self._finder.moved(self._bounds, self._ground.folds())
