"""A real S3 server on the loopback interface, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import s3fs

# It ends when nobody holds its standard input any more.
_SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("http://%s:%d" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""
BUCKET = "surveys"


@dataclass(frozen=True)
class S3Server:
    """Where it listens.

    Parameters
    ----------
    endpoint : str
    """

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "key-of-a-test",
            "AWS_SECRET_ACCESS_KEY": "secret-of-a-test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def url(self, name: str) -> str:
        """A folder in the bucket."""
        return f"s3://{BUCKET}/{name}"

    def files(self) -> s3fs.S3FileSystem:
        """Its content, not by way of the code under test."""
        key, secret = "key-of-a-test", "secret-of-a-test"
        return s3fs.S3FileSystem(
            key=key, secret=secret, endpoint_url=self.endpoint, use_listings_cache=False
        )


@contextmanager
def s3_server(*, strict: bool = False) -> Iterator[S3Server]:
    """Run a server for the length of a block; a strict one knows nobody and lets nobody in."""
    rules = {"INITIAL_NO_AUTH_ACTION_COUNT": "0"} if strict else {}
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **rules},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        server = S3Server(process.stdout.readline().strip())
        if not strict:
            server.files().mkdir(BUCKET)
        yield server
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
