"""Jobs on workers that see no file of the project, only an object store or another folder."""

from __future__ import annotations

import os
import shutil
from contextlib import closing

import numpy as np
import pytest
import zarr
from cluster_predictions import VOXELS, arrays_of, check_same
from safetensors.numpy import load_file

from benchmarks.cluster_nodes import Cluster
from napari_hyperseg.errors import JobError, SharedFolderError
from napari_hyperseg.jobs.commands import StopJob
from napari_hyperseg.jobs.events import BlockPredicted, JobFinished, JobWarned
from napari_hyperseg.jobs.sharing import sent_boxes, shared_prediction
from napari_hyperseg.jobs.survey_input import SharedInput
from napari_hyperseg.learn.origins import Origin, read_origins
from napari_hyperseg.learn.shared_store import NOTES, SharedPrediction
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.shared.copying import share
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def cluster(s3, certificates):
    """Workers that know the object store."""
    with closing(Cluster.on_loopback(certificates, workers=2)) as made:
        yield made


@pytest.fixture(params=["s3", "folder"])
def folder(request, s3, tmp_path):
    if request.param == "folder":
        return SharedFolder.at(tmp_path / "there")
    return SharedFolder(s3.url(tmp_path.name))


@pytest.fixture
def in_store(s3, tmp_path):
    return SharedFolder(s3.url(tmp_path.name))


def share_cube(cube, folder, tmp_path):
    kept = Kept(tmp_path / "volumes", "cube")
    survey = open_survey(cube.segy, kept=kept)
    convert(survey.volume, VolumeStore.of(kept.volume, survey.volume, survey.source))
    assert share(survey, kept, folder)
    return survey.source.fingerprint


@pytest.fixture
def there(trained, make_spec, cluster, cube, tmp_path):
    """A function that specifies a job on the cluster; there is no SEG-Y file."""

    def make(folder, kind="predict", **fields):
        spec = make_spec(kind, **{"cluster": cluster.input, **fields})
        changes = {
            "segy": tmp_path / "gone" / "cube.sgy",
            "volumes": tmp_path / "gone",
            "shared": SharedInput(
                folder=folder.url, fingerprint=share_cube(cube, folder, tmp_path)
            ),
        }
        (survey,) = (one.model_copy(update=changes) for one in spec.surveys)
        return spec.model_copy(update={"surveys": (survey,)})

    return make


def test_a_prediction_comes_back_as_it_would_be_here(there, folder, here, run, tmp_path):
    spec = there(folder, probabilities=True)
    events = run(spec)
    assert (events[-1].reason, events[-1].voxels) == ("done", VOXELS)
    boxes = [event.box for event in events.of(BlockPredicted)]
    assert len(boxes) == len(set(boxes)) == 6
    check_same(arrays_of(spec), here)
    store = zarr.open_group(spec.surveys[0].prediction, mode="r")
    assert store["below"].attrs["complete"] is True
    origin = read_origins(spec.surveys[0].prediction, store["facies"].shape).at(139, 71, 39)
    assert origin is not None
    assert origin.step == 2
    elsewhere = zarr.open_group(shared_prediction(spec.surveys[0]).zarr_store(), mode="r")
    for name, values in arrays_of(spec).items():
        assert np.array_equal(elsewhere[name][:], values)
    assert not (tmp_path / "gone").exists()
    assert not [name for name in folder.sizes() if ".check-" in name or ".cluster-" in name]


def test_a_stopped_prediction_goes_on_where_it_was(there, in_store, here, run, events):
    spec = there(in_store, probabilities=True)
    run(spec, (events.after(BlockPredicted, 2), StopJob()))
    first = {event.box for event in events.of(BlockPredicted)}
    assert events[-1].reason == "stopped"
    assert 2 <= len(first) < 6
    run(spec)
    second = {event.box for event in events.of(BlockPredicted)}
    assert len(first | second) == 6
    assert not first & second
    check_same(arrays_of(spec), here)
    notes = shared_prediction(spec.surveys[0]).inside(NOTES)
    assert notes.sizes() == {}
    run(spec)
    assert len(events.of(BlockPredicted)) == 6  # asked again, all is predicted again


