"""Prediction jobs in this process, with a model trained for a step or two."""

from __future__ import annotations

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import LabelError, ModelError
from napari_hyperseg.jobs.commands import LookAt, StopJob
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobStarted
from napari_hyperseg.jobs.messages import View
from napari_hyperseg.labels.order import codes_of

VOXELS = 12 * 16 * 40


@pytest.fixture
def trained(make_spec, run):
    """A model that predicted nothing yet."""
    spec = make_spec(store=False, steps=2)
    run(spec)
    return spec.model


def store_of(spec):
    return zarr.open_group(spec.surveys[0].prediction, mode="r")


@pytest.mark.usefixtures("trained")
def test_everything_is_predicted(make_spec, run, view):
    spec = make_spec("predict", view=view)
    events = run(spec)
    assert isinstance(events[0], JobStarted)
    assert events[0].kind == "predict"
    blocks = events.of(BlockPredicted)
    assert blocks[0].visible
    assert blocks[-1].done == blocks[-1].total == VOXELS
    assert isinstance(events[-1], JobFinished)
    assert (events[-1].reason, events[-1].voxels, events[-1].steps) == ("done", VOXELS, 2)
    store = store_of(spec)
    assert (store["facies"][:] >= 1).all()
    assert store["confidence"][:].min() >= 100 / 6 - 1
    assert store["confidence"][:].max() <= 100


@pytest.mark.usefixtures("trained")
def test_the_same_model_predicts_the_same(make_spec, run):
    spec = make_spec("predict")
    run(spec)
    first = store_of(spec)["facies"][:]
    run(spec)
    assert np.array_equal(store_of(spec)["facies"][:], first)


@pytest.mark.usefixtures("trained")
def test_stop_ends_it_and_keeps_what_there_is(make_spec, run, events, view):
    spec = make_spec("predict", view=view)
    run(spec, (events.after(BlockPredicted), StopJob()))
    assert (events[-1].reason, events[-1].voxels) == ("stopped", 0)
    facies = store_of(spec)["facies"][:]
    assert facies[:, 7].all()
    assert not facies[:, 8].any()


@pytest.mark.usefixtures("trained")
def test_sides_of_boundaries_are_stored_if_wanted(make_spec, run, events, view):
    run(make_spec("predict", probabilities=True))
    store = store_of(make_spec("predict"))
    assert store["below"].attrs["complete"] is True
    certain = store["confidence"][:] > 50
    sides = 1 + (store["below"][:] > 100).sum(axis=0)
    assert np.array_equal(sides[certain], store["facies"][:][certain])
    run(
        make_spec("predict", probabilities=True, view=view),
        (events.after(BlockPredicted), StopJob()),
    )
    assert store_of(make_spec("predict"))["below"].attrs["complete"] is False
    run(make_spec("predict"))
    assert "below" not in store_of(make_spec("predict"))


@pytest.mark.usefixtures("trained")
def test_sides_of_boundaries_follow_the_order_of_the_classes(make_spec, run):
    """The legend may have changed since: the model knows its own number of classes."""
    run(make_spec("predict", probabilities=True, order=(9, 2, 1)))
    store = store_of(make_spec("predict"))
    order = tuple(store["below"].attrs["order"])
    assert order == (2, 1, *range(3, store["below"].shape[0] + 2))
    certain = store["confidence"][:] > 50
    ranks = 1 + (store["below"][:] > 100).sum(axis=0)
    assert np.array_equal(codes_of(order)[ranks][certain], store["facies"][:][certain])


@pytest.mark.slow
@pytest.mark.usefixtures("trained")
def test_training_drops_what_an_earlier_state_said_of_the_boundaries(make_spec, run):
    run(make_spec("predict", probabilities=True))
    run(make_spec(live=True))
    assert "below" not in store_of(make_spec())


@pytest.mark.usefixtures("trained")
def test_looking_elsewhere_comes_first(make_spec, run, events, view):
    elsewhere = LookAt(view=View(survey="cube", axis=0, index=0))
    blocks = run(make_spec("predict", view=view), (events.after(BlockPredicted), elsewhere)).of(
        BlockPredicted
    )
    assert [block.visible for block in blocks[:2]] == [True, True]
    assert blocks[1].box[0] == (0, 1)


@pytest.mark.usefixtures("trained")
def test_the_model_knows_its_number_of_classes(make_spec, run, view):
    spec = make_spec("predict")
    run(spec)
    run(make_spec("predict", n_classes=9, view=view), (lambda: True, StopJob()))
    assert store_of(spec).attrs["n_classes"] == 6
    assert store_of(spec)["facies"][:].all()


@pytest.mark.usefixtures("trained")
def test_the_prediction_keeps_to_the_labels(make_spec, run, labels):
    spec = make_spec("predict", order=())
    run(spec)
    painted = labels.codes > 0
    assert painted.any()
    assert np.array_equal(store_of(spec)["facies"][:][painted], labels.codes[painted])


@pytest.mark.usefixtures("trained")
def test_labels_that_are_damaged_are_told_of(make_spec, run, labels):
    labels.path.write_bytes(b"damaged")
    with pytest.raises(LabelError, match="labels"):
        run(make_spec("predict"))


def test_without_a_model_there_is_one_clear_line(make_spec, run):
    with pytest.raises(ModelError, match="Train one first"):
        run(make_spec("predict"))
