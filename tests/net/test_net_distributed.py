"""Two processes that share a batch find the gradients of one that has it all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from distributed_steps import STEPS, make_batch, make_net, train

SCRIPT = Path(__file__).with_name("distributed_steps.py")
SIZE = 2


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["reversible", "checkpoint(1)", "store"])
def test_gradients_are_those_of_the_joined_batch(mode, tmp_path):
    net = make_net(mode)
    wanted = train(net, make_batch(), list(net.parameters()))
    processes = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps([rank, SIZE, mode, str(tmp_path)])],
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(SIZE)
    ]
    errors = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * SIZE, errors
    for rank in range(SIZE):
        found = torch.load(tmp_path / f"{rank}.pt", weights_only=True)
        assert len(found) == len(wanted) == STEPS
        for ours, theirs in zip(found, wanted, strict=True):
            for gradient, reference in zip(ours, theirs, strict=True):
                assert reference.abs().max() > 0
                torch.testing.assert_close(gradient, reference)
