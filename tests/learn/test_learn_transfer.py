"""A new model that begins with the weights of another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.model import Model
from napari_hyperseg.learn.transfer import transferred
from napari_hyperseg.net.hyperbolic import HyperbolicNet, NetConfig
from napari_hyperseg.survey.geometry import Geometry

SHAPE = (4, 8, 8)


def at(start_ms: float, stop_ms: float) -> Geometry:
    """A survey at these times."""
    lines = 1 + np.arange(9)
    interval = (stop_ms - start_ms) / 100
    return Geometry(lines, lines, 101, start_ms, interval)


def made(n_classes: int, *, width: int = 0, path=((0, 1, 4), (1, 2, 4), (0, 1, 4))):
    """A model with weights that matter."""
    torch.manual_seed(3)
    encoding = InputEncoding(0.0, 400.0, octaves=2)
    least = 4 * -(-max(8, encoding.n_channels, n_classes) // 4)
    config = NetConfig(encoding.n_channels, n_classes, width=width or least, path=path)
    return Model(HyperbolicNet(config), encoding, step=7, balance=0.5, sides={"made": 4})


def data(encoding: InputEncoding) -> torch.Tensor:
    """Inputs."""
    shape = (1, encoding.n_channels, *SHAPE)
    return torch.from_numpy(np.random.default_rng(0).normal(size=shape).astype(np.float32))


def test_the_same_classes_take_the_whole_network_over():
    source, told = made(3), []
    new = transferred(source, 3, [at(0, 400)], told.append)
    assert told == []
    assert (new.step, new.balance, new.sides) == (0, 0.0, {"made": 4})
    assert new.encoding == source.encoding
    assert torch.equal(new.net(data(source.encoding)), source.net(data(source.encoding)))


@pytest.mark.parametrize(("before", "after"), [(3, 5), (3, 11), (2, 30)])
def test_added_classes_leave_the_others_exactly_as_they_were(before: int, after: int):
    source, told = made(before), []
    new = transferred(source, after, [at(0, 400)], told.append)
    assert (new.n_classes, new.net.config.n_classes) == (after, after)
    assert f"Classes 1 to {before} begin" in told[0]
    logits = new.net(data(new.encoding))[:, :before]
    assert torch.allclose(logits, source.net(data(source.encoding)), atol=1e-5)


def test_a_class_beyond_the_channels_can_learn():
    new = transferred(made(3), 30, [at(0, 400)], lambda line: None)
    new.net(data(new.encoding))[:, 9:].square().sum().backward()
    last = new.net.kernels[-1].grad
    assert last is not None
    assert last[:, 9:30].abs().amax(dim=(0, 2, 3, 4)).min() > 0


def test_fewer_classes_keep_what_is_known_of_the_rest():
    source, told = made(5), []
    new = transferred(source, 3, [at(0, 400)], told.append)
    assert "4 to 5 are left out" in told[0]
    inputs = data(new.encoding)
    assert torch.equal(new.net(inputs), source.net(inputs)[:, :3])


def test_a_finer_output_than_the_input_is_refused_in_one_line():
    source = made(3, width=32, path=((0, 1, 4), (-1, 1, 4)))
    with pytest.raises(ModelError, match=r"3 classes, not 2.*Train a new model\.$"):
        transferred(source, 2, [at(0, 400)], lambda line: None)


@pytest.mark.parametrize(("start", "stop", "kept"), [
    (0, 400, True), (0, 200, True), (100, 500, True), (-200, 600, True), (0, 800, True),
    (0, 900, False), (380, 800, False), (1000, 1400, False), (-500, -100, False),
])  # fmt: skip
def test_times_mean_the_same_unless_the_survey_lies_elsewhere(start: int, stop: int, kept: bool):
    source, told = made(3), []
    new = transferred(source, 3, [at(start, stop)], told.append)
    if kept:
        assert (new.encoding, told) == (source.encoding, [])
        return
    assert f"{start} to {stop}" in told[0]
    # A millisecond counts as much as before, from the top of the survey.
    times = np.linspace(0, 400, SHAPE[-1])
    one = np.ones(SHAPE, np.float32)
    found = new.encoding.encode(one, 1.0, times + start)
    assert np.allclose(found, source.encoding.encode(one, 1.0, times), atol=1e-4)


def test_a_network_that_sees_no_times_does_not_mind_where_the_survey_lies():
    source, told = made(3), []
    source.encoding = replace(source.encoding, times=False)
    assert transferred(source, 3, [at(1000, 1400)], told.append).encoding == source.encoding
    assert told == []


def test_the_source_stays_as_it_was():
    source = made(3)
    before = replace(source)
    weights = [kernel.clone() for kernel in source.net.kernels]
    transferred(source, 6, [at(2000, 2400)], lambda line: None)
    assert source == before
    assert all(torch.equal(*pair) for pair in zip(weights, source.net.kernels, strict=True))
