"""The laws of the reversible chain, in float64."""

import pytest
import torch

from napari_hyperseg.net.reversible import invert, reversible_apply
from napari_hyperseg.net.steps import HaarStep, LeapfrogStep, State

CONFIGS = {
    "3d": ({}, (8, 4, 12)),
    "3d relu": ({"activation": "relu"}, (4, 8, 4)),
    "an axis left alone": ({"axes": (1, 2)}, (3, 4, 8)),
    "2d": ({"dimensions": 2, "axes": (0, 1)}, (8, 12)),
}


@pytest.fixture(params=CONFIGS, ids=str)
def chain(request, make_net):
    """Steps, parameters and a state whose two halves differ."""
    fields, spatial = CONFIGS[request.param]
    net = make_net(**fields)
    shape = (2, net.config.width, *spatial)
    state = State(*(torch.randn(shape, dtype=torch.float64) for _ in range(2)))
    return net.steps, state, [p.detach().requires_grad_() for p in net._chain_parameters()]


def plain(steps, state, parameters):
    """Run the chain by ordinary autograd."""
    remaining = list(parameters)
    for step in steps:
        own = tuple(remaining.pop(0) for _ in range(step.n_parameters))
        if isinstance(step, HaarStep):
            state = step.forward(state)
        else:
            state = plain_leapfrog(step, state, *own)
    return state


def plain_leapfrog(step, state, kernel, bias):
    """Write the leapfrog update with nothing of the package in it."""
    sigma = {"tanh": torch.tanh, "relu": torch.relu}[step.activation]
    three = state.current.ndim == 5
    apply, back = (
        (torch.nn.functional.conv3d, torch.nn.functional.conv_transpose3d)
        if three
        else (torch.nn.functional.conv2d, torch.nn.functional.conv_transpose2d)
    )
    f = -back(sigma(apply(state.current, kernel, bias, padding=1)), kernel, padding=1)
    following = 2 * state.current - state.previous + step.step_size**2 * f
    return State(state.current, following)


def weigh(state):
    """Turn both states into one number that depends on every value differently."""
    random = torch.Generator().manual_seed(7)
    weights = [torch.randn(t.shape, dtype=t.dtype, generator=random) for t in state]
    return sum((t * w).sum() + t.pow(2).sum() for t, w in zip(state, weights, strict=True))


def test_forward_equals_plain_autograd(chain):
    steps, state, parameters = chain
    for ours, theirs in zip(
        reversible_apply(steps, state, parameters), plain(steps, state, parameters), strict=True
    ):
        torch.testing.assert_close(ours, theirs)


def test_inverse_recovers_both_states(chain):
    steps, state, parameters = chain
    recovered = invert(steps, reversible_apply(steps, state, parameters), parameters)
    torch.testing.assert_close(recovered.previous, state.previous, rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(recovered.current, state.current, rtol=1e-11, atol=1e-11)


def test_gradients_equal_autograd_for_every_parameter_and_both_states(chain):
    steps, state, parameters = chain
    leaves = [*(t.requires_grad_() for t in state), *parameters]
    expected = torch.autograd.grad(weigh(plain(steps, State(*leaves[:2]), parameters)), leaves)
    found = torch.autograd.grad(
        weigh(reversible_apply(steps, State(*leaves[:2]), parameters)), leaves
    )
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-10)
        assert theirs.abs().max() > 0


def test_gradients_reach_one_state_alone(chain):
    """A loss on the current state only leaves no adjoint for the other one to start from."""
    steps, state, parameters = chain
    out = reversible_apply(steps, State(state.previous.requires_grad_(), state.current), parameters)
    (found,) = torch.autograd.grad(out.current.pow(2).sum(), state.previous)
    out = plain(steps, state, parameters)
    (expected,) = torch.autograd.grad(out.current.pow(2).sum(), state.previous)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-10)


