"""Training jobs in this process, on a small survey."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import zarr

from napari_hyperseg.errors import JobError, LabelError, ModelError, SurveyError
from napari_hyperseg.jobs import live, scoring, training
from napari_hyperseg.jobs.commands import LookAt, PauseJob, ResumeJob, StopJob, UseChangedLabels
from napari_hyperseg.jobs.events import (
    METRICS,
    BlockPredicted,
    CheckpointSaved,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    JobWarned,
    LabelsRead,
    StepFinished,
    ValidationFinished,
    parse_event,
)
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.jobs.survey_input import HorizonInput
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.labels.picks import PickKind
from napari_hyperseg.learn.checkpoint import TRAINING
from napari_hyperseg.learn.model import load_model
from napari_hyperseg.survey.segy.opening import open_survey

CPU = torch.device("cpu")


@pytest.fixture
def often(monkeypatch):
    """Preview, score and save after every step instead of every few seconds."""
    monkeypatch.setattr(live, "FIRST_PREVIEW_S", 0.0)
    monkeypatch.setattr(live, "VISIBLE_EVERY_S", 0.0)
    monkeypatch.setattr(scoring, "VALIDATION_EVERY_S", 0.0)
    monkeypatch.setattr(scoring, "VALIDATION_SHARE", 1e9)
    monkeypatch.setattr(training, "CHECKPOINT_EVERY_S", 0.0)


def facies_of(spec):
    return zarr.open_group(spec.surveys[0].prediction, mode="r")["facies"][:]


def test_training_tells_all_and_leaves_a_full_prediction(make_spec, run, view):
    spec = make_spec(live=True, view=view)
    events = run(spec)
    assert isinstance(events[0], JobStarted)
    assert events[0].kind == "train"
    assert events[0].labelled_voxels == 2 * 12 * 40
    assert events[0].held_out_voxels > 0
    assert events[0].training_voxels + events[0].held_out_voxels == events[0].labelled_voxels
    steps = events.of(StepFinished)
    assert [event.step for event in steps] == [1, 2, 3, 4]
    assert steps[-1].fraction == 1
    assert steps[-1].remaining_s == 0
    assert all(np.isfinite(event.loss) and 0 <= event.accuracy <= 1 for event in steps)
    scores = events.of(ValidationFinished)[-1].scores
    assert scores.voxels == events[0].held_out_voxels
    assert isinstance(events[-1], JobFinished)
    assert (events[-1].reason, events[-1].steps, events[-1].scores) == ("done", 4, scores)
    facies = facies_of(spec)
    assert (facies >= 1).all()
    assert facies.max() <= 6


@pytest.mark.slow
def test_the_section_on_screen_comes_first_and_the_last_sweep_is_whole(make_spec, run, view):
    blocks = run(make_spec(live=True, view=view)).of(BlockPredicted)
    assert blocks[0].visible
    assert blocks[0].box[1] == (7, 8)
    assert all(block.survey == "cube" for block in blocks)
    assert (blocks[-1].done, blocks[-1].total) == (12 * 16 * 40, 12 * 16 * 40)
    assert blocks[-1].step == 4


@pytest.mark.slow
@pytest.mark.usefixtures("often")
def test_previews_scores_and_checkpoints_come_between_steps(make_spec, run, view):
    events = run(make_spec(live=True, view=view, steps=6))
    last_step = events.index(events.of(StepFinished)[-1])
    between = events[:last_step]
    for kind in (BlockPredicted, ValidationFinished, CheckpointSaved):
        assert any(isinstance(event, kind) for event in between)
    saved = [event.step for event in events.of(CheckpointSaved)]
    assert saved == sorted(saved)
    assert saved[-1] == 6


@pytest.mark.usefixtures("often")
def test_the_store_holds_a_preview_before_the_end(make_spec, run, view, events):
    spec = make_spec(live=True, view=view, minutes=10)
    run(spec, (events.after(BlockPredicted), StopJob()))
    box = events.of(BlockPredicted)[0].box
    facies = facies_of(spec)[tuple(slice(*span) for span in box)]
    assert (facies >= 1).all()


@pytest.mark.slow
@pytest.mark.usefixtures("often")
def test_looking_elsewhere_shows_that_section_next(make_spec, run, view, events):
    elsewhere = View(survey="cube", axis=2, index=33)
    run(
        make_spec(live=True, view=view, steps=8),
        (events.after(BlockPredicted), LookAt(view=elsewhere)),
    )
    visible = [block for block in events.of(BlockPredicted) if block.visible]
    assert visible[0].box[1] == (7, 8)
    assert visible[1].box[2] == (33, 34)


@pytest.mark.slow
def test_stop_keeps_a_checkpoint_and_says_so(make_spec, run, events):
    spec = make_spec(live=True, minutes=30)
    run(spec, (events.after(StepFinished, 3), StopJob()))
    assert [event.step for event in events.of(StepFinished)] == [1, 2, 3]
    assert isinstance(events[-2], CheckpointSaved)
    assert (events[-1].reason, events[-1].steps) == ("stopped", 3)
    assert load_model(spec.model, CPU).step == 3


@pytest.mark.slow
def test_stop_during_the_last_sweep_ends_it(make_spec, run, events, view):
    spec = make_spec(live=True, view=view)

    def in_last_sweep():
        return events.of(ValidationFinished) and isinstance(events[-1], BlockPredicted)

    run(spec, (in_last_sweep, StopJob()))
    assert events[-1].reason == "stopped"
    assert isinstance(events[-2], BlockPredicted)
    assert not isinstance(events[-3], BlockPredicted)
    assert events[-1].scores is not None


@pytest.mark.slow
def test_a_second_run_goes_on_from_the_first(make_spec, run):
    spec = make_spec()
    run(spec)
    assert [event.step for event in run(spec).of(StepFinished)] == [5, 6, 7, 8]
    assert load_model(spec.model, CPU).step == 8
    (spec.model / TRAINING).unlink()
    assert [event.step for event in run(spec).of(StepFinished)] == [9, 10, 11, 12]


@pytest.mark.slow
def test_a_killed_first_save_is_a_new_beginning(make_spec, run):
    spec = make_spec()
    run(spec)
    (spec.model / "weights.safetensors").unlink()
    assert run(spec).of(StepFinished)[0].step == 1


@pytest.mark.slow
def test_a_model_of_another_legend_is_refused_and_its_prediction_kept(make_spec, run):
    run(make_spec(live=True))
    spec = make_spec(live=True, n_classes=7)
    with pytest.raises(ModelError, match=r"6 classes.* 7"):
        run(spec)
    assert facies_of(spec).any()


def test_a_pause_holds_the_steps_and_resume_goes_on(make_spec, run, events):
    waited = []
    run(
        make_spec(),
        (events.after(StepFinished, 2), PauseJob()),
        (lambda: waited.append(len(events)) or len(waited) >= 5, ResumeJob()),
    )
    paused = events.index(JobPaused())
    assert events[paused + 1] == JobResumed()
    assert sum(isinstance(event, StepFinished) for event in events[:paused]) == 2
    assert set(waited[1:]) == {paused + 1}
    assert [event.step for event in events.of(StepFinished)] == [1, 2, 3, 4]


def test_stop_ends_a_paused_job(make_spec, run, events):
    run(
        make_spec(minutes=30),
        (events.after(StepFinished), PauseJob()),
        (events.after(JobPaused), StopJob()),
    )
    assert len(events.of(StepFinished)) == 1
    assert events[-1].reason == "stopped"


def test_labels_that_changed_take_part(make_spec, run, events, labels):
    def paint():
        if len(events.of(StepFinished)) < 2:
            return False
        labels.codes[0, :, :10] = 1
        return True

    spec = make_spec(steps=5)
    run(spec, (paint, UseChangedLabels(survey="cube")))
    read = events.of(LabelsRead)
    assert [event.survey for event in read] == ["cube"]
    assert read[0].labelled_voxels == np.count_nonzero(labels.codes)
    assert read[0].labelled_voxels == events[0].labelled_voxels + 14 * 10
    assert events[-1].reason == "done"


@pytest.mark.parametrize("left", [(), (1,)])
def test_labels_erased_while_training_are_a_warning(make_spec, run, events, labels, left):
    def erase():
        if len(events.of(StepFinished)) < 2:
            return False
        labels.codes[~np.isin(labels.codes, left)] = 0
        return True

    run(make_spec(steps=6), (erase, UseChangedLabels(survey="cube")))
    (warning,) = events.of(JobWarned)
    assert "former labels" in warning.message
    assert len(events.of(StepFinished)) == 6
    assert events[-1].reason == "done"


def test_labels_of_a_survey_that_takes_no_part_are_passed_over(make_spec, run, events):
    run(make_spec(), (events.after(StepFinished), UseChangedLabels(survey="elsewhere")))
    assert events[-1].reason == "done"
    assert not events.of(LabelsRead)


@pytest.mark.usefixtures("often")
def test_live_without_a_prediction_to_fill_just_trains(make_spec, run):
    events = run(make_spec(live=True, store=False))
    assert events[-1].reason == "done"
    assert not events.of(BlockPredicted)


@pytest.mark.slow
def test_a_limit_in_minutes_ends_training(make_spec, run):
    events = run(make_spec(minutes=0.02))
    assert events[-1].reason == "done"
    assert events[-1].elapsed_s >= 1.2
    assert all(step.fraction <= 1 for step in events.of(StepFinished))  # none on a slow machine


def test_the_figures_are_also_in_a_file(make_spec, run):
    spec = make_spec()
    events = run(spec)
    lines = (spec.model / METRICS).read_text("utf-8").splitlines()
    expected = [e for e in events if isinstance(e, JobStarted | StepFinished | ValidationFinished)]
    assert [parse_event(line) for line in lines] == expected


def test_no_labels_are_an_error_and_leave_nothing(make_spec, run, labels):
    labels.codes[:] = 0
    spec = make_spec(live=True)
    with pytest.raises(LabelError, match="at least two classes"):
        run(spec)
    assert not spec.surveys[0].prediction.exists()


def test_a_missing_survey_is_an_error_of_one_line(make_spec, run, tmp_path):
    with pytest.raises(SurveyError) as refused:
        run(make_spec(segy=tmp_path / "absent.sgy"))
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_an_error(make_spec, run):
    with pytest.raises(JobError, match="CUDA"):
        run(make_spec(device="cuda"))


def test_settings_that_make_no_network_are_an_error(make_spec, run):
    with pytest.raises(ModelError, match="no network"):
        run(make_spec(network={"width": 2}))


def test_memory_that_does_not_suffice_is_an_error(make_spec, events):
    def exhausted(event):
        raise MemoryError

    with pytest.raises(JobError, match="memory"):
        run_job(make_spec(), exhausted, None)


@pytest.fixture
def picked(cube, tmp_path):
    """The upper two true boundaries, picked on crosslines of their own."""
    facies, horizons = np.load(cube.facies), []
    geometry = open_survey(cube.segy).geometry
    for above, crossline in ((1, 4), (2, 12)):
        times = np.zeros(facies.shape[:2], np.float32)
        kinds = np.zeros(facies.shape[:2], np.uint8)
        first_below = (facies[:, crossline] <= above).sum(axis=1)
        times[:, crossline] = geometry.times_ms[first_below]
        kinds[:, crossline] = PickKind.DRAWN
        paths = [tmp_path / f"{above}_{name}.npy" for name in ("times", "kinds")]
        for path, values in zip(paths, (times, kinds), strict=True):
            np.save(path, values)
        horizons.append(HorizonInput(above=above, times=paths[0], kinds=paths[1]))
    return tuple(horizons)


def test_picks_alone_train(make_spec, run, events, picked):
    spec = make_spec(n_classes=3, live=True)
    (survey,) = spec.surveys
    survey = survey.model_copy(update={"facies": None, "horizons": picked})
    run(spec.model_copy(update={"surveys": (survey,)}))
    (started,) = events.of(JobStarted)
    assert started.labelled_voxels == 2 * 12 * 40
    finished = events[-1]
    assert isinstance(finished, JobFinished)
    assert {one.above for one in finished.scores.horizons} <= {1, 2}
    codes = zarr.open_group(survey.prediction, mode="r")["facies"][:]
    assert set(np.unique(codes)) == {1, 2, 3}
    assert (np.diff(codes.astype(int), axis=-1) >= 0).all()  # what was tracked holds
