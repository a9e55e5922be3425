"""Who is talked to, and whether that may be in the clear."""

from __future__ import annotations

import pytest

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("node7", "tls://node7:8786"),
        ("node7:9000", "tls://node7:9000"),
        ("10.0.0.5:9000", "tls://10.0.0.5:9000"),
        ("tls://node7", "tls://node7:8786"),
        ("tcp://node7:1", "tcp://node7:1"),
        ("localhost", "tcp://localhost:8786"),
        ("127.0.0.1:0", "tcp://127.0.0.1:0"),
        ("tls://127.0.0.1:5", "tls://127.0.0.1:5"),
        ("[::1]:8786", "tcp://[::1]:8786"),
        ("[fe80::1]", "tls://[fe80::1]:8786"),
    ],
)
def test_an_address_is_read_as_it_is_meant(said, meant):
    assert str(Address.parse(said)) == meant
    assert Address.parse(meant) == Address.parse(said)


@pytest.mark.parametrize(
    "said", ["", ":8786", "http://node7", "node7:eighty", "node7:99999", "a/b", "me@node7"]
)
def test_what_is_no_address_is_refused_in_one_line(said):
    with pytest.raises(JobError, match=r"is no address of a cluster: write HOST:PORT"):
        Address.parse(said)


@pytest.mark.parametrize("said", ["tls://node7", "tcp://localhost", "tcp://127.0.0.9", "node7"])
def test_nothing_crosses_a_network_in_the_clear(said):
    Address.parse(said).check(clear=False)


def test_another_machine_in_the_clear_is_refused_unless_wanted():
    address = Address.parse("tcp://node7")
    with pytest.raises(JobError, match=r"Use tls://node7:8786 .* or add --no-tls"):
        address.check(clear=False)
    address.check(clear=True)
