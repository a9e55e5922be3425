"""Rows that the adjoint has not reached are left out, and nobody can tell."""

import pytest
import torch

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.reached import ReachedRows
from napari_hyperseg.net.state import Adjoint, State
from napari_hyperseg.net.symmetric import SymmetricLayer

ROWS = 16
ROW_BY_ROW = Arithmetic(scratch_bytes=1)


def fields(channels=8, rows=ROWS):
    """Two random ones."""
    order, shape = torch.channels_last_3d, (1, channels, rows, 4, 4)
    return State(*(torch.randn(shape).contiguous(memory_format=order) for _ in range(2)))


def adjoint_on(*rows):
    """An adjoint that is zero but on some rows."""
    position, velocity = (torch.zeros_like(field) for field in fields())
    for row in rows:
        position[:, :2, row] = torch.randn(1, 2, 4, 4)
    return Adjoint(position, velocity, ReachedRows.of(position))


def parameters():
    """Of a layer."""
    return torch.randn(4, 8, 3, 3, 3) / 10, torch.randn(4)


def reached(*rows, of=ROWS):
    """These rows, and no others."""
    return ReachedRows(tuple(row in rows for row in range(of)))


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_rows_that_are_not_zero_are_found():
    assert adjoint_on(3, 7).reached == reached(3, 7)
    field = torch.zeros(2, 1, ROWS, 4)
    field[1, 0, 5, 2] = float("nan")
    assert ReachedRows.of(field) == reached(5)


def test_a_layer_carries_an_adjoint_two_rows_on():
    adjoint, step = adjoint_on(1, 9), LeapfrogStep(0.5)
    pulled = step.backward(fields(), adjoint, parameters(), ROW_BY_ROW, wanted=True).adjoint
    assert pulled.reached == reached(0, 1, 2, 3, 7, 8, 9, 10, 11)
    assert ReachedRows.of(pulled.position) == pulled.reached


@pytest.mark.parametrize("axes", [(0, 1, 2), (1, 2)])
@pytest.mark.parametrize("refine", [False, True])
def test_haar_keeps_count_of_the_rows(axes, refine):
    adjoint, step = adjoint_on(2, 9), HaarStep(axes, refine)
    pulled = step.transpose(adjoint, ROW_BY_ROW)
    assert pulled.reached == ReachedRows.of(pulled.position)


@pytest.mark.parametrize("scratch_bytes", [1, 30_000])
def test_rows_left_out_change_nothing(scratch_bytes):
    """The state goes back, the adjoint and the gradients are those of a walk over all rows."""
    how, step, own = Arithmetic(scratch_bytes=scratch_bytes), LeapfrogStep(0.5), parameters()
    state, adjoint = fields(), adjoint_on(4)
    outcomes = []
    for rows in (adjoint.reached, reached(*range(ROWS))):
        own_copy = State(*(field.clone() for field in state))
        given = Adjoint(adjoint.position.clone(), adjoint.velocity.clone(), rows)
        found = step.backward(own_copy, given, own, how, wanted=True)
        outcomes.append([*found.state, *found.adjoint[:2], *found.gradients])
    for some, every in zip(*outcomes, strict=True):
        torch.testing.assert_close(some, every, rtol=0, atol=0)


@pytest.mark.parametrize("mode", ["reversible", "exact", "checkpoint(1)", "store"])
def test_only_slabs_that_are_reached_are_pulled_back(make_net, run_in, mode, monkeypatch):
    """With one label on row 4, three layers reach rows 4, 2 to 6, 0 to 8."""
    net = run_in(make_net(path=((0, 3, 4),), width=8, dtype=torch.float32), mode, scratch_bytes=1)
    where = torch.zeros(1, ROWS, 4, 4, dtype=torch.bool)
    where[0, 4, 2, 2] = True
    lows, weighted = [], SymmetricLayer.weighted
    monkeypatch.setattr(
        SymmetricLayer,
        "weighted",
        lambda self, g, post, reach: lows.append(reach.low) or weighted(self, g, post, reach),
    )
    net(torch.randn(1, net.config.in_channels, ROWS, 4, 4), where).square().sum().backward()
    assert 0 < len(lows) < 3 * ROWS // 2
    assert max(lows) <= 8


def test_a_loss_without_labels_has_gradients_of_zero(make_net):
    net = make_net(path=((0, 2, 4),), dtype=torch.float32)
    where = torch.zeros(1, 4, 4, 4, dtype=torch.bool)
    net(torch.randn(1, net.config.in_channels, 4, 4, 4), where).sum().backward()
    assert all(bool((p.grad == 0).all()) for p in net.parameters())
