"""What a user can say of a file: coordinates, domain, offset, stack."""

import numpy as np
import pytest
from segy_making import N_SAMPLES, address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
OFFSETS = [100, 200, 400]
TO_XY = np.array([[12.5, 3.0, 4000.0], [-3.0, 12.5, 7000.0]])  # rotated


def placed(x, y, scalar=-10, scalar_at=71, noise=0.0):
    """Trace header fields that put the traces on a rotated map."""
    rng = np.random.default_rng(1)

    def fields(trace):
        at = TO_XY @ [*POSITIONS[trace], 1] + noise * rng.normal(size=2)
        ratio = -scalar if scalar < 0 else 1 / scalar
        east, north = np.round(at * ratio).astype(int)
        return {x: int(east), y: int(north), scalar_at: scalar}

    return fields


@pytest.mark.parametrize(("x", "y"), [(181, 185), (73, 77), (81, 85)])
def test_coordinates_are_found_in_the_usual_bytes(make_segy, x, y):
    path = make_segy(POSITIONS, fields=placed(x, y))
    survey = open_survey(path)
    assert np.allclose(survey.geometry.to_xy, TO_XY, atol=0.05)
    assert (survey.source.reading.xy, survey.source.warnings) == ((x, y), ())
    found = describe_segy(path).coordinates
    assert (found.x, found.y, found.scalar) == (x, y, 71)
    assert found.rms < found.largest < 0.1


def test_other_bytes_of_coordinates_and_scalar_can_be_said(make_segy):
    path = make_segy(POSITIONS, fields=placed(225, 233, scalar=100, scalar_at=69))
    assert open_survey(path).geometry.to_xy is None
    survey = open_survey(path, Reading(xy=(225, 233), scalar=69))
    assert np.allclose(survey.geometry.to_xy[:, :2], TO_XY[:, :2], atol=20)


def test_no_coordinates_can_be_said(make_segy):
    path = make_segy(POSITIONS, fields=placed(181, 185))
    assert open_survey(path, Reading(xy=(0, 0))).geometry.to_xy is None


def test_without_a_scalar_coordinates_are_as_they_stand(make_segy):
    path = make_segy(POSITIONS, fields=placed(181, 185))
    raw = open_survey(path, Reading(scalar=0)).geometry.to_xy
    assert np.allclose(raw, 10 * TO_XY, atol=0.5)


def test_traces_off_their_places_are_told(make_segy):
    path = make_segy(POSITIONS, fields=placed(181, 185, noise=12.0))
    survey = open_survey(path)
    assert survey.geometry.to_xy is not None
    assert "from their places on the map" in survey.source.warnings[0]


def test_depth_in_feet(make_segy):
    path = make_segy(POSITIONS, interval_us=5000, fields=lambda n: {109: 1000})
    geometry = open_survey(path, Reading(domain="depth", length_unit="ft")).geometry
    assert (geometry.domain, geometry.vertical_unit) == ("depth", "ft")
    assert (geometry.start_ms, geometry.sample_interval_ms) == (1000, 5)


@pytest.mark.parametrize(("code", "unit"), [(0, "m"), (1, "m"), (2, "ft")])
def test_the_binary_header_names_the_unit_of_length(make_segy, code, unit):
    path = make_segy(POSITIONS)
    with path.open("rb+") as file:
        file.seek(3254)
        file.write(code.to_bytes(2, "big"))
    assert open_survey(path).geometry.length_unit == unit
    assert open_survey(path, Reading(length_unit="ft")).geometry.length_unit == "ft"


def gathers(make_segy, offsets=OFFSETS, order=POSITIONS, **more):
    """A trace for each offset at each position: the address plus ten thousand per offset."""
    traces = [(at, n) for at in order for n in range(len(offsets))]
    return make_segy(
        [at for at, _ in traces],
        traces=[address(*at) + 10_000.0 * n for at, n in traces],
        fields=lambda trace: {37: offsets[traces[trace][1]]},
        **more,
    )


def spelled():
    return np.array([[address(i, j) for j in (5, 8, 11)] for i in (2, 4, 6, 8)], float)


