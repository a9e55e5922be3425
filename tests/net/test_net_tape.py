"""What is kept between the passes, mode by mode."""

import pytest
import torch

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.haar_step import HaarStep
from napari_hyperseg.net.leapfrog import LeapfrogStep
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.reached import ReachedRows
from napari_hyperseg.net.reading import lift
from napari_hyperseg.net.state import Adjoint, State
from napari_hyperseg.net.storage import Floats
from napari_hyperseg.net.tape import tape_for

STEPS = [LeapfrogStep(0.5), HaarStep((0, 1)), *[LeapfrogStep(0.5)] * 3, HaarStep((0, 1), True)]


def forward(mode):
    """Run the steps; return the tape, the parameters, the state before every step."""
    torch.manual_seed(0)
    tape, how = tape_for(mode, STEPS), Arithmetic()
    state = lift(torch.randn(2, 3, 4, 6, dtype=torch.float64), 4, Floats())
    before, parameters = [], []
    for index, step in enumerate(STEPS):
        before.append(State(*(field.clone() for field in state)))
        kernel = torch.randn(2, state.position.shape[1], 3, 3, dtype=torch.float64) / 4
        parameters.append((kernel, torch.randn(2).double()) if step.n_parameters else ())
        state = tape.forward(index, state, parameters[-1], how)
    return tape, parameters, before, state


def equal(found, wanted):
    """Compare two states exactly."""
    return all(map(torch.equal, found, wanted))


@pytest.mark.parametrize(
    "mode", [Mode("reversible"), Mode("exact"), Mode("checkpoint", 4)], ids=str
)
def test_nothing_is_kept_where_all_is_recomputed(mode):
    tape, *_ = forward(mode)
    assert tape.kept == []
    assert tape.rewinds


@pytest.mark.parametrize(("interval", "copied"), [(1, [2, 3, 4]), (2, [3]), (3, [4])])
def test_copies_stand_before_every_so_many_layers(interval, copied):
    """Haar steps do not count; the first layer needs no copy, as the data are at hand."""
    tape, _, before, _ = forward(Mode("checkpoint", interval))
    pairs = list(zip(tape.kept[::2], tape.kept[1::2], strict=True))
    assert len(pairs) == len(copied)
    assert all(equal(pair, before[index]) for pair, index in zip(pairs, copied, strict=True))


def test_storing_keeps_the_position_before_every_layer_and_what_is_hidden():
    tape, parameters, before, _ = forward(Mode("store"))
    assert not tape.rewinds
    layers = [0, 2, 3, 4]
    for index, position, hidden in zip(layers, tape.kept[::2], tape.kept[1::2], strict=True):
        assert torch.equal(position, before[index].position)
        wanted = torch.conv2d(position, *parameters[index], padding=1).relu()
        torch.testing.assert_close(hidden, wanted)


def backward(tape, parameters, state):
    """Walk back; return the first state, the adjoint, the gradients of every step."""
    fields = (torch.ones_like(field) for field in state)
    adjoint = Adjoint(*fields, ReachedRows((True,) * state.position.shape[2]))
    gradients = []
    for index in reversed(range(len(STEPS))):
        pullback = tape.backward(index, state, adjoint, parameters[index], Arithmetic(), True)
        state, adjoint = pullback.state, pullback.adjoint
        gradients.append(pullback.gradients)
    return state, adjoint, gradients[::-1]


def test_all_modes_walk_back_to_the_same_gradients():
    outcomes = []
    for mode in (Mode("reversible"), Mode("checkpoint", 1), Mode("checkpoint", 2), Mode("store")):
        tape, parameters, _, state = forward(mode)
        _, adjoint, gradients = backward(tape, parameters, state)
        outcomes.append([*adjoint[:2], *(g for step in gradients for g in step)])
    for outcome in outcomes[1:]:
        for found, wanted in zip(outcome, outcomes[0], strict=True):
            torch.testing.assert_close(found, wanted)


def test_a_copy_takes_the_place_of_a_spoilt_state_and_tells_how_far_it_was():
    tape, parameters, before, state = forward(Mode("checkpoint", 2))
    spoilt = State(*(field + 0.1 * torch.randn_like(field) for field in state))
    backward(tape, parameters, state)
    assert max(tape.errors) < 1e-12
    tape.errors.clear()
    first, *_ = backward(tape, parameters, spoilt)
    assert 1e-2 < max(tape.errors) < 1
    torch.testing.assert_close(first, before[0])
    assert equal(tape.kept, before[3])  # good for another pass
