"""One step at a time, on states whose velocity is not zero."""

import pytest
import torch
from plain_net import plain_haar, plain_layer

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.layout import channels_last
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.reached import ReachedRows
from napari_hyperseg.net.state import Adjoint, State

SHAPES = [(2, 4, 6, 4, 2), (1, 4, 4, 6)]
SCRATCHES = [1, 6000, 2**30]


@pytest.fixture(params=SHAPES, ids=str)
def state(request):
    """Any state."""
    torch.manual_seed(0)
    return random_state(request.param)


@pytest.fixture(params=SCRATCHES)
def how(request):
    """Room for one row, for some, for all."""
    return Arithmetic(scratch_bytes=request.param)


def random_state(shape):
    """Two fields in channels-last order."""
    order = channels_last(len(shape))
    fields = [torch.randn(shape, dtype=torch.float64) for _ in range(2)]
    return State(*(field.contiguous(memory_format=order) for field in fields))


def copy_of(state):
    """The same state in other memory."""
    return State(*(field.clone() for field in state))


def random_adjoint(state):
    """Reached everywhere."""
    fields = random_state(state.position.shape)
    return Adjoint(*fields, ReachedRows((True,) * state.position.shape[2]))


def make_parameters(state):
    """Make a kernel of rank three, and its bias."""
    shape = state.position.shape
    kernel = torch.randn(3, shape[1], *[3] * (len(shape) - 2), dtype=torch.float64) / 3
    return kernel, torch.randn(3, dtype=torch.float64)


def plain_step(state, parameters, step_size):
    """Return 2*current - previous + h^2 f(current), and how far that is from current."""
    current, previous = state.position, state.position - state.velocity
    acceleration = plain_layer(current, *parameters, "tanh")
    following = 2 * current - previous + step_size**2 * acceleration
    return State(following, following - current)


def check(found, wanted, **tolerance):
    """Compare two states."""
    for ours, theirs in zip(found, wanted, strict=True):
        torch.testing.assert_close(ours, theirs, **tolerance)


def test_leapfrog_is_the_three_term_scheme(state, how):
    step, parameters = LeapfrogStep(0.7, "tanh"), make_parameters(state)
    check(step.forward(copy_of(state), parameters, how), plain_step(state, parameters, 0.7))


def test_leapfrog_and_back(state, how):
    step, parameters = LeapfrogStep(0.7, "tanh"), make_parameters(state)
    moved = step.forward(copy_of(state), parameters, how)
    check(step.inverse(moved, parameters, how), state, rtol=0, atol=1e-13)


def test_leapfrog_writes_where_it_reads(state, how):
    step, parameters = LeapfrogStep(0.7, "tanh"), make_parameters(state)
    where = [field.data_ptr() for field in state]
    moved = step.forward(state, parameters, how)
    pullback = step.backward(moved, random_adjoint(state), parameters, how, wanted=True)
    assert [field.data_ptr() for field in pullback.state] == where


def test_leapfrog_backward_equals_autograd(state, how):
    """For an adjoint of both fields; the state goes back on the way."""
    step, parameters = LeapfrogStep(0.7, "tanh"), make_parameters(state)
    adjoint = random_adjoint(state)
    leaves = [leaf.clone().requires_grad_() for leaf in (*state, *parameters)]
    outcome = plain_step(State(*leaves[:2]), leaves[2:], 0.7)
    wanted = torch.autograd.grad(outcome, leaves, adjoint[:2])
    moved = step.forward(copy_of(state), parameters, how)
    found = step.backward(moved, adjoint, parameters, how, wanted=True)
    check(found.state, state, rtol=0, atol=1e-13)
    check((*found.adjoint[:2], *found.gradients), wanted)


def test_gradients_that_nobody_wants_are_left_out(state, how):
    step, parameters = LeapfrogStep(0.7, "tanh"), make_parameters(state)
    adjoint = random_adjoint(state)
    twin = Adjoint(*copy_of(adjoint[:2]), adjoint.reached)
    with_them = step.backward(copy_of(state), twin, parameters, how, wanted=True)
    without = step.backward(copy_of(state), adjoint, parameters, how, wanted=False)
    assert without.gradients == ()
    check(without.adjoint[:2], with_them.adjoint[:2], rtol=0, atol=0)


@pytest.mark.parametrize("refine", [False, True])
def test_haar_is_orthonormal_on_states_and_adjoints(state, how, refine):
    step = HaarStep((0, 1), refine)
    adjoint = random_adjoint(state)
    moved = step.forward(copy_of(state), (), how)
    if not refine:
        check(moved, [plain_haar(field, (0, 1)) for field in state])
    assert step.seen_before(moved).position.shape == state.position.shape
    pushed = step.forward(copy_of(adjoint[:2]), (), how)
    reached = ReachedRows((True,) * pushed.position.shape[2])
    pulled = step.backward(moved, Adjoint(*pushed, reached), (), how, wanted=True)
    check(pulled.state, state)
    check(pulled.adjoint[:2], adjoint[:2])
    assert pulled.adjoint.reached == adjoint.reached
    assert pulled.gradients == ()


def test_leapfrog_on_a_grid_goes_back_to_the_last_bit(state):
    how = Arithmetic(storage=Grid(), scratch_bytes=1)
    step = LeapfrogStep(0.7, "tanh")
    parameters = [parameter.float() for parameter in make_parameters(state)]
    stored = State(*(how.storage.store(field.float()) for field in state))
    moved = step.forward(copy_of(stored), parameters, how)
    assert not torch.equal(moved.velocity, stored.velocity)
    *fields, reached = random_adjoint(state)
    adjoint = Adjoint(*(field.float() for field in fields), reached)
    pulled = step.backward(copy_of(moved), adjoint, parameters, how, wanted=True)
    for back in (step.inverse(moved, parameters, how), pulled.state):
        assert all(map(torch.equal, back, stored))
