"""States are changed in place: two forward, four backward, whatever the depth."""

import pytest
import torch
from allocations import NewTensors, kept_bytes, peak_bytes

from napari_hyperseg.net.hyperbolic import valley

pytestmark = pytest.mark.slow

SHAPE = (1, 2, 64, 16, 8)
WIDTH, RANK = 8, 4
STATE = 4 * WIDTH * 64 * 16 * 8
SMALL = STATE // 2  # the most that a slab of one row needs: six rows of sixteen


@pytest.fixture
def make_deep(make_net, run_in):
    """Build a network of so many layers on two levels, whose kernels are small."""

    def make(mode, layers=4, scratch_bytes=1, **fields):
        path = valley((layers // 4, layers // 2), (RANK, RANK))
        net = make_net(**{"dtype": torch.float32, "width": WIDTH, "path": path, **fields})
        return run_in(net, mode, scratch_bytes=scratch_bytes)

    return make


@pytest.mark.parametrize(
    ("mode", "copies"),
    [("reversible", 0), ("exact", 0), ("checkpoint(1)", 3)],
)
def test_nothing_but_states_and_adjoints_is_as_large_as_a_state(make_deep, mode, copies):
    net, data = make_deep(mode), torch.randn(SHAPE)
    gradient = torch.randn(1, 3, *SHAPE[2:])
    net(data)  # what is tried out once is not counted
    with NewTensors(SMALL) as new:
        logits = net(data)
        assert new.seen() == [STATE] * 2 * (1 + copies)
        logits.backward(gradient)
        assert new.seen() == [STATE] * 2


def test_inference_takes_two_states(make_deep):
    net, data = make_deep("reversible"), torch.randn(SHAPE)
    where = torch.zeros(1, *SHAPE[2:], dtype=torch.bool)
    where[0, ::7] = True
    with torch.no_grad(), NewTensors(SMALL) as new:
        net(data, where)
        assert new.seen() == [STATE] * 2


def test_storing_takes_a_position_and_a_hidden_tensor_a_layer(make_deep):
    net, data = make_deep("store", scratch_bytes=1000), torch.randn(SHAPE)
    gradient = torch.randn(1, 3, *SHAPE[2:])
    with NewTensors(STATE) as new:
        logits = net(data)
        assert new.seen() == [STATE] * 6  # the first position and velocity, one a layer
        logits.backward(gradient)
        assert new.seen() == [STATE] * 2


def test_kept_bytes_are_flat_over_depth(make_deep):
    for mode in ("reversible", "exact"):
        data = torch.randn(SHAPE)
        found = [kept_bytes(make_deep(mode, layers, None), data) for layers in (4, 8, 32)]
        assert found == [2 * STATE + 8] * 3  # and where the state stands


def test_kept_bytes_of_checkpoints_grow_with_their_number(make_deep):
    data = torch.randn(SHAPE)
    for layers, interval in ((4, 1), (4, 2), (8, 2), (8, 3), (8, 8), (8, 100)):
        copies = (layers - 1) // interval
        found = kept_bytes(make_deep(f"checkpoint({interval})", layers, None), data)
        assert found == 2 * STATE * (1 + copies) + 8


def test_kept_bytes_of_storing_grow_with_every_layer(make_deep):
    data = torch.randn(SHAPE)
    found = [kept_bytes(make_deep("store", layers, None), data) for layers in (4, 8)]
    hidden = STATE * RANK // WIDTH + STATE * RANK // (8 * WIDTH)
    assert found == [4 * STATE + 2 * hidden, 8 * STATE + 4 * hidden]


def test_marked_voxels_need_no_logits_elsewhere(make_deep):
    net, data = make_deep("reversible", n_classes=8), torch.randn(SHAPE)
    where = torch.zeros(1, *SHAPE[2:], dtype=torch.bool)
    where[0, 5] = True
    with NewTensors(SMALL) as new:
        logits = net(data, where)
        logits.square().sum().backward()
        assert new.seen() == [STATE] * 4


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "states"), [("reversible", 4), ("exact", 4), ("store", 5)])
def test_peak_of_a_training_step(make_net, run_in, mode, states):
    """As the allocator counts it, with what the convolutions take for themselves."""
    path = valley((1, 1), (2, 2))
    net = make_net(dtype=torch.float32, width=8, path=path, n_classes=1, in_channels=1)
    run_in(net, mode, scratch_bytes=1)
    data = torch.randn(1, 1, 40, 16, 16)
    peak = peak_bytes(lambda: net(data).square().sum().backward())
    state = 4 * 8 * 40 * 16 * 16
    assert states * state < peak < (states + 2) * state
