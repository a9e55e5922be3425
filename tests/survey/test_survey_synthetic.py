"""The synthetic earth obeys its own laws, and is worth learning from."""

import numpy as np
import pytest
from scipy.ndimage import binary_erosion

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.labels.targets import facies_between
from napari_hyperseg.survey.sample import sample_files
from napari_hyperseg.survey.segy.opening import open_survey
from napari_hyperseg.survey.synthetic import make_synthetic
from napari_hyperseg.survey.synthetic_faults import Fault
from napari_hyperseg.survey.synthetic_seismic import ricker_spectrum

SHAPE = (16, 40, 64)
VARIANTS = [{}, {"unconformity": True}, {"channel": True}, {"steep_dips": True}]


def sample():
    """Amplitudes and true facies of the cube that is shipped."""
    files = sample_files()
    return open_survey(files.segy).volume[:], np.load(files.facies)


@pytest.fixture(scope="module")
def synthetic():
    return make_synthetic(SHAPE, seed=4)


def test_a_seed_is_a_survey(synthetic):
    again = make_synthetic(SHAPE, seed=4)
    other = make_synthetic(SHAPE, seed=5)
    assert np.array_equal(again.amplitude, synthetic.amplitude)
    assert np.array_equal(again.facies, synthetic.facies)
    assert not np.array_equal(other.facies, synthetic.facies)


def test_it_has_the_shape_and_types_it_says(synthetic):
    assert synthetic.geometry.shape == synthetic.amplitude.shape == synthetic.facies.shape == SHAPE
    assert (synthetic.amplitude.dtype, synthetic.facies.dtype) == (np.float32, np.uint8)
    assert list(synthetic.horizons) == ["H1", "H2", "H3", "H4", "H5"]
    assert len(synthetic.classes) == 6


@pytest.mark.parametrize("harder", VARIANTS, ids=lambda harder: next(iter(harder), "plain"))
def test_horizons_are_ordered_and_bound_the_facies(harder):
    synthetic = make_synthetic(SHAPE, seed=6, **harder)
    horizons = list(synthetic.horizons.values())
    assert np.all(np.diff(horizons, axis=0) >= 0)
    assert np.array_equal(facies_between(horizons, synthetic.geometry), synthetic.facies)
    assert np.all(np.diff(synthetic.facies.astype(int), axis=2) >= 0)
    assert set(np.unique(synthetic.facies)) == set(range(1, 7))


@pytest.mark.parametrize("option", ["unconformity", "channel", "steep_dips"])
def test_each_difficulty_changes_the_earth(option):
    plain = make_synthetic(SHAPE, seed=6)
    harder = make_synthetic(SHAPE, seed=6, **{option: True})
    assert np.mean(plain.facies != harder.facies) > 0.005


def test_an_unconformity_cuts_layers_away():
    eroded = make_synthetic((24, 60, 96), seed=3, unconformity=True).horizons
    assert np.mean(eroded["H3"] == eroded["H2"]) > 0.02


def test_horizons_lie_between_samples(synthetic):
    position = np.stack(list(synthetic.horizons.values())) / 4.0
    assert np.mean(position != np.round(position)) > 0.9


def test_amplitudes_are_centred_and_not_clipped(synthetic):
    amplitude = synthetic.amplitude
    assert np.sqrt(np.mean(amplitude.astype(float) ** 2)) == pytest.approx(1000, rel=1e-3)
    assert abs(amplitude.mean()) < 60
    assert np.mean(np.abs(amplitude) == np.abs(amplitude).max()) < 1e-4


def test_the_layers_reflect_differently():
    amplitude, facies = sample()
    interior = np.array([facies == code for code in range(1, 7)])
    interior = binary_erosion(interior, np.ones((1, 1, 1, 9)))  # clear of the boundaries
    strength = np.array([amplitude[inside].std() for inside in interior])
    assert strength[[0, 2, 3, 4, 5]].min() > 1.5 * strength[1]
    change = np.diff(amplitude, axis=2, append=0)
    pace = np.array([change[inside].std() for inside in interior]) / strength
    assert pace[4] > 1.2 * pace[0] > 1.4 * pace[2]  # fine, bright, low frequency


def test_two_way_time_alone_does_not_tell_the_layers_apart():
    _, facies = sample()
    labelled = np.zeros(facies.shape[:2], bool)
    labelled[[10, 32, 53]] = labelled[:, 48] = True
    counts = np.stack([(facies[labelled] == code).sum(axis=0) for code in range(1, 7)])
    guess, truth = counts.argmax(axis=0) + 1, facies[~labelled]
    ious = []
    for code in range(1, 7):
        here, there = truth == code, np.broadcast_to(guess == code, truth.shape)
        ious.append((here & there).sum() / (here | there).sum())
    assert np.mean(ious) < 0.52


def test_a_fault_carries_horizons_as_it_undoes_samples():
    plane = np.tile(np.linspace(-10.0, 60.0, 30), (1, 1))
    fault = Fault(plane=plane, throw=np.full((1, 30), 7.5))
    before = 22.0 + np.zeros((1, 30))
    after = fault.carry(before)
    assert after.min() == 22.0
    assert after.max() == 29.5
    for offset, is_below in ((-0.01, False), (0.01, True)):
        undone = fault.undo(after[0][:, None] + offset, row=0)[:, 0]
        assert np.all((undone >= before[0]) == is_below)


def test_the_wavelet_peaks_where_it_says():
    frequency_hz = np.linspace(0, 120, 1201)
    for peak_hz in (17.0, 40.0):
        spectrum = ricker_spectrum(frequency_hz, peak_hz)
        assert frequency_hz[spectrum.argmax()] == pytest.approx(peak_hz, abs=0.1)
        assert spectrum[0] == 0.0


@pytest.mark.parametrize("shape", [(3, 40, 64), (16, 2, 64), (16, 40, 31)])
def test_too_small_surveys_are_refused(shape):
    with pytest.raises(SurveyError, match="is too small"):
        make_synthetic(shape)
