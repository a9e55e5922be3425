"""The lazy volume indexes as the array it stands for."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from segy_making import address, grid_positions

from napari_hyperseg.survey.segy.opening import open_survey

KEYS = [
    3, -1, slice(None), slice(1, 4), ..., (2, 3), (slice(None), 4), (..., 7), (1, ..., 7),
    (slice(None, None, 2), slice(4, 0, -1), slice(3, 9, 3)), (5, 4, 19), (-2, slice(1, 3), -1),
    (slice(None), slice(None), 11), (slice(2, 2), 1), (np.int64(3), slice(None), np.int32(2)),
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_indexing_agrees_with_numpy(survey, addressed_volume, key):
    got = survey.volume[key]
    assert got.dtype == np.float32
    assert np.array_equal(got, addressed_volume[key])
    assert got.shape == addressed_volume[key].shape


@pytest.mark.parametrize("key", [(0, 0, 0, 0), 6, (0, 5), ([1, 2],), None, "inline"], ids=str)
def test_other_indices_are_refused(survey, key):
    with pytest.raises(IndexError):
        survey.volume[key]


def test_what_is_read_is_a_copy(survey, addressed_volume):
    survey.volume[0][...] = -1.0
    assert np.array_equal(survey.volume[0], addressed_volume[0])


def test_it_is_an_array_like(survey, addressed_volume):
    volume = survey.volume
    assert (volume.ndim, volume.size, volume.nbytes, len(volume)) == (3, 600, 2400, 6)
    assert np.array_equal(np.asarray(volume), addressed_volume)
    assert np.asarray(volume, dtype=np.float64).dtype == np.float64
    assert "tiny.sgy" in repr(volume)


def test_a_pickled_volume_opens_its_file_again(survey, addressed_volume):
    pickled = pickle.dumps(survey.volume)
    assert len(pickled) < 3000
    assert np.array_equal(pickle.loads(pickled)[:], addressed_volume)  # noqa: S301


def test_missing_traces_read_as_zero_along_every_axis(make_segy):
    positions = [at for at in grid_positions([1, 2, 3], [4, 5, 6]) if at != (2, 5)]
    volume = open_survey(make_segy(positions)).volume
    expected = np.zeros((3, 3, 12), np.float32)
    for inline, crossline in positions:
        expected[inline - 1, crossline - 4] = address(inline, crossline)
    for key in (1, (slice(None), 1), (..., 5), (1, 1), (1, 1, 5), ...):
        assert np.array_equal(volume[key], expected[key])


def test_threads_read_what_they_ask_for(survey, addressed_volume):
    def read(number):
        i, j = divmod(number % 30, 5)
        return np.array_equal(survey.volume[i, j], addressed_volume[i, j])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(2000)))
