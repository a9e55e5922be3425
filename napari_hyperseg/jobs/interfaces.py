"""Which network interface the processes of a team talk on."""

from __future__ import annotations

import os

import psutil

LOOPBACK = "127.0.0.1"
_CHOSEN_BY = ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME")


def stay_on(host: str) -> None:
    """Let torch.distributed listen on the interface of an address alone; the user's word counts.

    Parameters
    ----------
    host : str
        An address of this computer, as a number.
    """
    name = interface_of(host)
    if name is not None:
        for variable in _CHOSEN_BY:
            os.environ.setdefault(variable, name)


def interface_of(host: str) -> str | None:
    """Name of the interface that has an address; None if none has."""
    for name, addresses in psutil.net_if_addrs().items():
        if any(address.address == host for address in addresses):
            return name
    return None
