"""A model in one file: what is in it, and which files are refused."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import torch

from napari_hyperseg.errors import ModelError
from napari_hyperseg.labels.legend import Legend
from napari_hyperseg.learn.card import CARD, WEIGHTS
from napari_hyperseg.learn.model import Model, load_model
from napari_hyperseg.learn.model_file import LEGEND, NAME, read_model_file, write_model_file

Parts = dict[str, bytes]
CPU = torch.device("cpu")


@pytest.fixture
def model(make_model: Callable[..., Model], tmp_path: Path) -> Model:
    model = make_model(seed=1)
    model.sides = {"secret_survey": 4}
    model.step = 12
    model.save(tmp_path / "model")
    return model


@pytest.fixture
def file(model: Model, tmp_path: Path) -> Path:
    path = tmp_path / "model.zip"
    write_model_file(path, tmp_path / "model", "north", Legend.named(("Sand", "Clay", "Chalk")))
    return path


def parts_of(file: Path) -> Parts:
    with ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(path: Path, parts: Parts, method: int = ZIP_STORED) -> Path:
    with ZipFile(path, "w", method) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return path


def test_what_goes_in_comes_out(model: Model, file: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    found = read_model_file(file, tmp_path / "out")
    assert (found.name, found.legend.names) == ("north", ("Sand", "Clay", "Chalk"))
    out = load_model(tmp_path / "out", CPU)
    assert (out.step, out.net.config, out.encoding) == (12, model.net.config, model.encoding)
    pairs = zip(out.net.parameters(), model.net.parameters(), strict=True)
    assert all(torch.equal(*pair) for pair in pairs)


def test_only_what_is_the_models_own_is_in_it(file: Path, tmp_path: Path):
    assert sorted(parts_of(file)) == sorted((CARD, NAME, LEGEND, WEIGHTS))
    content = file.read_bytes()
    for private in (b"secret_survey", str(tmp_path).encode(), b"momentum"):
        assert private not in content
    again = tmp_path / "again.zip"
    write_model_file(again, tmp_path / "model", "north", Legend.named(("Sand", "Clay", "Chalk")))
    assert again.read_bytes() == content


def test_a_card_of_the_first_format_is_brought_up_to_date(model: Model, tmp_path: Path):
    folder = tmp_path / "model"
    card = json.loads((folder / CARD).read_text())
    path = card["network"].pop("path")
    assert path == [[0, 0, 4], [1, 1, 4], [0, 0, 4]]
    card["network"] |= {"layers": [0, 1], "hidden": [4, 4]}
    card = {"format": 1, **{key: card[key] for key in ("network", "encoding", "step")}}
    (folder / CARD).write_text(json.dumps(card))
    write_model_file(tmp_path / "old.zip", folder, "", Legend.default(3))
    found = read_model_file(tmp_path / "old.zip")
    assert found.card.network == model.net.config


def test_a_networks_weight_of_format_4_becomes_its_share(model: Model, tmp_path: Path):
    folder = tmp_path / "model"
    card = json.loads((folder / CARD).read_text())
    del card["balance"]
    (folder / CARD).write_text(json.dumps(card | {"format": 4, "gate": 0.25}))
    assert load_model(folder, CPU).balance == pytest.approx(0.2)
    write_model_file(tmp_path / "old.zip", folder, "", Legend.default(3))
    assert json.loads(parts_of(tmp_path / "old.zip")[CARD])["balance"] == pytest.approx(0.2)


def edited(name: str, change: Callable[[dict], object]) -> Callable[[Parts], Parts]:
    """A change of one of the JSON parts."""

    def edit(parts: Parts) -> Parts:
        content = json.loads(parts[name])
        change(content)
        return {**parts, name: json.dumps(content).encode()}

    return edit


def network(**fields: object) -> Callable[[Parts], Parts]:
    return edited(CARD, lambda card: card["network"].update(fields))


def encoding(**fields: object) -> Callable[[Parts], Parts]:
    return edited(CARD, lambda card: card["encoding"].update(fields))


def header(change: Callable[[dict], object]) -> Callable[[Parts], Parts]:
    """A change of the header of the weights."""

    def edit(parts: Parts) -> Parts:
        weights = parts[WEIGHTS]
        (length,) = struct.unpack("<Q", weights[:8])
        said = json.loads(weights[8 : 8 + length])
        change(said)
        new = json.dumps(said).encode()
        return {**parts, WEIGHTS: struct.pack("<Q", len(new)) + new + weights[8 + length :]}

    return edit


def instead(name: str, content: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {**parts, name: content}


def without(name: str) -> Callable[[Parts], Parts]:
    return lambda parts: {key: value for key, value in parts.items() if key != name}


BAD = {
    "an entry more": (instead("more.txt", b""), "nothing else"),
    "a program": (instead("run.py", b"print()"), "nothing else"),
    "a path out": (instead("../evil.json", b"{}"), "nothing else"),
    "an absolute path": (instead("/etc/evil", b"{}"), "nothing else"),
    "a folder": (instead("sub/", b""), "nothing else"),
    "no weights": (without(WEIGHTS), "nothing else"),
    "no card": (without(CARD), "nothing else"),
    "no legend": (without(LEGEND), "nothing else"),
    "no name": (without(NAME), "nothing else"),
    "a card that is no JSON": (instead(CARD, b"\x80\x04pickle"), "model.json"),
    "a card that is a list": (instead(CARD, b"[]"), "model.json"),
    "a card too large": (instead(CARD, b" " * 2**18 + b"{}"), "larger than"),
    "a card of lists in lists": (instead(CARD, b"[" * 100_000), "model.json"),
    "a later format": (edited(CARD, lambda card: card.update(format=6)), "format"),
    "an unknown field": (network(code="import os"), "code"),
    "a field less": (edited(CARD, lambda card: card.pop("step")), "step"),
    "a negative step": (edited(CARD, lambda card: card.update(step=-1)), "step"),
    "a balance beyond one": (edited(CARD, lambda card: card.update(balance=2)), "balance"),
    "one class": (network(n_classes=1), "n_classes"),
    "a class that is text": (network(n_classes="3"), "n_classes"),
    "other classes than the legend": (network(n_classes=4), "4 classes, its legend 3"),
    "a giant width": (network(width=10**9), "width"),
    "a giant rank": (network(path=[[0, 1, 10**6]]), "path"),
    "a giant network": (network(path=[[0, 4096, 4096]]), "too large"),
    "levels without end": (network(path=[[0, 1, 1]] * 65), "path"),
    "a path that jumps": (network(path=[[0, 1, 4], [2, 1, 4]]), "level"),
    "a path too deep": (network(path=[[n, 1, 4] for n in range(7)]), "too large"),
    "an unknown activation": (network(activation="__import__"), "activation"),
    "no time": (encoding(stop_ms=0.0), "spans no time"),
    "time without end": (encoding(stop_ms=1e300), "stop_ms"),
    "other channels": (encoding(octaves=3), "channels"),
    "a network that saw tracked boundaries": (encoding(prior_classes=2), "prior_classes"),
    "a legend that is a list": (instead(LEGEND, b"[]"), "legend.json"),
    "a legend without classes": (instead(LEGEND, b"{}"), "legend.json"),
    "a class without a colour": (edited(LEGEND, lambda x: x["classes"][0].pop("color")), "legend"),
    "a colour that is none": (edited(LEGEND, lambda x: x["classes"][0].update(color="x")), "x"),
    "two classes of one name": (
        edited(LEGEND, lambda x: x["classes"][0].update(name="Clay")), "same name"
    ),
    "a name of another program": (edited(NAME, lambda x: x.update(format="x")), "update"),
    "a name too long": (edited(NAME, lambda x: x.update(name="x" * 61)), "name"),
    "a name in two lines": (edited(NAME, lambda x: x.update(name="a\nb")), "name"),
    "a name that is a number": (edited(NAME, lambda x: x.update(name=3)), "name"),
    "weights that are a pickle": (instead(WEIGHTS, b"\x80\x04\x95" * 99), "no safetensors"),
    "weights that are empty": (instead(WEIGHTS, b""), "no safetensors"),
    "a header longer than the file": (
        instead(WEIGHTS, struct.pack("<Q", 2**62) + b"{}"), "no safetensors"
    ),
    "a header that is no JSON": (instead(WEIGHTS, struct.pack("<Q", 4) + b"abcd"), "header"),
    "a header that is a list": (instead(WEIGHTS, struct.pack("<Q", 2) + b"[]"), "header"),
    "a tensor less": (header(lambda said: said.pop("kernels.0")), "kernels.0 is missing"),
    "a tensor more": (header(lambda said: said.update(more=said["biases.0"])), "no part"),
    "another shape": (header(lambda said: said["biases.0"].update(shape=[2, 2])), "shape"),
    "another type": (header(lambda said: said["biases.0"].update(dtype="F64")), "float32"),
    "overlapping tensors": (
        header(lambda said: said["biases.0"].update(data_offsets=[16, 32])), "overlap"
    ),
    "offsets that are text": (
        header(lambda said: said["biases.0"].update(data_offsets=["0", "16"])), "no place"
    ),
    "weights cut off": (lambda parts: {**parts, WEIGHTS: parts[WEIGHTS][:-4]}, "cut off"),
    "more weights than the network": (
        lambda parts: {**parts, WEIGHTS: parts[WEIGHTS] + bytes(2**21)}, "larger than the network"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_not_right_is_refused_in_one_line(file: Path, tmp_path: Path, case: str):
    change, words = BAD[case]
    bad = packed(tmp_path / "bad.zip", change(parts_of(file)))
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError) as refused:
        read_model_file(bad, tmp_path / "out")
    message = str(refused.value)
    assert words in message
    assert message.startswith(str(bad))
    assert "\n" not in message
    assert len(message) < 400


def test_a_compressed_file_is_refused_before_anything_is_unpacked(file: Path, tmp_path: Path):
    bomb = packed(tmp_path / "bomb.zip", parts_of(file), ZIP_DEFLATED)
    with pytest.raises(ModelError, match="compressed"):
        read_model_file(bomb)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_twice_is_refused(file: Path, tmp_path: Path):
    twice = tmp_path / "twice.zip"
    twice.write_bytes(file.read_bytes())
    with ZipFile(twice, "a") as opened:
        opened.writestr(CARD, b"{}")
    with pytest.raises(ModelError, match="each once"):
        read_model_file(twice)


def test_sizes_beyond_the_file_are_refused(file: Path, tmp_path: Path):
    content = bytearray(file.read_bytes())
    entry = content.rindex(b"PK\x01\x02")  # the weights' entry of the central directory
    content[entry + 20 : entry + 28] = struct.pack("<LL", 2**31, 2**31)
    lying = tmp_path / "lying.zip"
    lying.write_bytes(content)
    with pytest.raises(ModelError, match=r"larger than|damaged"):
        read_model_file(lying)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04pickle", b"PK\x03\x04" + bytes(99)])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "no.zip"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="no zip file"):
        read_model_file(path)


def test_every_cut_and_every_flipped_byte_is_refused_or_harmless(file: Path, tmp_path: Path):
    content = file.read_bytes()
    bad = tmp_path / "bad.zip"
    (tmp_path / "out").mkdir()
    for length in range(0, len(content), 997):
        bad.write_bytes(content[:length])
        with pytest.raises(ModelError):
            read_model_file(bad, tmp_path / "out")
    for place in range(0, len(content), 61):
        bad.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        with suppress(ModelError):
            found = read_model_file(bad, tmp_path / "out")
            assert found.card.network.n_classes == 3


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    with pytest.raises(ModelError, match="no such file"):
        read_model_file(tmp_path / "absent.zip")
    with pytest.raises(ModelError):
        read_model_file(tmp_path)
