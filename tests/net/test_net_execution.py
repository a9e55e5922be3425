"""How a network is run: what is asked for reaches the steps."""

import pytest
import torch

from napari_hyperseg.net.execution import Execution
from napari_hyperseg.net.grid import Grid
from napari_hyperseg.net.modes import Mode
from napari_hyperseg.net.storage import Floats

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


def test_a_mode_may_be_text():
    assert Execution("checkpoint(2)").mode == Mode("checkpoint", 2)
    assert Execution(Mode("store")) == Execution("store")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mode": "quick"}, "Mode 'quick' is unknown"),
        ({"precision": "int8"}, "Precision 'int8' is unknown. Choose one of float32, tf32, bf16"),
        ({"grid_step": 0.0}, r"grid step of 0\.0 is no power of two"),
        ({"grid_step": 0.3}, r"grid step of 0\.3 is no power of two"),
        ({"grid_step": -0.5}, "no power of two"),
        ({"scratch_bytes": 0}, "0 bytes of scratch are too few"),
        ({"scratch_bytes": -1}, "-1 bytes of scratch are too few"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Execution(**fields)


def test_states_are_on_a_grid_in_exact_mode_alone():
    execution = Execution("exact", grid_step=0.5)
    assert execution.arithmetic(Mode("exact"), CPU).storage == Grid(0.5)
    assert execution.arithmetic(Mode("checkpoint", 3), CPU).storage == Floats()


@pytest.mark.parametrize(
    ("precision", "dtype"),
    [("float32", None), ("tf32", None), ("bf16", torch.bfloat16), ("fp16", torch.float16)],
)
def test_precision_of_the_convolutions(precision, dtype):
    how = Execution(precision=precision).arithmetic(Mode(), CPU)
    assert how.convolution_dtype == dtype
    assert how.tf32 == (precision == "tf32")


def test_autocast_goes_before_the_precision():
    execution = Execution(precision="fp16")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert execution.arithmetic(Mode(), CPU).convolution_dtype == torch.bfloat16
    assert execution.arithmetic(Mode(), CPU).convolution_dtype == torch.float16


def test_scratch_is_what_is_asked_for_or_what_suits_the_device():
    assert Execution(scratch_bytes=123).arithmetic(Mode(), CPU).scratch_bytes == 123
    usual = [Execution().arithmetic(Mode(), device).scratch_bytes for device in (CPU, CUDA)]
    assert 2**20 < usual[0] < usual[1]


def test_autocast_is_off_within_and_on_again_after():
    how = Execution().arithmetic(Mode(), CPU)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with how.switches():
            assert not torch.is_autocast_enabled("cpu")
        assert torch.is_autocast_enabled("cpu")
