"""The sample cube is what the generator makes, and reads like any other survey."""

import json

import numpy as np
import pytest
import segyio

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.horizon_files.reading import read_horizon_file
from napari_hyperseg.survey.sample import sample_files, sample_path, synthetic_files
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_files import write_synthetic


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_synthetic(make_synthetic(), folder, "hyperseg_sample")
    return synthetic_files(folder, "hyperseg_sample")


def test_the_sample_is_made_by_the_generator(written):
    shipped = sample_files()
    ours, theirs = open_survey(written.segy), open_survey(shipped.segy)
    # Other processors and libraries of mathematics may differ in the last digits.
    assert np.allclose(ours.volume[:], theirs.volume[:], rtol=0, atol=0.5)
    assert np.mean(np.load(written.facies) != np.load(shipped.facies)) < 1e-5
    for name, path in written.horizons.items():
        again = read_horizon_file(shipped.horizons[name], theirs.geometry).values
        assert np.allclose(read_horizon_file(path, ours.geometry).values, again, rtol=0, atol=0.011)
    assert (shipped.inlines, shipped.crosslines) == (written.inlines, written.crosslines)
    assert shipped.classes == written.classes


def test_the_sample_is_small():
    files = list(sample_path().parent.iterdir())
    assert sum(path.stat().st_size for path in files) <= 6_000_000


def test_the_sample_opens_with_its_own_numbers():
    survey = open_survey(sample_path())
    geometry = survey.geometry
    assert geometry.shape == (64, 96, 120)
    assert (geometry.inlines[0], geometry.crosslines[0]) == (1001, 2001)
    assert (geometry.start_ms, geometry.sample_interval_ms) == (1000.0, 4.0)
    assert geometry.to_xy is not None
    assert survey.source.warnings == ()
    assert describe_segy(sample_path()).kind == "3d"


def test_segyio_reads_the_sample_as_we_do():
    survey = open_survey(sample_path())
    with segyio.open(sample_path()) as file:
        assert np.array_equal(file.ilines, survey.geometry.inlines)
        assert np.array_equal(file.xlines, survey.geometry.crosslines)
        assert np.array_equal(file.samples, survey.geometry.times_ms)
        assert np.array_equal(file.iline[1030], survey.volume[29])
        x, y = file.header[777][181] / 100, file.header[777][185] / 100
        lines = file.header[777][189], file.header[777][193], 1
        assert survey.geometry.to_xy @ lines == pytest.approx((x, y), abs=0.02)
        assert file.text[0].decode("ascii").startswith("C 1 SYNTHETIC SEISMIC SURVEY")


def test_the_labelled_lines_are_lines_of_the_sample():
    files, geometry = sample_files(), open_survey(sample_path()).geometry
    assert [geometry.inline_index(number) for number in files.inlines] == [10, 32, 53]
    assert [geometry.crossline_index(number) for number in files.crosslines] == [48]
    assert np.load(files.facies, mmap_mode="r").shape == geometry.shape


def test_a_synthetic_survey_is_written_and_found(tmp_path):
    synthetic = make_synthetic((8, 12, 40), seed=2)
    path = write_synthetic(synthetic, tmp_path / "new", "folds")
    files = synthetic_files(tmp_path / "new", "folds")
    assert files.segy == path
    assert np.array_equal(open_survey(path).volume[:], synthetic.amplitude)
    assert np.array_equal(np.load(files.facies), synthetic.facies)
    assert sorted(json.loads((tmp_path / "new/folds_labels.json").read_text())) == [
        "classes", "crosslines", "facies", "horizons", "inlines", "survey",
    ]  # fmt: skip


def test_a_sample_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SurveyError, match="cannot be read"):
        synthetic_files(tmp_path, "nothing")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SurveyError, match="cannot be written"):
        write_synthetic(make_synthetic((8, 12, 40)), tmp_path / "file", "folds")
