"""The window's transitions as one table: phase and event -> phase, or nothing at all."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from napari_hyperseg.jobs.commands import LookAt, PauseJob, ResumeJob, StopJob, UseChangedLabels
from napari_hyperseg.jobs.events import (
    BlockPredicted,
    CheckpointSaved,
    ConversionAdvanced,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    LabelsRead,
    Scores,
    StepFinished,
    TrackingAdvanced,
    ValidationFinished,
)
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.project.session import Phase, Session
from napari_hyperseg.project.transitions import advance
from napari_hyperseg.project.window_events import (
    CloseWorker,
    JobLaunched,
    LabelsChanged,
    LabelsCounted,
    LaunchFailed,
    LaunchPrediction,
    LaunchTraining,
    LegendChanged,
    ModelRemoved,
    PauseRequested,
    PredictionAged,
    PredictionRequested,
    ProjectClosed,
    ProjectOpened,
    ResumeRequested,
    SendCommand,
    SessionEvent,
    StopRequested,
    TrainingRequested,
    ViewMoved,
)

VIEW = View(survey="north", axis=0, index=3)
SCORES = Scores(pixel_accuracy=0.9, class_accuracy=0.8, mean_iou=0.7, fw_iou=0.85)
STEP = StepFinished(step=1, loss=0.5, accuracy=0.6, voxels_per_second=1e6, elapsed_s=2.0)
BASE = Session(
    folder=Path("north.hyperseg"),
    survey="north",
    view=VIEW,
    n_classes=3,
    labelled=((1, 10), (2, 20)),
    kind="train",
    device="cpu",
    model="1",
    model_classes=3,
    saved_model="1",
)
EVENTS = {
    "another project opened": ProjectOpened(Path("south.hyperseg"), "south", 4),
    "another survey opened": ProjectOpened(Path("north.hyperseg"), "north 2", 3),
    "project closed": ProjectClosed(),
    "legend changed": LegendChanged(9),
    "labels counted": LabelsCounted(((1, 1),)),
    "labels changed": LabelsChanged("north", LabelsCounted(((1, 11), (2, 20))), revision=7),
    "prediction aged": PredictionAged(0.25),
    "view moved": ViewMoved(View(survey="north", axis=1, index=5)),
    "train pressed": TrainingRequested(5.0),
    "predict pressed": PredictionRequested(),
    "pause pressed": PauseRequested(),
    "resume pressed": ResumeRequested(),
    "stop pressed": StopRequested(),
    "model removed": ModelRemoved("1", "0", 3),
    "job launched": JobLaunched("2"),
    "launch failed": LaunchFailed("no"),
    "job started": JobStarted(kind="train", device="cuda:0", parameters=1),
    "step finished": STEP,
    "validation finished": ValidationFinished(step=7, elapsed_s=1.0, scores=SCORES),
    "checkpoint saved": CheckpointSaved(step=1),
    "labels read": LabelsRead(survey="north", labelled_voxels=1),
    "block predicted": BlockPredicted(survey="north", box=((0, 1),) * 3, step=1, done=1, total=4),
    "conversion advanced": ConversionAdvanced(survey="north", fraction=0.5, megabytes=1.0),
    "tracking advanced": TrackingAdvanced(survey="north", fraction=0.5),
    "job warned": JobWarned(message="w"),
    "job paused": JobPaused(),
    "job resumed": JobResumed(),
    "job done": JobFinished(reason="done"),
    "job stopped": JobFinished(reason="stopped"),
    "job failed": JobFailed(message="m"),
}
# The phase after each event in each phase; "." is a pair that changes nothing at all.
TABLE = """
in phase                 empty  ready       training   predicting  paused    stopping  failed

