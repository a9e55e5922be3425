"""2D lines that cross in one job: what is labelled on one is expected on the others."""

from __future__ import annotations

import numpy as np
import pytest
import zarr

from napari_hyperseg.jobs.commands import UseChangedLabels
from napari_hyperseg.jobs.events import BlockPredicted, LabelsRead, StepFinished, TrackingAdvanced
from napari_hyperseg.jobs.survey_input import SurveyInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.survey.geometry import Geometry
from napari_hyperseg.survey.segy.writing import write_segy

TRACES, SAMPLES, MIDDLE = 48, 64, 600.0


def line(folder, key, begin, end):
    """A line on the map with one boundary that dips, and the truth on it."""
    xy = np.linspace(begin, end, TRACES)
    boundary = 30 + 0.01 * (xy[:, 0] - MIDDLE) + 0.008 * (xy[:, 1] - MIDDLE)
    at = np.arange(SAMPLES) - boundary[:, None]
    volume = (1000 * np.cos(at / 1.5) * np.where(at < 0, 0.4, 1.0))[None].astype(np.float32)
    geometry = Geometry(np.array([1]), np.arange(TRACES), SAMPLES, 0.0, 4.0, line_xy=xy)
    write_segy(folder / f"{key}.sgy", volume, geometry, ["A 2D LINE"])
    return (1 + (at >= 0)[None]).astype(np.uint8)


@pytest.fixture
def lines(tmp_path):
    """A labelled line, and one across it without labels; their truths by key."""
    return {
        "east": line(tmp_path, "east", (0, MIDDLE), (2 * MIDDLE, MIDDLE)),
        "north": line(tmp_path, "north", (MIDDLE, 0), (MIDDLE, 2 * MIDDLE)),
    }


@pytest.fixture
def inputs(lines, tmp_path):
    for key, truth in lines.items():
        labels = FaciesLabels.create(tmp_path / f"{key}.npy", truth.shape)
        if key == "east":
            labels.codes[:] = truth
        labels.flush()
    return tuple(
        SurveyInput(
            key=key,
            segy=tmp_path / f"{key}.sgy",
            facies=tmp_path / f"{key}.npy",
            prediction=tmp_path / f"{key}.zarr",
        )
        for key in lines
    )


def stored(spec, number):
    return np.array(zarr.open_group(spec.surveys[number].prediction, mode="r")["facies"])


@pytest.mark.slow
def test_a_line_without_labels_starts_from_the_line_across(make_spec, run, inputs, lines):
    spec = make_spec(surveys=inputs, n_classes=2, live=True, steps=2)
    events = run(spec)
    assert {event.survey for event in events.of(TrackingAdvanced)} == {"east", "north"}
    first = {event.survey: event.step for event in reversed(events.of(BlockPredicted))}
    assert first["north"] == 0
    assert {path.stem for path in (spec.model / "priors").iterdir()} == {"east", "north"}
    assert (stored(spec, 1) == lines["north"]).mean() > 0.98
    shown = stored(spec, 1)
    zarr.open_group(spec.surveys[1].prediction, mode="w")
    run(make_spec("predict", surveys=inputs, n_classes=2))
    assert np.array_equal(stored(spec, 1), shown)


@pytest.mark.slow
def test_labels_on_the_line_across_count_at_once(make_spec, run, events, inputs, lines, tmp_path):
    spec = make_spec(surveys=inputs, n_classes=2, live=True, steps=20)
    moved = np.array(lines["north"])
    moved[0, :, :-3] = lines["north"][0, :, 3:]  # the boundary lies three samples higher

    def paint():
        if not events.of(StepFinished):
            return False
        labels = FaciesLabels.open(tmp_path / "north.npy", writable=True, shape=moved.shape)
        labels.codes[0, 40:] = moved[0, 40:]
        labels.flush()
        return True

    run(spec, (paint, UseChangedLabels(survey="north")))
    assert events.of(LabelsRead)[0].labelled_voxels > 0
    assert np.array_equal(stored(spec, 1)[0, 40:], moved[0, 40:])


@pytest.mark.slow
def test_without_tracking_lines_are_trained_alone(make_spec, run, inputs):
    spec = make_spec(surveys=inputs, n_classes=2, live=True, steps=2, prior=False)
    events = run(spec)
    assert not events.of(TrackingAdvanced)
    assert not (spec.model / "priors").exists()
    assert stored(spec, 1).all()


def test_patches_are_as_large_as_lines_without_labels_are_far(make_spec, run, inputs):
    alone = run(make_spec(surveys=inputs[:1], n_classes=2, steps=1))[0].held_out_voxels
    both = run(make_spec(surveys=inputs, n_classes=2, steps=1, model=inputs[0].facies.parent / "m"))
    assert both[0].held_out_voxels >= alone > 0
