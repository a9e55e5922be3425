"""What travels with a job arrives as it was, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_hyperseg.errors import JobError, LabelError
from napari_hyperseg.jobs.cluster.luggage import Luggage, pack, pack_labels_of, unpack, write_file
from napari_hyperseg.jobs.survey_input import HorizonInput
from napari_hyperseg.labels.facies import FaciesLabels
from napari_hyperseg.labels.packing import pack_labels, unpack_labels

SHAPES = st.tuples(*[st.integers(1, 5)] * 3)


@given(arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 0, 0, 1, 255])))
def test_labels_arrive_as_they_were(tmp_path_factory, codes):
    folder = tmp_path_factory.mktemp("labels")
    labels = FaciesLabels.create(folder / "here.npy", codes.shape)
    labels.codes[:] = codes
    there = unpack_labels(pack_labels(labels), folder / "there.npy")
    assert np.array_equal(there.codes, codes)
    assert np.array_equal(FaciesLabels.open(folder / "there.npy", shape=codes.shape).codes, codes)


def test_few_labels_in_a_large_survey_are_few_bytes(tmp_path):
    labels = FaciesLabels.create(tmp_path / "large.npy", (400, 500, 600))
    labels.codes[7] = 3
    assert len(pack_labels(labels)) < 20_000


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_damaged_labels_are_one_line(content, tmp_path):
    with pytest.raises(LabelError, match="damaged"):
        unpack_labels(content, tmp_path / "labels.npy")


def test_a_job_arrives_with_its_files(trained, make_spec, labels, tmp_path):
    times, kinds = tmp_path / "times.npy", tmp_path / "kinds.npy"
    np.save(times, np.full(labels.shape[:2], 7, np.float32))
    np.save(kinds, np.ones(labels.shape[:2], np.uint8))
    spec = make_spec("predict")
    horizon = HorizonInput(above=1, times=times, kinds=kinds)
    later = HorizonInput(above=2, times=tmp_path / "none.npy", kinds=tmp_path / "none2.npy")
    survey = spec.surveys[0].model_copy(update={"horizons": (horizon, later)})
    spec = spec.model_copy(update={"surveys": (survey,)})

    luggage = pack(spec)
    sent = Luggage(luggage.spec.model_validate_json(luggage.spec.model_dump_json()), luggage.files)
    there = unpack(sent, tmp_path / "worker")

    assert there.model != spec.model
    for path in (there.model, *(p for h in there.surveys[0].horizons for p in (h.times, h.kinds))):
        assert path.is_relative_to(tmp_path / "worker")
    for name in ("model.json", "weights.safetensors"):
        assert (there.model / name).read_bytes() == (spec.model / name).read_bytes()
    found = FaciesLabels.open(there.surveys[0].facies).codes
    assert np.array_equal(found, labels.codes)
    assert (np.load(there.surveys[0].horizons[0].times) == 7).all()
    assert not there.surveys[0].horizons[1].times.exists()
    assert there.surveys[0].segy == spec.surveys[0].segy
    assert there.surveys[0].prediction == spec.surveys[0].prediction


def test_jobs_that_may_differ_in_their_results_are_told_apart(trained, make_spec, labels):
    spec = make_spec("predict")
    digest = pack(spec).digest
    assert pack(make_spec("predict", threads=2)).digest == digest
    assert pack(make_spec("predict", probabilities=True)).digest != digest
    labels.codes[0, 0, 0] = 1
    assert pack(spec).digest != digest


def test_labels_that_changed_travel_alone(trained, make_spec, labels, tmp_path):
    spec = make_spec("predict")
    there = unpack(pack(spec), tmp_path / "worker")
    before = FaciesLabels.open(there.surveys[0].facies, writable=False)
    labels.codes[0, 0] = 2
    ((name, content),) = pack_labels_of(spec, 0).items()
    write_file(tmp_path / "worker", name, content)
    now = FaciesLabels.open(there.surveys[0].facies, writable=False)
    assert (now.codes[0, 0] == 2).all()
    assert not (before.codes[0, 0] == 2).any()  # who reads it meanwhile has what it opened


@pytest.mark.parametrize("name", ["", "../x", "/x", "model/../../x", "c:/x", "model\\..\\x"])
def test_no_name_leads_out_of_the_folder(name, tmp_path):
    with pytest.raises(JobError, match="cannot be the name"):
        write_file(tmp_path / "inside", name, b"")
    assert list(tmp_path.iterdir()) == []
