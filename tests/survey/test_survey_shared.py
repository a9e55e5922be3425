"""What is shared of a survey is the survey; whatever is not whole is not taken for it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import zarr

from napari_hyperseg.errors import SharedFolderError, SurveyError
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.shared import copying, fetched_volume
from napari_hyperseg.survey.shared.copying import share
from napari_hyperseg.survey.shared.description import find_description
from napari_hyperseg.survey.shared.fetched_volume import FetchedVolume
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.shared.opening import open_shared
from napari_hyperseg.survey.store import layout
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore

SHAPE = (70, 90, 100)


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "volumes", "made")


@pytest.fixture
def survey(make_segy, kept, monkeypatch):
    """Four shards."""
    monkeypatch.setattr(layout, "SHARD_BYTES", 1 << 21)
    positions = [(i, j) for i in range(SHAPE[0]) for j in range(SHAPE[1])]
    traces = np.random.default_rng(0).normal(0, 50, (len(positions), SHAPE[2])).astype("f4")
    survey = open_survey(make_segy(positions, traces=traces), kept=kept)
    convert(survey.volume, VolumeStore.of(kept.volume, survey.volume, survey.source))
    return survey


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def folder(request, tmp_path):
    """Where it is shared: a path, or an object store."""
    if request.param == "folder":
        return SharedFolder.at(tmp_path / "a folder")
    return SharedFolder(request.getfixturevalue("s3").url(f"{tmp_path.name}/a folder"))


def opened(folder, survey, tmp_path, name="worker"):
    fetched = Kept(tmp_path / name, "made")
    gone = tmp_path / "gone.sgy"
    return open_shared(folder, gone, survey.source.fingerprint, survey.source.reading, fetched)


def test_it_is_the_survey_without_its_file(folder, survey, kept, tmp_path):
    told = []
    assert share(survey, kept, folder, told.append)
    assert told[-1] == 1
    expected, clip = survey.load(), survey.clip()
    survey.source.path.unlink()
    there = opened(folder, survey, tmp_path)
    assert there.clip() == clip
    assert not (tmp_path / "worker" / "made.zarr").exists()  # nothing was fetched for that
    assert np.array_equal(there.load(), expected)
    assert np.array_equal(there.load(((3, 70), (60, 90), (50, 99))), expected[3:70, 60:90, 50:99])
    assert there.source.format == survey.source.format
    for name in ("inlines", "crosslines", "times_ms", "to_xy", "live_mask"):
        assert np.array_equal(getattr(there.geometry, name), getattr(survey.geometry, name))
    store = folder.inside("made.zarr").zarr_store(read_only=True)
    assert np.array_equal(zarr.open_array(store, mode="r")[:], expected)


def test_a_copy_that_was_stopped_is_none_and_goes_on(folder, survey, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "AT_A_TIME", 1)
    answers = iter([True, False])
    assert not share(survey, kept, folder, wanted=lambda: next(answers))
    with pytest.raises(SharedFolderError, match=r"made is not, or not all, in .*hyperseg share"):
        opened(folder, survey, tmp_path)
    first = set(folder.sizes())
    assert len(first) == 2
    put = []
    monkeypatch.setattr(copying, "_put", noted(put, copying._put))
    assert share(survey, kept, folder)
    shards = [name for name in put if name.startswith("c/")]
    assert len(shards) == 2
    assert not {f"made.zarr/{name}" for name in shards} & first
    assert put[-1] == "made.json"
    assert np.array_equal(opened(folder, survey, tmp_path).load(), survey.load())


def noted(names, put):
    def note_and_put(folder, name, content):
        names.append(name)
        put(folder, name, content)

    return note_and_put


def test_what_is_there_is_not_copied_again(folder, survey, kept, monkeypatch):
    share(survey, kept, folder)
    put = []
    monkeypatch.setattr(copying, "_put", noted(put, copying._put))
    assert share(survey, kept, folder)
    assert put == []
    folder.remove("made.zarr/c/1/0/0")
    assert share(survey, kept, folder)
    assert put[0] == "c/1/0/0"
    assert put[-1] == "made.json"


def test_an_index_that_is_another_now_is_copied_again(survey, kept, tmp_path):
    folder = SharedFolder.at(tmp_path / "there")
    share(survey, kept, folder)
    kept.index.write_bytes(b"of a newer version")
    assert share(survey, kept, folder)
    assert folder.read("made.index.npz") == b"of a newer version"


def test_while_something_is_missing_nothing_says_that_it_is_there(folder, survey, kept):
    share(survey, kept, folder)
    folder.remove("made.zarr/c/1/0/0")
    assert not share(survey, kept, folder, wanted=lambda: False)
    assert find_description(folder, "made") is None


def test_another_survey_of_that_name_stays(folder, survey, kept, make_segy, tmp_path):
    share(survey, kept, folder)
    before = folder.sizes()
    positions = [(i, j) for i in range(3) for j in range(4)]
    other_kept = Kept(tmp_path / "other", "made")
    other = open_survey(make_segy(positions, name="other.sgy"), kept=other_kept)
    convert(other.volume, VolumeStore.of(other_kept.volume, other.volume, other.source))
    with pytest.raises(SharedFolderError, match="holds another survey called made"):
        share(other, other_kept, folder)
    assert folder.sizes() == before
    with pytest.raises(SharedFolderError, match="of another SEG-Y file"):
        opened(folder, other, tmp_path)


def test_one_that_is_not_converted_is_refused(make_segy, tmp_path):
    kept = Kept(tmp_path / "volumes", "made")
    survey = open_survey(make_segy([(1, 1), (1, 2)]), kept=kept)
    with pytest.raises(SurveyError, match="not converted"):
        share(survey, kept, SharedFolder.at(tmp_path / "there"))
    assert not (tmp_path / "there").exists()


def test_a_converted_file_that_changed_is_refused(survey, kept, tmp_path):
    path = kept.volume / "0" / "c" / "1" / "0" / "0"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(SurveyError, match="changed since it was made"):
        share(survey, kept, SharedFolder.at(tmp_path / "there"))


@pytest.mark.parametrize("name", ["made.json", "made.index.npz"])
def test_what_is_damaged_is_one_line(survey, kept, tmp_path, name):
    folder = SharedFolder.at(tmp_path / "there")
    share(survey, kept, folder)
    folder.write(name, folder.read(name)[:-20])
    with pytest.raises(SharedFolderError, match=rf"{name} is damaged"):
        opened(folder, survey, tmp_path)


def test_headers_that_were_read_in_another_way_are_refused(survey, kept, tmp_path):
    folder = SharedFolder.at(tmp_path / "there")
    share(survey, kept, folder)
    other = Reading(lines=(5, 9))
    with pytest.raises(SharedFolderError, match="was read in another way"):
        open_shared(
            folder, tmp_path / "gone.sgy", survey.source.fingerprint, other,
            Kept(tmp_path / "worker", "made"),
        )  # fmt: skip


@pytest.fixture
def fetched(survey, kept, tmp_path):
    """The samples, fetched shard by shard from a folder."""
    folder = SharedFolder.at(tmp_path / "there")
    share(survey, kept, folder)
    said = find_description(folder, "made")
    return FetchedVolume(
        folder.inside("made.zarr"), tmp_path / "fetched", said.layout, said.checksums
    )


def test_shards_are_fetched_once_and_when_they_are_needed(fetched, survey, tmp_path):
    assert np.array_equal(fetched[3], survey.volume[3])
    files = [path for path in (tmp_path / "fetched").rglob("*") if path.is_file()]
    assert len(files) == 2
    stamps = [path.stat().st_mtime_ns for path in files]
    fetched.release()
    assert np.array_equal(fetched[:64], survey.volume[:64])
    assert [path.stat().st_mtime_ns for path in files] == stamps


def test_a_disk_that_gets_full_is_made_room_on(fetched, survey, tmp_path, monkeypatch):
    monkeypatch.setattr(fetched_volume, "LEFT_FREE", 1 << 62)
    monkeypatch.setattr(fetched_volume, "AT_LEAST", 2)
    assert np.array_equal(fetched[:], survey.volume[:])
    files = [path for path in (tmp_path / "fetched").rglob("*") if path.is_file()]
    assert len(files) == 2


def test_a_shard_that_changed_is_refused(fetched, tmp_path):
    path = tmp_path / "there" / "made.zarr" / "c" / "0" / "0" / "0"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(SharedFolderError, match="not as it was shared"):
        fetched[0]


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        (
            "survey.shared.opening, napari_hyperseg.survey.shared.copying",
            "fsspec s3fs aiohttp zarr",
        ),
        ("project.folder, napari_hyperseg.cli.app", "s3fs aiohttp"),  # zarr knows fsspec
    ],
)
def test_nothing_loads_what_opens_urls_before_it_is_asked_for(modules, unwanted):
    script = f"import sys, napari_hyperseg.{modules}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert not set(unwanted.split()) & set(done.stdout.split())
