"""A converted volume holds the same samples, for us and for zarr, however often it was stopped."""

from dataclasses import replace

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.store import conversion, layout
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.journal import NAME
from napari_hyperseg.survey.store.store import VolumeStore

SHAPES = [(70, 90, 100), (1, 130, 65), (33, 1, 20), (3, 4, 5), (64, 64, 64), (65, 129, 200)]
KEYS = [
    np.s_[0], np.s_[:, 0], np.s_[:, :, 0], np.s_[-1, -1, -1], np.s_[...], np.s_[::-1, 1:, ::2],
    np.s_[..., 2:3], np.s_[0, :, 1::3], np.s_[:, -1, ::-2], np.s_[0:0], np.s_[1:3, :, -2:],
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    """Several shards beside each other in small volumes."""
    monkeypatch.setattr(layout, "SHARD_BYTES", 1 << 21)


def volume_of(shape, dtype=np.float32):
    return np.random.default_rng(0).normal(0, 50, shape).astype(dtype)


def store_of(folder, volume):
    return VolumeStore(folder / "v.zarr", volume.shape, volume.dtype, {"fingerprint": "abc"})


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.int16, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_samples_are_those_of_the_volume(tmp_path, shape, dtype):
    volume = volume_of(shape, dtype)
    store = store_of(tmp_path, volume)
    assert not store.complete
    assert convert(volume, store)
    assert store.complete
    stored = store.volumes()[0]
    assert (stored.shape, stored.dtype) == (shape, dtype)
    assert np.array_equal(stored[:], volume)
    assert np.array_equal(zarr.open_array(store.level_folder(0), mode="r")[:], volume)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("shape", [(70, 90, 100), (65, 129, 200)])
def test_it_is_indexed_as_numpy_does(tmp_path, shape, key):
    volume = volume_of(shape)
    store = store_of(tmp_path, volume)
    convert(volume, store)
    assert np.array_equal(store.volumes()[0][key], volume[key])
    assert store.volumes()[0][key].shape == volume[key].shape


@pytest.mark.parametrize("key", [70, (0, 0, 100), "a", (0, 0, 0, 0), (None,), ([0, 1],)])
def test_bad_indices_are_refused(tmp_path, key):
    volume = volume_of((70, 90, 100))
    store = store_of(tmp_path, volume)
    convert(volume, store)
    with pytest.raises(IndexError):
        store.volumes()[0][key]


def test_coarser_levels_are_means(tmp_path):
    volume = volume_of((70, 131, 300))
    store = store_of(tmp_path, volume)
    convert(volume, store)
    levels = store.volumes()
    assert [level.shape for level in levels] == [(70, 131, 300), (35, 66, 150), (18, 33, 75)]
    whole = volume[:70, :130, :300].reshape(35, 2, 65, 2, 150, 2).mean((1, 3, 5))
    assert np.allclose(levels[1][:, :65], whole, atol=1e-4)
    assert np.allclose(
        levels[1][:, 65], volume[:, 130].reshape(35, 2, 150, 2).mean((1, 3)), atol=1e-4
    )


def test_codes_of_integers_stay_in_range(tmp_path):
    volume = np.full((140, 20, 20), 127, np.int8)
    store = store_of(tmp_path, volume)
    convert(volume, store)
    assert np.all(store.volumes()[1][:] == 127)


class Counting:
    """Counts how often a volume is read."""

    def __init__(self, volume):
        self.volume, self.shape, self.dtype, self.reads = volume, volume.shape, volume.dtype, 0

    def __getitem__(self, key):
        self.reads += 1
        return self.volume[key]


@pytest.mark.slow
def test_a_stopped_conversion_goes_on(tmp_path):
    volume = volume_of((130, 200, 300))
    whole = Counting(volume)
    convert(whole, store_of(tmp_path / "whole", volume))
    counting, store = Counting(volume), store_of(tmp_path, volume)
    for patience in range(1, 50):
        shards = iter(range(patience))
        if convert(
            counting,
            store,
            wanted=lambda shards=shards: next(shards, None) is not None,
        ):
            break
        assert not store.complete
    assert counting.reads == whole.reads
    assert np.array_equal(store.volumes()[0][:], volume)


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_shard_is_made_again(tmp_path, damage):
    volume = volume_of((130, 90, 100))
    store = store_of(tmp_path, volume)
    convert(volume, store, wanted=lambda: False)
    shard = store.level_folder(0) / "c" / "0" / "0" / "0"
    content = bytearray(shard.read_bytes())
    content[100] ^= 1
    shard.unlink()
    if damage != "gone":
        shard.write_bytes(content if damage == "changed" else content[:-50])
    assert convert(volume, store)
    assert np.array_equal(store.volumes()[0][:], volume)


def test_a_half_written_line_of_the_journal_does_not_count(tmp_path):
    volume = volume_of((130, 90, 100))
    store = store_of(tmp_path, volume)
    convert(volume, store, wanted=lambda: False)
    journal = store.level_folder(0) / NAME
    journal.write_text(journal.read_text() + "[1, 0")
    assert convert(volume, store)
    assert np.array_equal(store.volumes()[0][:], volume)


def test_a_store_of_another_file_is_made_anew(tmp_path):
    volume = volume_of((70, 90, 100))
    store = store_of(tmp_path, volume)
    convert(volume, store)
    other = replace(store, origin={"fingerprint": "other"})
    assert not other.complete
    convert(-volume, other)
    assert np.array_equal(other.volumes()[0][:], -volume)
    assert not store.complete


def test_a_disk_without_room_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "SPARE", 1 << 60)
    volume = volume_of((70, 90, 100))
    with pytest.raises(SurveyError, match="GiB are free"):
        convert(volume, store_of(tmp_path, volume))
    assert not (tmp_path / "v.zarr").exists()


def test_shards_that_somebody_removed_are_made_again(tmp_path):
    volume = volume_of((70, 90, 100))
    store = store_of(tmp_path, volume)
    convert(volume, store)
    (store.level_folder(0) / "c" / "0" / "0" / "0").unlink()
    assert not store.complete
    assert convert(volume, store)
    assert np.array_equal(store.volumes()[0][:], volume)


def test_two_do_not_convert_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "PATIENCE_S", 0)
    volume = volume_of((130, 90, 100))
    store, refused = store_of(tmp_path, volume), []

    def convert_too(share):
        with pytest.raises(SurveyError, match="is being converted already") as caught:
            convert(volume, store)
        refused.append(caught)

    assert convert(volume, store, convert_too)
    assert refused
    assert store.complete


def test_progress_rises_to_one(tmp_path):
    told = []
    volume = volume_of((130, 200, 300))
    convert(volume, store_of(tmp_path, volume), told.append)
    assert told == sorted(told)
    assert told[-1] == 1