another project opened   ready  ready       ready      ready       ready     ready     ready
another survey opened    ready  ready       training   predicting  paused    stopping  failed
project closed           empty  empty       empty      empty       empty     empty     empty
legend changed           .      ready       training   predicting  paused    stopping  failed
labels counted           .      ready       training   predicting  paused    stopping  failed
labels changed           .      ready       training   predicting  paused    stopping  failed
prediction aged          .      ready       training   predicting  paused    stopping  failed
view moved               .      ready       training   predicting  paused    stopping  failed
train pressed            .      training    .          .           .         .         training
predict pressed          .      predicting  .          .           .         .         predicting
pause pressed            .      .           training   predicting  .         .         .
resume pressed           .      .           .          .           paused    .         .
stop pressed             .      .           stopping   stopping    stopping  .         .
model removed            .      ready       training   predicting  paused    stopping  failed
job launched             .      .           training   predicting  paused    stopping  .
launch failed            .      .           failed     failed      failed    failed    .
job started              .      .           training   predicting  paused    stopping  .
step finished            .      .           training   predicting  paused    stopping  .
validation finished      .      .           training   predicting  paused    stopping  .
checkpoint saved         .      .           training   predicting  paused    stopping  .
labels read              .      .           .          .           .         .         .
block predicted          .      .           training   predicting  paused    stopping  .
conversion advanced      .      .           .          .           .         .         .
tracking advanced        .      .           training   .           .         .         .
job warned               .      .           training   predicting  paused    stopping  .
job paused               .      .           paused     paused      .         .         .
job resumed              .      .           .          .           training  .         .
job done                 .      .           ready      ready       ready     ready     .
job stopped              .      .           ready      ready       ready     ready     .
job failed               .      .           failed     failed      failed    failed    .
"""
LOOK = LookAt(view=View(survey="north", axis=1, index=5))
# What is to be done besides, as (event, phases, effect); every other pair has none.
EFFECTS = [
    ("another project opened", "training predicting paused stopping", CloseWorker()),
    ("project closed", "training predicting paused stopping", CloseWorker()),
    (
        "labels changed",
        "training predicting paused stopping",
        SendCommand(UseChangedLabels(survey="north", revision=7)),
    ),
    ("view moved", "training predicting paused stopping", SendCommand(LOOK)),
    ("train pressed", "ready failed", LaunchTraining(5.0, "1", VIEW)),
    ("predict pressed", "ready failed", LaunchPrediction("1", "north", VIEW)),
    ("pause pressed", "training predicting", SendCommand(PauseJob())),
    ("resume pressed", "paused", SendCommand(ResumeJob())),
    ("stop pressed", "training predicting paused", SendCommand(StopJob())),
]
PHASES = TABLE.strip().splitlines()[0].split()[2:]
PAIRS = [
    (name, phase, cell)
    for name in EVENTS
    for line in TABLE.splitlines()
    if line.startswith(f"{name} ")
    for phase, cell in zip(PHASES, line[25:].split(), strict=True)
]
EXPECTED_EFFECTS = {
    (name, phase): (effect,) for name, phases, effect in EFFECTS for phase in phases.split()
}


def in_phase(phase):
    if phase == "empty":
        return Session()
    kind = "predict" if phase == "predicting" else "train"
    return replace(BASE, phase=Phase(phase), kind=kind)


def test_the_table_is_complete():
    known = [member for union in get_args(SessionEvent) for member in get_args(union) or (union,)]
    assert {type(event) for event in EVENTS.values()} == set(known)
    assert [phase.value for phase in Phase] == PHASES
    assert len(PAIRS) == len(EVENTS) * len(Phase) == 30 * 7


@pytest.mark.parametrize(
    ("name", "phase", "cell"), PAIRS, ids=[f"{phase}-{name}" for name, phase, _ in PAIRS]
)
def test_every_event_in_every_phase(name, phase, cell):
    before = in_phase(phase)
    after, effects = advance(before, EVENTS[name])
    assert effects == EXPECTED_EFFECTS.get((name, phase), ())
    if cell == ".":
        assert after is before
    else:
        assert after.phase.value == cell


def test_what_means_nothing_has_no_effect_either():
    nothing = {(name, phase) for name, phase, cell in PAIRS if cell == "."}
    assert not nothing & set(EXPECTED_EFFECTS)


def test_a_job_runs_in_running_phases_only():
    """A worker is started on the way in, and none is left without a word on the way out."""
    for name, phase, cell in PAIRS:
        effects = EXPECTED_EFFECTS.get((name, phase), ())
        running = cell != "." and Phase(cell).running
        starts = any(isinstance(e, LaunchTraining | LaunchPrediction) for e in effects)
        assert starts == (running and not Phase(phase).running), (name, phase)
        leaves = cell != "." and Phase(phase).running and not running
        ended = name.startswith(("job", "launch")) or CloseWorker() in effects
        assert not leaves or ended, (name, phase)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", EVENTS)
def test_a_project_that_is_only_read_is_not_changed(phase, name):
    before = replace(in_phase(phase), read_only="open in another window")
    after, effects = advance(before, EVENTS[name])
    assert not any(isinstance(e, LaunchTraining | LaunchPrediction) for e in effects)
    if name in ("train pressed", "predict pressed"):
        assert after is before
    elif name not in ("another project opened", "another survey opened", "project closed"):
        assert after.read_only == before.read_only


def test_why_a_project_is_only_read_comes_with_it():
    opened = ProjectOpened(Path("south.hyperseg"), "south", 4, read_only="open elsewhere")
    assert advance(in_phase("ready"), opened)[0].read_only == "open elsewhere"
    again = replace(opened, folder=BASE.folder)
    assert advance(in_phase("training"), again)[0].read_only == "open elsewhere"
    free = replace(opened, read_only="")
    session, _ = advance(replace(BASE, phase=Phase.READY, read_only="open elsewhere"), free)
    assert session.read_only == ""
