import json
import subprocess
import sys

import pytest
import torch
from torch.nn.functional import cross_entropy

from benchmarks.net_cases import LAYERED, MODES, Case, flat
from benchmarks.net_grid import F3, LEVELS, memory_cases
from benchmarks.net_process import Contest
from benchmarks.net_report import report
from benchmarks.net_worker import Worker

SIZE = 16


def gradients(contest):
    cross_entropy(contest.net(contest.data, contest.where), contest.targets).backward()
    return [p.grad.norm().item() for p in contest.net.parameters()]


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:TypedStorage", "ignore::UserWarning")
@pytest.mark.parametrize("mode", LAYERED)
def test_others_compute_the_same_network(mode):
    if mode == "memcnn":
        pytest.importorskip("memcnn", exc_type=ImportError)
    ours = Contest(Case("levels", "reversible", LEVELS, SIZE), SIZE)
    theirs = Contest(Case("levels", mode, LEVELS, SIZE), SIZE)
    theirs.data, theirs.targets = ours.data, ours.targets
    with torch.no_grad():
        assert torch.allclose(ours.net(ours.data), theirs.net(theirs.data), atol=1e-4)
    assert sorted(gradients(theirs)) == pytest.approx(sorted(gradients(ours)), rel=1e-3, abs=1e-6)
    error = theirs.net.reconstruction_error(theirs.data)
    assert (error is not None and 0 < error < 1e-4) if mode == "memcnn" else error is None


def test_a_case_survives_its_way_to_the_process():
    case = next(memory_cases("cpu", quick=True))
    assert Case.from_json(case.to_json()) == case


def test_operations_are_eight_convolutions_a_layer():
    case = Case("wide", "reversible", flat(3, hidden=16), 10, channels=64)
    assert case.flops == 3 * 8 * (2 * 27 * 16 * 64 * 10**3)
    assert Case("wide", "store", flat(3, hidden=16), 10, channels=64).flops == case.flops * 6 / 8


def test_f3_has_the_states_and_kernels_of_the_paper():
    case = Case("F3", "reversible", F3, 248, channels=12)
    kernels = sum(27 * s.layers * s.hidden * case.config.channels(s.level) for s in F3)
    assert case.config.layers == 30
    assert 3 * case.state_bytes / 1e9 == pytest.approx(2.19, abs=0.01)
    assert 4 * kernels / 1e9 == pytest.approx(0.23, abs=0.005)


def test_what_does_not_fit_is_not_tried():
    row = Worker(Case("large", "autograd", flat(1000), 4096), "benchmarks.net_memory").close()
    assert "GB are available" in row["skipped"]
    assert row["layers"] == 1000


def test_table_names_what_was_not_measured(capsys):
    case = Case("one level", "iunets", flat(2), 24)
    measured = {**case.describe(), "mode": "reversible", "peak_states": 4.5, "peak_bytes": 2e9}
    report([measured, {**case.describe(), "skipped": "one level only"}], as_json=False)
    shown = capsys.readouterr().out
    assert "4.5" in shown
    assert "2.00" in shown
    assert "iunets, 2 layers, 24^3: one level only" in shown


def run(root, name, *arguments):
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_memory_of_tiny_cases(root, tmp_path):
    pytest.importorskip("matplotlib")
    figure = tmp_path / "memory.png"
    only = ["--only", "exact", "iunets"]
    done = run(root, "net_memory", "--quick", "--json", "--plot", str(figure), *only)
    rows = json.loads(done.stdout)["rows"]
    measured = [row for row in rows if "skipped" not in row]
    assert {row["case"] for row in measured} == {"one level", "three levels"}
    for row in measured:
        assert row["peak_states"] > row["inference_peak_states"] > 2
        assert row["reconstruction_error"] < 1e-4
        assert row["reconstruction_error"] == 0 or row["mode"] != "exact"
        assert row["seconds_per_step"] > 0
    skipped = [row["skipped"] for row in rows if "skipped" in row]
    assert any("iunets" in reason for reason in skipped)  # no single level, or not installed
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_speed_of_tiny_cases(root):
    done = run(root, "net_speed", "--quick", "--json", "--only", "reversible", "autograd")
    rows = json.loads(done.stdout)["rows"]
    assert all("skipped" not in row for row in rows)
    assert {row["mode"] for row in rows} == {"reversible", "autograd"} <= set(MODES)
    assert all(row["ratio_to_autograd"] == 1 for row in rows if row["mode"] == "autograd")
    assert all(row["steps"] >= 3 for row in rows)
    wide = [row for row in rows if row["case"] == "64 channels"]
    assert all(row["share_of_best_conv"] > 0 for row in wide)


@pytest.mark.slow
def test_slabs_of_a_small_volume(root):
    done = run(root, "net_slabs", "--json", "--size", "48", "--processes", "1", "2", "--steps", "1")
    rows = json.loads(done.stdout)["rows"]
    assert [row["processes"] for row in rows] == [1, 2, 1, 2]
    for one, two in zip(rows[::2], rows[1::2], strict=True):
        assert (one["rows"], two["rows"]) == ("48", "24/24")
        assert two["peak_bytes"] > 0
        assert two["seconds_per_step"] > 0


@pytest.mark.slow
def test_more_slabs_than_a_volume_can_be_cut_into_are_one_line(root):
    done = run(root, "net_slabs", "--size", "16", "--processes", "9")
    assert done.returncode == 2
    assert "16 rows cannot be cut into 9 slabs" in done.stderr.splitlines()[-1]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.slow
def test_a_missing_gpu_is_one_line(root):
    done = run(root, "net_memory", "--quick", "--device", "cuda")
    assert done.returncode == 2
    assert "No CUDA device" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
