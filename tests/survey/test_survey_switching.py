"""Samples come from the file, then from the converted copy; coarser levels from either."""

import numpy as np
import pytest

from napari_hyperseg.survey import subsampled
from napari_hyperseg.survey.kept import Kept
from napari_hyperseg.survey.segy.assembly import read_converted
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.store.conversion import convert
from napari_hyperseg.survey.store.store import VolumeStore
from napari_hyperseg.survey.subsampled import SubsampledVolume

SHAPE = (9, 12, 130)


@pytest.fixture
def survey(make_segy):
    positions = [(i, j) for i in range(SHAPE[0]) for j in range(SHAPE[1])]
    traces = np.random.default_rng(0).normal(0, 50, (len(positions), SHAPE[2])).astype(np.float32)
    return open_survey(make_segy(positions, traces=traces))


@pytest.fixture
def kept(survey, tmp_path):
    return Kept(tmp_path, "kept")


def test_an_open_survey_is_read_from_its_copy_once_that_is_complete(survey, kept):
    before = survey.volume[:]
    assert not read_converted(survey, kept)
    convert(survey.volume, VolumeStore.of(kept.volume, survey.volume, survey.source))
    assert read_converted(survey, kept)
    assert survey.volume.converted
    assert np.array_equal(survey.volume[:], before)
    assert (survey.volume.shape, survey.volume.dtype) == (before.shape, before.dtype)


def test_a_volume_of_another_shape_does_not_take_over(survey):
    with pytest.raises(ValueError, match="no copy"):
        survey.volume.switch([SubsampledVolume(survey.volume, 2)])


def test_levels_have_one_shape_before_and_after_conversion(survey, kept):
    before = [survey.volume.level(number).shape for number in range(3)]
    convert(survey.volume, VolumeStore.of(kept.volume, survey.volume, survey.source))
    assert read_converted(survey, kept)
    assert [survey.volume.level(number).shape for number in range(3)] == before
    assert before[2] == (3, 3, 33)


@pytest.mark.parametrize(
    "key",
    [
        (),
        (0,),
        (slice(None), 2),
        (..., 2),
        (..., -1),
        np.s_[1:3, ::2, 1:40:3],
        np.s_[::-1, 0, ::-2],
    ],
)
@pytest.mark.parametrize("step", [2, 4])
def test_a_subsampled_volume_is_indexed_like_an_array(survey, step, key):
    coarse = SubsampledVolume(survey.volume, step)
    lines = survey.volume[::step, ::step].astype(np.float64)
    means = [lines[..., k : k + step].mean(-1) for k in range(0, SHAPE[2], step)]
    expected = np.stack(means, -1)
    assert coarse.shape == expected.shape
    assert np.allclose(coarse[key], expected[key], rtol=1e-5, atol=1e-6)
    assert coarse[key].dtype == survey.volume.dtype


def test_it_is_read_in_parts(survey, monkeypatch):
    coarse = SubsampledVolume(survey.volume, 2)
    whole = coarse[:]
    monkeypatch.setattr(subsampled, "BLOCK", 1500)
    assert np.array_equal(coarse[:], whole)


def test_means_of_integers_are_rounded():
    volume = np.array([[[1, 2, 3, 3, 7]]], np.int16)
    assert SubsampledVolume(volume, 2)[0, 0].tolist() == [2, 3, 7]
