"""Damaged files by the thousand: a survey that says what the file says, or one clear line.

What is opened is compared with a reader of a dozen lines, which believes every byte.
"""

from __future__ import annotations

import resource
import struct
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from segy_making import N_SAMPLES, address, grid_positions

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.survey.segy.opening import describe_segy, open_survey
from napari_hyperseg.survey.segy.reading import Reading

POSITIONS = grid_positions([2, 4, 6, 8], [5, 8, 11])
TRACE = 240 + 4 * N_SAMPLES
FILES = 2000
SLOWEST_S, LARGEST_KIB = 10.0, 1 << 20  # KiB of memory: 1 GiB
TYPES = {2: "i", 3: "h", 5: "f", 6: "d", 8: "b", 9: "q", 10: "I", 11: "H", 12: "Q", 16: "B"}

binary_fields = st.sampled_from(
    [3217, 3221, 3225, 3255, 3269, 3273, 3501, 3505, 3507, 3513, 3521, 3529]
)
trace_fields = st.sampled_from([1, 5, 9, 13, 17, 21, 29, 37, 71, 73, 109, 115, 117, 181, 189, 193])
odd_numbers = st.sampled_from(
    [b"\0", b"\1", b"\2", b"\5", b"\6", b"\x08", b"\x10", b"\x7f", b"\x80", b"\xff"]
)


@st.composite
def damage(draw):
    """Places and bytes to overwrite, a length to cut to, and bytes to add."""
    patches = []
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            at = draw(binary_fields) - 1 + draw(st.integers(0, 1))
        else:
            trace = draw(st.integers(0, len(POSITIONS) - 1))
            at = 3600 + TRACE * trace + draw(trace_fields) - 1 + draw(st.integers(0, 3))
        patches.append((at, draw(st.binary(min_size=1, max_size=4) | odd_numbers)))
    keep = draw(st.none() | st.integers(0, 3600 + TRACE * len(POSITIONS)))
    more = draw(st.just(b"") | st.binary(max_size=9) | st.just(bytes(3200)) | st.just(bytes(TRACE)))
    return patches, keep, more


def damaged(original: bytes, patches, keep, more) -> bytes:
    content = bytearray(original)
    for at, written in patches:
        content[at : at + len(written)] = written
    return bytes(content[:keep] + more)


def believed(content: bytes, survey):
    """Position and samples of every trace, read as they stand in the file."""
    source = survey.source
    order = ">" if source.endian == "big" else "<"
    kind = order + TYPES[source.format_code]
    n_samples, layout = layout_of(content, order)
    size = struct.calcsize(kind) * n_samples
    first, blocks = layout
    while first + 240 * blocks + size <= len(content):
        header = content[first : first + 240 * blocks]
        lines = [struct.unpack_from(order + "i", header, b - 1)[0] for b in source.reading.lines]
        samples = np.frombuffer(content, kind, n_samples, first + 240 * blocks)
        yield tuple(lines), struct.unpack_from(order + "h", header, 28)[0], samples
        first += 240 * blocks + size


def layout_of(content: bytes, order: str):
    def say(byte, kind):
        return struct.unpack_from(order + kind, content, byte - 1)[0]

    modern = content[3500] >= 2
    n_samples = (say(3269, "i") if modern else 0) or say(3221, "H")
    first = (say(3521, "Q") if modern else 0) or 3600 + 3200 * say(3505, "h")
    return n_samples, (first, 1 + (say(3507, "h") if modern else 0))


def check(content: bytes, survey):
    """The first live trace at a position is what the survey shows there."""
    shown, geometry = set(), survey.geometry
    if 0 in survey.source.reading.lines or survey.source.index.shifts is not None:
        return False
    if survey.source.format_code not in TYPES or struct.unpack_from(">h", content, 3504)[0] < 0:
        return False
    traces = list(believed(content, survey))
    every_dead = all(kind == 2 for _, kind, _ in traces)
    for lines, kind, samples in traces:
        if lines in shown or (kind == 2 and not every_dead):
            continue
        shown.add(lines)
        i, j = geometry.inline_index(lines[0]), geometry.crossline_index(lines[1])
        assert np.array_equal(survey.volume[i, j], samples.astype(survey.volume.dtype), True)
    live = np.argwhere(geometry.live_mask)
    assert {(geometry.inlines[i], geometry.crosslines[j]) for i, j in live} == shown
    return True


@pytest.mark.slow
def test_damaged_files_are_read_as_they_stand_or_refused(make_segy, tmp_path):
    traces = [address(*at) for at in POSITIONS]
    original = make_segy(POSITIONS, traces=traces).read_bytes()
    path = tmp_path / "damaged.sgy"
    opened: list[bool] = []
    refused: set[str] = set()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @settings(
        max_examples=FILES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(damage=damage(), lines=st.sampled_from([None, (189, 193), (9, 21), (5, 1)]))
    def try_one(damage, lines):
        content = damaged(original, *damage)
        path.write_bytes(content)
        began = time.monotonic()
        for reader in (describe_segy, open_survey):
            try:
                found = reader(path, Reading(lines))
            except SurveyError as error:
                refused.add(str(error))
            else:
                if reader is open_survey:
                    opened.append(check(content, found))
        assert time.monotonic() - began < SLOWEST_S

    try_one()
    assert len(opened) > FILES / 20
    assert sum(opened) > FILES / 40
    assert len({message[:60] for message in refused}) > 10
    assert not any("\n" in message for message in refused)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < LARGEST_KIB
