"""What is asked of a prediction besides its labels: figures of small sections made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from napari_hyperseg.learn.penalties import OF_SHARES, Penalties, ShareBounds, total_variation

N_TRACES, N_SAMPLES = 12, 60


def section(shift_of_trace):
    """Noise whose traces are shifted, shape (1, 1, n_traces, n_samples); and two classes in it."""
    wavelets = np.random.default_rng(0).normal(size=N_SAMPLES + 200)
    at = np.arange(N_SAMPLES) + 100
    traces = np.stack([wavelets[at - shift] for shift in shift_of_trace])
    return torch.from_numpy(traces[None, None].astype(np.float32))


def classes(first_below):
    below = np.arange(N_SAMPLES) >= np.asarray(first_below)[:, None]
    both = np.stack([~below, below]).astype(np.float32)
    return torch.from_numpy(both[None, :, None])


FLAT = np.zeros(N_TRACES, int)
DIPPING = np.arange(N_TRACES)


def test_a_boundary_along_reflectors_costs_nothing():
    assert total_variation(classes(30 + FLAT), section(FLAT)) == 0
    along = total_variation(classes(30 + DIPPING), section(DIPPING))
    assert along.item() == pytest.approx(0, abs=1e-6)


def test_a_boundary_across_them_costs_what_changes():
    across = total_variation(classes(30 + DIPPING), section(FLAT))
    assert across.item() == pytest.approx(2 / N_SAMPLES, rel=1e-4)  # one sample of each class
    assert total_variation(classes(30 + FLAT), section(DIPPING)) > 0.5 * across


def test_across_a_fault_nothing_has_to_be_smooth():
    throw = np.where(np.arange(N_TRACES) < 6, 0, 15)
    fault = total_variation(classes(20 + throw), section(throw))
    none = total_variation(classes(20 + throw), section(FLAT))
    assert fault < 0.3 * none


def test_both_line_directions_count():
    amplitude, probabilities = section(FLAT), classes(30 + DIPPING)
    turned = total_variation(probabilities.transpose(2, 3), amplitude.transpose(1, 2))
    assert turned == total_variation(probabilities, amplitude)


def test_one_trace_has_no_neighbours():
    assert total_variation(classes([30]), section([0])) == 0


def test_shares_within_their_bounds_cost_nothing():
    logits = torch.zeros(1, 2, 1, 4, 8)  # a half each
    amplitude = torch.ones(1, 1, 4, 8)
    assert Penalties(shares=(ShareBounds(1, 0.4, 0.6),)).of(logits, amplitude) == 0
    too_much = Penalties(shares=(ShareBounds(1, most=0.4), ShareBounds(2, least=0.7)))
    expected = OF_SHARES * (0.1**2 + 0.2**2)
    assert too_much.of(logits, amplitude).item() == pytest.approx(expected)


def test_nothing_asked_for_is_nothing():
    assert not Penalties()
    assert Penalties(smoothness=0.1)
    assert Penalties(shares=(ShareBounds(1),))


def test_descending_on_them_smoothes_and_keeps_bounds():
    torch.manual_seed(0)
    logits = torch.randn(1, 2, 1, N_TRACES, N_SAMPLES, requires_grad=True)
    amplitude = section(FLAT)
    penalties = Penalties(smoothness=1.0, shares=(ShareBounds(1, least=0.7, most=0.8),))
    before = total_variation(logits.softmax(1), amplitude).item()
    optimiser = torch.optim.Adam([logits], 0.1)
    for _ in range(200):
        optimiser.zero_grad()
        penalties.of(logits, amplitude).backward()
        optimiser.step()
    after = logits.softmax(1).detach()
    assert total_variation(after, amplitude) < 0.2 * before
    assert after[:, 0].mean() > 0.65
