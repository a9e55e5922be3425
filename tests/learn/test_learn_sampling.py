"""Blocks whose amplitude spells the code: whatever is done to them is done to both."""

from __future__ import annotations

import numpy as np
import pytest

from napari_hyperseg.learn import sampling
from napari_hyperseg.learn.boxes import whole
from napari_hyperseg.learn.drafts import Draft
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.sampling import TIME_SHIFT_SAMPLES, Sampler

ENCODING = InputEncoding(0.0, 400.0)


@pytest.fixture
def spelling(make_labelled, random):
    """A survey labelled everywhere, its amplitudes equal to its codes."""
    codes = random.integers(1, 4, (24, 31, 20)).astype(np.uint8)
    labelled = make_labelled(codes, codes)
    labelled.data.clip = 3.0
    return labelled


@pytest.fixture
def plain(monkeypatch):
    """Nothing is done to the phase."""
    monkeypatch.setattr(sampling, "PHASE_DEGREES", 0.0)


def draws(labelled, block, *, batch=2, n=40, exchanges=True):
    random = np.random.default_rng(0)
    sampler = Sampler([labelled], ENCODING, block, batch, random, exchanges=exchanges)
    return [sampler.draw() for _ in range(n)]


@pytest.mark.usefixtures("plain")
def test_codes_and_channels_stay_together(spelling):
    for batch in draws(spelling, (3, 5, 20)):
        for amplitude, codes in zip(batch.channels[:, 0], batch.limits[:, 0], strict=True):
            known = codes > 0
            scale = 3 * amplitude[known] / codes[known]
            assert scale.std() < 1e-6
            assert 0.8 <= scale.mean() <= 1.25


@pytest.mark.usefixtures("plain")
def test_blocks_are_flipped_and_exchanged_along_lines_but_never_in_time(make_labelled):
    i, j, _ = np.indices((24, 31, 20))
    labelled = make_labelled(np.ones((24, 31, 20), np.uint8), 1.0 + i + 100 * j)
    labelled.data.clip = 1e5
    seen = set()
    for batch in draws(labelled, (3, 5, 20), batch=1):
        amplitude = batch.channels[0, 0, :, :, 0].numpy()
        slopes = np.array([np.diff(amplitude, axis=axis).mean() for axis in (0, 1)])
        seen.add((*np.sign(slopes), abs(slopes[0]) > abs(slopes[1])))
        assert (np.diff(batch.channels[0, 1].numpy(), axis=-1) > 0).all()
    assert len(seen) == 8


def test_a_line_stays_as_it_runs_where_directions_are_not_alike(make_labelled):
    labelled = make_labelled(np.ones((1, 64, 20), np.uint8))
    along = {batch.limits.shape[2:] for batch in draws(labelled, (1, 16, 20), exchanges=False)}
    assert along == {(1, 16, 20)}
    either = {batch.limits.shape[2:] for batch in draws(labelled, (1, 16, 20))}
    assert either == {(1, 16, 20), (16, 1, 20)}


def test_held_out_labels_are_never_drawn(make_labelled):
    labelled = make_labelled(np.ones((24, 31, 20), np.uint8))
    labelled.labels.facies.codes[labelled.held_out] = 2
    labelled.refresh()
    assert labelled.held_out_counts[2] > 0
    for batch in draws(labelled, (16, 16, 20)):
        assert batch.limits[:, 0].max() == 1


@pytest.mark.parametrize("block", [(4, 6, 50), (4, 6, 10), (1, 1, 1), (60, 60, 60)])
def test_every_block_holds_a_label(make_labelled, block):
    codes = np.zeros((24, 31, 50), np.uint8)
    codes[7, 3, 20:23] = 1
    codes[23, 30, 49] = 2
    for batch in draws(make_labelled(codes), block):
        assert (batch.limits[:, 0] > 0).flatten(1).any(dim=1).all()
        expected = [min(a, b) for a, b in zip(block, codes.shape, strict=True)]
        assert sorted(batch.limits[:, 0].shape[1:3]) == sorted(expected[:2])
        assert batch.limits[:, 0].shape[3] == expected[2]
        assert batch.channels.shape == (2, ENCODING.n_channels, *batch.limits[:, 0].shape[1:])


def test_the_seed_decides(spelling):
    first, second = (draws(spelling, (4, 4, 20), n=3) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert (a.channels == b.channels).all()
        assert (a.limits == b.limits).all()


def test_surveys_are_drawn_by_the_number_of_their_labelled_traces(make_labelled):
    many = make_labelled(np.full((10, 30, 8), 1, np.uint8))
    few = np.zeros((10, 30, 8), np.uint8)
    few[0, 0] = 2
    sampler = Sampler([many, make_labelled(few)], ENCODING, (2, 2, 8), 1, np.random.default_rng(0))
    codes = [int(sampler.draw().limits[:, 0].max()) for _ in range(60)]
    assert codes.count(1) > 50


def test_times_are_off_by_a_few_samples_alike_in_a_block(spelling):
    box = whole(spelling.data.shape)
    true = spelling.data.block(box, ENCODING).channels[1, 0, 0]
    per_sample = float(np.diff(true).mean())
    shifts = []
    for batch in draws(spelling, (3, 5, 20)):
        for times in batch.channels[:, 1].numpy():
            off = (true - times) / per_sample
            assert off.std() < 1e-3
            shifts.append(off.mean())
    assert 0.5 * TIME_SHIFT_SAMPLES < np.abs(shifts).max() <= TIME_SHIFT_SAMPLES + 1e-3
    assert abs(np.mean(shifts)) < 0.25 * TIME_SHIFT_SAMPLES


def test_a_label_erased_before_the_traces_are_found_again_does_no_harm(make_labelled):
    codes = np.zeros((24, 31, 40), np.uint8)
    codes[7], codes[:, 3] = 1, 2
    labelled = make_labelled(codes, codes.astype(float))
    labelled.labels.facies.codes[7] = 0
    for batch in draws(labelled, (4, 6, 10)):
        assert set(np.unique(batch.limits[:, 0])) <= {0, 2}


@pytest.mark.parametrize("flips", [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("exchange", [False, True])
def test_slabs_of_a_block_are_its_rows(make_labelled, flips, exchange, random):
    amplitude = random.normal(size=(12, 14, 16)).astype(np.float32)
    data = make_labelled(np.ones(amplitude.shape, np.uint8), amplitude).data
    box = ((2, 10), (1, 11), (0, 16))
    draft = Draft("made", box, 3.0, 7.0, 1.1, flips, exchange)
    (whole,) = draft.turn((draft.cut(data, ENCODING),))
    assert whole.shape[1] == draft.n_rows
    parts = [draft.slab(0, 5), draft.slab(5, draft.n_rows)]
    found = [part.turn((part.cut(data, ENCODING),))[0] for part in parts]
    np.testing.assert_array_equal(np.concatenate(found, axis=1), whole)
