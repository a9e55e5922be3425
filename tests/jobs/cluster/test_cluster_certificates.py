"""Certificates let those in who have them, and nobody else."""

from __future__ import annotations

import os
import socket
import ssl
import threading

import pytest

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.cluster.certificates import FILES, make_certificates, security_for

ELSEWHERE = Address.parse("tls://node7")


def shake_hands(server_folder, client_folder):
    """Let a client with one folder meet a server with another; return what each said."""
    server = security_for(ELSEWHERE, server_folder, clear=False).get_listen_args("scheduler")
    client = security_for(ELSEWHERE, client_folder, clear=False).get_connection_args("client")
    ours, theirs = socket.socketpair()
    outcome = {}

    def serve():
        try:
            with server["ssl_context"].wrap_socket(theirs, server_side=True) as wrapped:
                outcome["heard"] = wrapped.recv(5)
        except ssl.SSLError as error:
            outcome["refused"] = error

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client["ssl_context"].wrap_socket(ours) as wrapped:
            wrapped.sendall(b"hello")
    except (ssl.SSLError, OSError) as error:
        outcome["gave up"] = error
    finally:
        ours.close()
        thread.join(20)
        theirs.close()
    return outcome


def test_those_with_the_same_folder_understand_each_other(certificates):
    assert shake_hands(certificates, certificates) == {"heard": b"hello"}


def test_those_with_another_folder_do_not(certificates, tmp_path):
    make_certificates(tmp_path / "other")
    assert "heard" not in shake_hands(certificates, tmp_path / "other")


@pytest.mark.skipif(os.name != "posix", reason="permissions are of another kind")
def test_only_their_owner_can_read_them(certificates):
    assert certificates.stat().st_mode & 0o077 == 0
    for name in FILES:
        assert (certificates / name).stat().st_mode & 0o077 == 0


def test_they_are_never_replaced(certificates):
    before = {name: (certificates / name).read_bytes() for name in FILES}
    with pytest.raises(JobError, match="exists already"):
        make_certificates(certificates)
    assert {name: (certificates / name).read_bytes() for name in FILES} == before


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match="cannot be written"):
        make_certificates(tmp_path / "file" / "folder")


def test_missing_certificates_are_one_line(tmp_path):
    with pytest.raises(JobError, match=r"authority.pem is missing.*hyperseg certificates"):
        security_for(ELSEWHERE, tmp_path, clear=False)


def test_damaged_certificates_are_one_line(certificates, tmp_path):
    for name in FILES:
        (tmp_path / name).write_bytes((certificates / name).read_bytes()[:100])
    with pytest.raises(JobError, match="cannot be used"):
        security_for(ELSEWHERE, tmp_path, clear=False)
