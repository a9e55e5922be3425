"""Rows of a field from the processes beside this one.

They are asked for before the rest of a layer is computed and awaited after it, in the
precision of the convolutions: what is sent is what would have been read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor, distributed

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.layout import empty
from napari_hyperseg.net.seam import HALO, Seam
from napari_hyperseg.net.storage import Storage
from napari_hyperseg.net.subdomain import Subdomain


class Halos:
    """The four rows around cuts, of which two are on their way.

    Parameters
    ----------
    how : Arithmetic
    wanted : sequence of (Seam, Tensor, Storage)
        Around which cut, of which field; the neighbour wants the same in the same order.
        The fields may be changed at once.
    """

    def __init__(self, how: Arithmetic, wanted: Sequence[tuple[Seam, Tensor, Storage]]) -> None:
        self._fields: dict[Seam, list[Tensor]] = {}
        self._late: list[tuple[Tensor, Tensor]] = []
        self._messages: list[Any] = []
        for seam, field, storage in wanted:
            assert how.subdomain is not None
            own = how.operand(storage.load(seam.of(field)))
            self._messages += self._begin(seam, own, how.subdomain)
        messages = self._messages
        self._works = distributed.batch_isend_irecv(messages) if messages else []

    def arrived(self) -> Iterator[tuple[Seam, list[Tensor]]]:
        """Wait; then give the four rows of every field wanted, cut by cut."""
        for work in self._works:
            work.wait()
        for target, received in self._late:
            target.copy_(received)
        self._works, self._late, self._messages = [], [], []
        for seam in list(self._fields):
            yield seam, self._fields.pop(seam)

    def _begin(self, seam: Seam, own: Tensor, subdomain: Subdomain) -> list[Any]:
        batch, channels, _, *plane = own.shape
        four = empty((batch, channels, 2 * HALO, *plane), own)
        seam.own(four).copy_(own)
        fields = self._fields.setdefault(seam, [])
        how = (subdomain.neighbour(seam.above), subdomain.group, len(fields))
        fields.append(four)
        sent, target = (_voxels(part).contiguous() for part in (seam.own(four), seam.others(four)))
        if target.data_ptr() != seam.others(four).data_ptr():
            self._late.append((_voxels(seam.others(four)), target))
        return [
            distributed.P2POp(distributed.isend, sent, *how),
            distributed.P2POp(distributed.irecv, target, *how),
        ]


def _voxels(field: Tensor) -> Tensor:
    """In the order of memory, so that the rows of a single sample are one piece of it."""
    return field.movedim(1, -1)