def test_prestack_without_a_choice_names_the_choices(make_segy):
    path = gathers(make_segy)
    with pytest.raises(SurveyError, match=r"offsets \(100, 200, 400\) with --offset.*--stack"):
        open_survey(path)
    assert describe_segy(path).offsets == (100, 200, 400)


@pytest.mark.parametrize(("n", "offset"), list(enumerate(OFFSETS)))
def test_one_offset(make_segy, n, offset):
    survey = open_survey(gathers(make_segy), Reading(offset=offset))
    assert np.array_equal(survey.volume[:], spelled() + 10_000 * n)
    assert survey.source.warnings == ()


def test_an_offset_that_is_not_there(make_segy):
    with pytest.raises(SurveyError, match=r"no offset 7; it has 100, 200, 400"):
        open_survey(gathers(make_segy), Reading(offset=7))


def test_the_stack_is_the_mean(make_segy):
    survey = open_survey(gathers(make_segy, order=POSITIONS[::-1]), Reading(stack=True))
    assert np.allclose(survey.volume[:], spelled() + 10_000)
    assert np.allclose(survey.volume[2], (spelled() + 10_000)[2])
    assert np.allclose(survey.volume[:, 1, 3:5], (spelled() + 10_000)[:, 1, 3:5])
    assert survey.volume[1, 2, 3] == spelled()[1, 2, 3] + 10_000
    assert survey.volume.shape == survey.geometry.shape


def test_a_stack_takes_the_traces_there_are(make_segy):
    positions = [(1, 1)] * 4 + [(1, 2)] * 2 + [(2, 1)] * 4
    values = np.array([1, 2, 3, 4, 10, 20, 5, 5, 5, 5], float)
    path = make_segy(
        positions,
        traces=[np.full(N_SAMPLES, value) for value in values],
        fields=lambda n: {37: n, 29: 2 if n == 9 else 1},
    )
    survey = open_survey(path, Reading(stack=True))
    assert survey.volume[:, :, 0].tolist() == [[2.5, 15], [5, 0]]
    assert survey.geometry.live.tolist() == [[True, True], [True, False]]


def test_both_at_once_is_refused():
    with pytest.raises(SurveyError, match="not both"):
        Reading(offset=3, stack=True)


def test_traces_are_put_where_their_delays_say(make_segy):
    late = [2 * (n % 3) for n in range(len(POSITIONS))]  # samples of 4 ms
    path = make_segy(POSITIONS, interval_us=4000, fields=lambda n: {109: 100 + 4 * late[n]})
    survey = open_survey(path)
    geometry = survey.geometry
    assert (geometry.start_ms, geometry.n_samples) == (100, N_SAMPLES + 4)
    assert "start at different times" in survey.source.warnings[0]
    for n, at in enumerate(POSITIONS):
        i, j = geometry.inline_index(at[0]), geometry.crossline_index(at[1])
        wanted = np.zeros(N_SAMPLES + 4)
        wanted[late[n] : late[n] + N_SAMPLES] = address(*at)
        assert np.array_equal(survey.volume[i, j], wanted)
    whole = survey.volume[:]
    assert np.array_equal(survey.volume[:, :, 3], whole[:, :, 3])
    assert np.array_equal(survey.volume[1:, ::2, 13:2:-2], whole[1:, ::2, 13:2:-2])


def test_delays_that_cannot_be_meant_are_told(make_segy):
    path = make_segy(POSITIONS, fields=lambda n: {109: 30_000 if n == 3 else 100})
    survey = open_survey(path)
    assert (survey.geometry.start_ms, survey.geometry.n_samples) == (100, N_SAMPLES)
    assert "the commonest start is used" in survey.source.warnings[0]


def test_traces_that_can_be_arranged_in_two_ways_are_told(make_segy):
    fields = {n: {9: 1 + n // 6, 13: 1 + n % 6} for n in range(12)}
    survey = open_survey(make_segy(POSITIONS, fields=fields.__getitem__))
    assert survey.geometry.shape[:2] == (4, 3)
    told = survey.source.warnings[0]
    assert "could as well be arranged by 9 and 13 (2 x 6 lines)" in told
    quiet = open_survey(survey.source.path, Reading((189, 193)))
    assert quiet.source.warnings == ()
