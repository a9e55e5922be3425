"""Processes that share a volume find the logits and gradients of one that has it all."""

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
import torch
from domain_steps import CASES, make_net, outcome

from napari_hyperseg.errors import DomainError
from napari_hyperseg.net.config import NetConfig
from napari_hyperseg.net.domain import cut
from napari_hyperseg.net.path import valley

SCRIPT = Path(__file__).with_name("domain_steps.py")


@pytest.fixture(scope="module", params=[2, 3], ids="{} processes".format)
def found(request, tmp_path_factory):
    """What each process of a group found in all cases."""
    size, folder = request.param, tmp_path_factory.mktemp("group")
    processes = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps([rank, size, str(folder)])],
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(size)
    ]
    errors = [process.communicate(timeout=300)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * size, errors
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(size)]


@lru_cache
def alone(name):
    """The outcome of a single process, and its gradients."""
    net = make_net(CASES[name])
    single = outcome(CASES[name], net)
    return single | {"of parameters": [p.grad for p in net.parameters()]}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_they_are_those_of_a_single_process(found, name):
    parts, single, rtol = [each["cases"][name] for each in found], alone(name), CASES[name].rtol
    for key in ("inferred", "logits", "of data"):
        joined = torch.cat([part[key] for part in parts], dim=1)
        assert joined.shape == single[key].shape
        assert off(joined, single[key]) < rtol, key
    for part in parts:
        for ours, theirs in zip(part["of parameters"], single["of parameters"], strict=True):
            assert off(ours, theirs) < rtol


def off(found, wanted):
    """Relative distance in the maximum norm."""
    assert wanted.abs().max() > 0
    return ((found - wanted).abs().max() / wanted.abs().max()).item()


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_all_know_the_same_error_and_go_on_in_the_same_mode(found, name):
    errors = [each["cases"][name]["error"] for each in found]
    assert len({repr(error) for error in errors}) == 1
    assert {each["cases"][name]["mode"] for each in found} == {alone(name)["mode"]}
    if CASES[name].mode == "exact":
        assert set(errors) == {0}  # taken back to the last bit, on either side of a cut


@pytest.mark.slow
def test_some_mode_changes(found):
    assert {each["cases"]["drifting"]["mode"] for each in found} == {"checkpoint(4)"}


@pytest.mark.slow
def test_each_holds_two_states_forward_and_four_backward_of_its_own_rows(found):
    for state, seen in (each["large"] for each in found):
        assert seen == [[state] * 2, [state] * 2]


@pytest.mark.slow
def test_slabs_that_do_not_fit_are_refused_by_all(found):
    told = [each["refusals"] for each in found]
    assert all(each == told[0] for each in told)
    odd, wide, small, mode, across = told[0]
    assert odd.startswith(f"Process 0 has 9 of {9 * len(told)} rows")
    assert wide.startswith("The size of spatial axis 2 is 5 on process 1, 4 on process 0")
    assert small.startswith(f"Process 0 has 4 of {4 * len(told)} rows")
    assert "mode" in mode
    assert "map axis" in across


CONFIG = NetConfig(1, 2, path=valley((1, 1, 1), (2, 2, 2)))


def test_rows_are_dealt_out_in_whole_cells_as_evenly_as_can_be():
    assert cut(CONFIG, 64, 2) == [(0, 32), (32, 64)]
    assert cut(CONFIG, 27, 3) == [(0, 8), (8, 16), (16, 27)]
    assert cut(CONFIG, 5, 1) == [(0, 5)]
    alone = NetConfig(1, 2, path=CONFIG.path, axes=(1, 2))
    assert cut(alone, 7, 3) == [(0, 2), (2, 4), (4, 7)]


def test_too_many_slabs_are_one_line():
    with pytest.raises(DomainError, match=r"^27 rows cannot be cut into 4 slabs.* at most 3 .*$"):
        cut(CONFIG, 27, 4)
