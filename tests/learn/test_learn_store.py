"""The prediction store, as its writer and its readers see it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import zarr

from napari_hyperseg.learn.origins import FILE, Origin, read_origins
from napari_hyperseg.learn.store import PredictionStore

SHAPE = (70, 30, 130)
ORDER = (2, 1, 3, 4, 5)
BOX = ((60, 70), (3, 20), (50, 130))


def arrays(path):
    group = zarr.open_group(path, mode="r")
    return group["facies"], group["confidence"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "predictions" / "1" / "north.zarr"


@pytest.fixture
def block(random):
    shape = [stop - start for start, stop in BOX]
    return random.integers(1, 6, shape).astype(np.uint8), np.full(shape, 77, np.uint8)


def test_a_reader_sees_what_was_written_and_zeros_elsewhere(path, block):
    store = PredictionStore.open_or_create(path, SHAPE, 5)
    facies, confidence = arrays(path)
    assert facies.shape == confidence.shape == SHAPE
    assert not facies[:].any()
    store.write(BOX, *block, origin=Origin(step=1))
    expected = np.zeros(SHAPE, np.uint8)
    expected[60:70, 3:20, 50:130] = block[0]
    assert np.array_equal(facies[:], expected)
    assert np.array_equal(confidence[60:70, 3:20, 50:130], block[1])


def test_it_is_noted_how_a_box_was_made(path, block):
    store = PredictionStore.open_or_create(path, SHAPE, 5)
    for step in (1, 2):
        store.write(BOX, *block, origin=Origin(step, 7, 0.25))
    assert list(read_origins(path, SHAPE)) == [(BOX, Origin(2, 7, 0.25))]
    store.finish()
    assert len((path / FILE).read_text().splitlines()) == 1
    PredictionStore.open_or_create(path, SHAPE, 4)  # a new one: of another legend
    assert not list(read_origins(path, SHAPE))


def test_opening_again_keeps_the_prediction(path, block):
    PredictionStore.open_or_create(path, SHAPE, 5).write(BOX, *block, origin=Origin(step=1))
    PredictionStore.open_or_create(path, SHAPE, 5)
    assert arrays(path)[0][:].any()


@pytest.fixture
def sides(random):
    shape = [stop - start for start, stop in BOX]
    return random.integers(0, 201, (4, *shape)).astype(np.uint8)


def test_sides_of_boundaries_are_kept_beside(path, block, sides):
    store = PredictionStore.open_or_create(path, SHAPE, 5, order=ORDER)
    store.write(BOX, *block, sides, origin=Origin(step=1))
    below = zarr.open_group(path, mode="r")["below"]
    assert below.shape == (4, *SHAPE)
    assert np.array_equal(below[:, 60:70, 3:20, 50:130], sides)
    assert below.attrs.asdict() == {"steps": 200, "complete": False, "order": [*ORDER]}
    store.finish()
    assert zarr.open_group(path, mode="r")["below"].attrs["complete"] is True


@pytest.mark.parametrize("order", [(), ORDER])
def test_sides_of_a_former_prediction_go(path, block, sides, order):
    store = PredictionStore.open_or_create(path, SHAPE, 5, order=(1, 2, 3, 4, 5))
    store.write(BOX, *block, sides, origin=Origin(step=1))
    store.finish()
    again = PredictionStore.open_or_create(path, SHAPE, 5, order=order)
    group = zarr.open_group(path, mode="r")
    assert again.order == order
    assert ("below" in group) == bool(order)
    assert np.array_equal(group["facies"][60:70, 3:20, 50:130], block[0])
    if order:
        assert not group["below"].attrs["complete"]
        assert not group["below"][:].any()


def remove_the_array(path):
    for file in (path / "confidence").rglob("*"):
        if file.is_file():
            file.unlink()


UNFIT = {
    "another shape": lambda path: PredictionStore.open_or_create(path, (8, 8, 8), 5),
    "another legend": lambda path: PredictionStore.open_or_create(path, SHAPE, 4),
    "no valid JSON": lambda path: (path / "zarr.json").write_text('{"zarr_format": 3, '),
    "an array missing": remove_the_array,
}


@pytest.mark.parametrize("spoil", UNFIT.values(), ids=UNFIT.keys())
def test_what_does_not_fit_is_begun_anew(path, block, spoil):
    PredictionStore.open_or_create(path, SHAPE, 5).write(BOX, *block, origin=Origin(step=1))
    spoil(path)
    store = PredictionStore.open_or_create(path, SHAPE, 5)
    facies, confidence = arrays(path)
    assert facies.shape == confidence.shape == SHAPE
    assert not facies[:].any()
    store.write(BOX, *block, origin=Origin(step=1))
    assert np.array_equal(facies[60:70, 3:20, 50:130], block[0])


def test_a_reader_never_sees_a_torn_chunk(path):
    store = PredictionStore.open_or_create(path, (64, 64, 64), 5)
    box = ((0, 64),) * 3
    done = threading.Event()

    def write():
        for code in range(1, 120):
            full = np.full((64, 64, 64), code, np.uint8)
            store.write(box, full, full, origin=Origin(step=1))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    facies, _ = arrays(path)
    torn = 0
    while not done.is_set():
        torn += len(np.unique(facies[:])) != 1
    writer.join()
    assert torn == 0
    assert (facies[:] == 119).all()
