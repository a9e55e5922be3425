"""Where the window's jobs can compute: here, or on clusters that the user named."""

from __future__ import annotations

from napari_hyperseg.errors import JobError
from napari_hyperseg.jobs.cluster import missing_packages
from napari_hyperseg.jobs.cluster.address import Address
from napari_hyperseg.jobs.spec import ClusterInput
from napari_hyperseg.project.preferences import CLUSTERS, COMPUTE_ON, prefer, preferred_texts

HERE = ""  # in place of an address


def clusters_can_be_used() -> bool:
    """Whether what clusters need is installed."""
    return not missing_packages()


def known_clusters() -> list[str]:
    """Addresses of schedulers that the user named."""
    return preferred_texts(CLUSTERS)


def know_clusters(text: str) -> None:
    """Remember addresses, one a line; see `reason_against`."""
    prefer(CLUSTERS, list(dict.fromkeys(_lines(text))))


def chosen_place() -> str:
    """The address that was chosen last, if it is still known; else here."""
    said = preferred_texts(COMPUTE_ON)
    return said[0] if said and said[0] in known_clusters() else HERE


def choose_place(address: str) -> None:
    """Remember where to compute."""
    prefer(COMPUTE_ON, [address] if address else [])


def cluster_at(address: str) -> ClusterInput | None:
    """The cluster at an address, as a job names it; None: here."""
    return None if address == HERE else ClusterInput(address=address)


def reason_against(text: str) -> str:
    """Why addresses, one a line, cannot be used; empty if they can."""
    try:
        for address in _lines(text):
            Address.parse(address).check(clear=False)
    except JobError as error:
        return str(error)
    return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