def test_dot_product_of_the_linearised_chain_and_its_adjoint(chain):
    """<J v, w> = <v, J^T w>, with J v by a central difference."""
    steps, state, parameters = chain
    v = State(*(torch.randn_like(t) for t in state))
    w = State(*(torch.randn_like(t) for t in state))
    leaves = State(*(t.clone().requires_grad_() for t in state))
    out = reversible_apply(steps, leaves, parameters)
    pulled = torch.autograd.grad(sum((a * b).sum() for a, b in zip(out, w, strict=True)), leaves)
    h = 1e-6
    ahead, behind = (
        reversible_apply(
            steps, State(*(t + sign * h * d for t, d in zip(state, v, strict=True))), parameters
        )
        for sign in (1, -1)
    )
    left = sum(((a - b) / (2 * h) * c).sum() for a, b, c in zip(ahead, behind, w, strict=True))
    right = sum((a * b).sum() for a, b in zip(v, pulled, strict=True))
    torch.testing.assert_close(left, right, rtol=1e-6, atol=1e-6)


def test_taylor_remainder_falls_with_the_square_of_the_step(make_net):
    net = make_net()
    state = State(*(torch.randn(1, 4, 8, 4, 4, dtype=torch.float64) for _ in range(2)))
    parameters = [p.detach().requires_grad_() for p in net._chain_parameters()]
    loss = weigh(reversible_apply(net.steps, state, parameters))
    gradient = torch.autograd.grad(loss, parameters)
    direction = [torch.randn_like(p) for p in parameters]
    slope = sum((g * d).sum() for g, d in zip(gradient, direction, strict=True))

    def remainder(h):
        moved = [p.detach() + h * d for p, d in zip(parameters, direction, strict=True)]
        return abs(weigh(reversible_apply(net.steps, state, moved)) - loss - h * slope).item()

    orders = [
        torch.log2(torch.tensor(remainder(h) / remainder(h / 2))).item()
        for h in (1e-2, 5e-3, 2.5e-3)
    ]
    assert orders == pytest.approx([2, 2, 2], abs=0.15)


def saved_bytes(depth):
    """Bytes that autograd keeps for a chain of `depth` layers, parameters left out."""
    torch.manual_seed(0)
    parameters = [
        p.requires_grad_()
        for _ in range(depth)
        for p in (torch.randn(3, 4, 3, 3, 3), torch.zeros(3))
    ]
    own = {p.data_ptr() for p in parameters}
    seen: dict[int, int] = {}

    def pack(tensor):
        if tensor.data_ptr() not in own:
            seen[tensor.data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    data = torch.randn(1, 4, 8, 8, 8, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        out = reversible_apply([LeapfrogStep(0.1)] * depth, State(data, data), parameters)
    assert out.current.grad_fn is not None
    return sum(seen.values()), data.untyped_storage().nbytes()


def test_saved_bytes_are_flat_over_depth():
    sizes = [saved_bytes(depth) for depth in (4, 16, 64)]
    assert len({total for total, _ in sizes}) == 1
    total, state = sizes[0]
    assert total == 2 * state


def test_backward_can_run_twice_with_the_graph_kept(chain):
    """The saved state is not overwritten."""
    steps, state, parameters = chain
    loss = weigh(reversible_apply(steps, state, parameters))
    first = torch.autograd.grad(loss, parameters, retain_graph=True)
    second = torch.autograd.grad(loss, parameters)
    for a, b in zip(first, second, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_inputs_are_left_as_they_are(chain):
    steps, state, parameters = chain
    before = [t.clone() for t in state]
    weigh(reversible_apply(steps, state, parameters)).backward()
    for now, then in zip(state, before, strict=True):
        torch.testing.assert_close(now.detach(), then, rtol=0, atol=0)


def test_a_chain_without_steps_hands_its_state_through():
    state = State(*(torch.randn(1, 2, 4, 4, 4, requires_grad=True) for _ in range(2)))
    out = reversible_apply([], state, [])
    (out.previous * 2 + out.current).sum().backward()
    assert torch.equal(state.previous.grad, torch.full_like(state.previous, 2.0))