def test_blocks_that_were_written_and_not_fetched_are_fetched(there, in_store, run, events):
    spec = there(in_store)
    run(spec, (events.after(BlockPredicted), StopJob()))
    source = spec.surveys[0]
    known = [event.box for event in events.of(BlockPredicted)]
    left = next(box for box in BOXES if box not in known)
    marked = np.full([stop - start for start, stop in left], 5, np.uint8)
    elsewhere = SharedPrediction.open(shared_prediction(source))
    elsewhere.write(left, marked, marked, origin=Origin(step=77))
    run(spec)
    (fetched,) = (event for event in events.of(BlockPredicted) if event.box == left)
    assert fetched.step == 77
    cut = tuple(slice(*span) for span in left)
    assert (arrays_of(spec)["facies"][cut] == 5).all()
    assert events[-1].reason == "done"


BOXES = [
    (i, j, (0, 40)) for i in ((0, 64), (64, 128), (128, 140)) for j in ((0, 64), (64, 72))
]  # fmt: skip


def test_a_prediction_that_is_lost_here_is_fetched_again(there, in_store, here, run, events):
    spec = there(in_store, probabilities=True)
    run(spec, (events.after(BlockPredicted, 3), StopJob()))
    shutil.rmtree(spec.surveys[0].prediction)
    run(spec)
    assert events[-1].voxels == VOXELS
    check_same(arrays_of(spec), here)


def test_a_training_is_what_it_would_have_been_here(there, make_spec, folder, run, tmp_path):
    fields = {"prior": False, "steps": 3, "live": True}
    spec = there(folder, "train", model=tmp_path / "elsewhere", **fields)
    events = run(spec)
    assert isinstance(events[-1], JobFinished)
    assert not events.of(JobWarned)
    boxes = events.of(BlockPredicted)
    assert {event.step for event in boxes[-1:]} == {3}
    found = arrays_of(spec)
    local = make_spec(model=tmp_path / "local", **fields)
    at = local.surveys[0].model_copy(update={"prediction": tmp_path / "here" / "cube.zarr"})
    local = local.model_copy(update={"surveys": (at,)})
    run(local)
    for name, values in load_file(tmp_path / "local" / "weights.safetensors").items():
        there_ = load_file(tmp_path / "elsewhere" / "weights.safetensors")[name]
        assert there_ == pytest.approx(values, abs=1e-6), name
    expected = arrays_of(local)
    assert (found["facies"] > 0).all()
    assert np.mean(found["facies"] == expected["facies"]) > 0.999
    assert sent_boxes(spec.surveys[0]).sizes() == {}


@pytest.mark.parametrize("kind", ["predict", "train"])
def test_what_is_not_shared_is_found_out_before_the_job(there, in_store, run, events, kind):
    spec = there(in_store, kind)
    in_store.remove("cube.json")
    with pytest.raises(SharedFolderError, match=r"cube is not, or not all, in s3://.*share"):
        run(spec)
    assert events == []
    assert not spec.surveys[0].prediction.exists()
    assert not [name for name in in_store.sizes() if "prediction" in name]


def test_a_store_that_this_computer_cannot_write_is_one_line(there, in_store, run, events):
    spec = there(in_store)
    shared = spec.surveys[0].shared.model_copy(update={"folder": "s3://no-such-bucket/x"})
    survey = spec.surveys[0].model_copy(update={"shared": shared})
    with pytest.raises(SharedFolderError, match=r"^s3://no-such-bucket/x cannot be written"):
        run(spec.model_copy(update={"surveys": (survey,)}))
    assert events == []


@pytest.fixture
def strangers(s3, certificates, request, tmp_path, monkeypatch):
    """A cluster whose workers have another environment than this process."""
    (tmp_path / "s3fs.py").write_text("raise ImportError('there is none')")
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environments = {
        "elsewhere": {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        "without s3fs": {"PYTHONPATH": paths},
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environments[request.param].items():
            patch.setenv(name, value)
        cluster = Cluster.on_loopback(certificates, workers=1)
    with closing(cluster):
        yield cluster


@pytest.mark.parametrize(
    ("strangers", "reason"),
    [
        ("elsewhere", "cannot be written: Could not connect"),
        ("without s3fs", "needs s3fs: pip install"),
    ],
    indirect=["strangers"],
)
def test_a_worker_that_cannot_use_the_store_is_told(
    there, in_store, run, events, strangers, reason
):
    spec = there(in_store, cluster=strangers.input)
    with pytest.raises(
        JobError, match=r"^From worker tls://.*: s3://.*environment of each"
    ) as error:
        run(spec)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
    assert events == []
    assert not spec.surveys[0].prediction.exists()
    assert not [name for name in in_store.sizes() if "prediction" in name]
