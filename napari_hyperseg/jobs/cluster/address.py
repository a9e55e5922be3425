"""Where the scheduler of a cluster listens, and whether one may talk to it in the clear.

Who reaches a scheduler can run programs on all of its workers, so others than this computer
are talked to by TLS, unless the user says otherwise.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from napari_hyperseg.errors import JobError

DEFAULT_PORT = 8786
TLS, CLEAR = "tls", "tcp"


@dataclass(frozen=True)
class Address:
    """Where a scheduler listens.

    Parameters
    ----------
    protocol : {"tls", "tcp"}
    host : str
        Name, or number without brackets.
    port : int
        0, for who listens: any that is free.
    """

    protocol: str
    host: str
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}"

    @classmethod
    def parse(cls, said: str) -> Address:
        """Read ``HOST``, ``HOST:PORT`` or ``tls://HOST:PORT``.

        Without a protocol it is TLS, except on this computer.

        Raises
        ------
        JobError
            If it is no such address.
        """
        try:
            parts = urlsplit(said if "//" in said else f"//{said}")
            port = DEFAULT_PORT if parts.port is None else parts.port
        except ValueError as error:
            raise JobError(f"{said!r} is no address of a cluster: {_ASK}") from error
        beside = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        if not parts.hostname or beside or parts.scheme not in ("", TLS, CLEAR):
            raise JobError(f"{said!r} is no address of a cluster: {_ASK}")
        address = cls(parts.scheme or TLS, parts.hostname, port)
        return address if parts.scheme or not address.here else replace(address, protocol=CLEAR)

    @property
    def here(self) -> bool:
        """Whether only this computer can be meant: the loopback interface."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def secure(self) -> bool:
        """Whether it is talked to by TLS."""
        return self.protocol == TLS

    def check(self, *, clear: bool) -> None:
        """Make sure that nothing crosses a network in the clear unasked.

        Parameters
        ----------
        clear : bool
            Whether the user wants it.

        Raises
        ------
        JobError
            If it would.
        """
        if not (self.secure or self.here or clear):
            raise JobError(
                f"{self} is on another machine and in the clear: whoever can listen or connect "
                f"there can run programs on its workers. Use {replace(self, protocol=TLS)} "
                "('hyperseg certificates' makes what it needs), or add --no-tls."
            )


def host_of(address: str) -> str:
    """Return the host of an address as Dask writes it."""
    return Address.parse(address).host


_ASK = "write HOST:PORT, or tls://HOST:PORT."
