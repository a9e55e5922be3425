"""The demo that needs nobody: it drives the window a person would see, and reports.

Owns when to stop training, the picture and the report.  The project is thrown away, so each
run starts from nothing and touches nobody's labels.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from napari_hyperseg.cli.open_window import window_of
from napari_hyperseg.cli.output import figure, print_facts
from napari_hyperseg.cli.progress import JobProgress
from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.events import BlockPredicted, Event, JobFinished, Scores
from napari_hyperseg.project.session import Phase, ScorePoint, Session

if TYPE_CHECKING:
    from napari_hyperseg.learn.metrics import FaciesScores
    from napari_hyperseg.project.evaluation import Evaluation
    from napari_hyperseg.project.folder import Project
    from napari_hyperseg.project.session_model import SessionModel

PATIENCE = 3
WINDOW_SIZE = (1440, 900)

_TURN_S = 0.02
_SETTLE_S = 1.5
_SLACK_S = 300.0


class Course:
    """How a training goes, as its worker reports it.

    Attributes
    ----------
    first_overlay_s : float or None
        Seconds from Train to the first prediction of the section on screen.
    finished : JobFinished or None
        The end of the training.
    """

    def __init__(self) -> None:
        self.first_overlay_s: float | None = None
        self.finished: JobFinished | None = None
        self._pressed = time.monotonic()

    def note(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case BlockPredicted() if event.visible and self.first_overlay_s is None:
                self.first_overlay_s = time.monotonic() - self._pressed
            case JobFinished() if self.finished is None:
                self.finished = event


def run_unattended(picture: Path, minutes: float) -> None:
    """Train on the sample cube in a window, take its picture, and print how good it got.

    Parameters
    ----------
    picture : Path
        The PNG file to write.
    minutes : float
        How long to train at most.

    Raises
    ------
    JobError
        If training or predicting fails, or does not end.
    """
    from napari_hyperseg.project.sample_project import open_sample_project

    with TemporaryDirectory(prefix="hyperseg-demo-", ignore_cleanup_errors=True) as folder:
        project = open_sample_project(Path(folder) / "sample.hyperseg")
        viewer, dock = window_of(project.folder)
        viewer.window.resize(*WINDOW_SIZE)
        try:
            course = _train(dock.model, minutes)
            _let_live(_SETTLE_S)
            viewer.window.screenshot(str(picture), flash=False, canvas_only=False)
            _report(dock.model.session, course, _evaluate(project), picture)
        finally:
            handle = dock.model.handle
            viewer.close()
            if handle is not None:
                handle.wait(20)


def improves_no_more(scores: Sequence[ScorePoint], patience: int = PATIENCE) -> bool:
    """Return whether the last `patience` validations all failed to beat the mean IoU before."""
    before, last = scores[:-patience], scores[-patience:]
    return bool(before) and max(s.mean_iou for s in last) <= max(s.mean_iou for s in before)


def _train(model: SessionModel, minutes: float) -> Course:
    """Press Train, stop when nothing is gained any more, and predict what is left."""
    course = Course()
    with JobProgress("Training") as progress:

        def show(event: Event) -> None:
            course.note(event)
            if not isinstance(event, BlockPredicted):
                progress(event)

        model.reported.connect(show)
        model.train(minutes)
        _wait(model, lambda now: improves_no_more(now.scores), 60 * minutes + _SLACK_S)
        model.stop()
        _wait_for_the_end(model)
        model.reported.disconnect(show)
    if course.finished is not None and course.finished.reason == "stopped":
        model.predict()
        _wait_for_the_end(model)
    return course


def _wait_for_the_end(model: SessionModel) -> None:
    _wait(model, lambda now: False, _SLACK_S)


def _wait(model: SessionModel, enough: Callable[[Session], bool], at_most_s: float) -> None:
    """Let the window live until the job ends or it is enough.

    Raises
    ------
    JobError
        If the job fails, or takes longer than `at_most_s`.
    """
    deadline = time.monotonic() + at_most_s
    while model.session.phase.running and not enough(model.session):
        if time.monotonic() > deadline:
            raise JobError(f"The job did not end within {at_most_s:.0f} s.")
        _let_live(_TURN_S)
    if model.session.phase is Phase.FAILED:
        raise JobError(model.session.message)


def _let_live(seconds: float) -> None:
    """Let the window draw and answer for a while."""
    from napari.qt import get_qapp

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        get_qapp().processEvents()
        time.sleep(_TURN_S)


def _evaluate(project: Project) -> Evaluation:
    """Compare the newest prediction with the truth, on lines without labels."""
    from napari_hyperseg.labels.facies_file import read_facies
    from napari_hyperseg.labels.lines import unlabelled_traces
    from napari_hyperseg.project.evaluation import Truth, evaluate
    from napari_hyperseg.project.predictions import open_prediction
    from napari_hyperseg.survey.sample import sample_files

    key = project.entry().key
    geometry = project.open_survey(key).geometry
    truth = Truth.of(read_facies(sample_files().facies, geometry), {}, geometry)
    traces = unlabelled_traces(project.labels(key, writable=False).traces(), geometry.live_mask)
    return evaluate(open_prediction(project, key), truth, traces, geometry)


def _report(session: Session, course: Course, result: Evaluation, picture: Path) -> None:
    facts = {"computed on": session.device}
    if course.finished is not None:
        facts["training took"] = f"{course.finished.elapsed_s:.0f} s, {course.finished.steps} steps"
    if course.first_overlay_s is not None:
        facts["first overlay"] = f"{course.first_overlay_s:.0f} s after Train"
    if session.last_scores is not None:
        facts["held-out labels"] = _figures(session.last_scores)
    facts["lines without labels"] = f"{_figures(result.facies)} ({result.traces} traces)"
    facts["picture"] = str(picture)
    print_facts(facts)


def _figures(scores: Scores | FaciesScores) -> str:
    return f"pixel accuracy {figure(scores.pixel_accuracy)}, mean IoU {figure(scores.mean_iou)}"
