"""The slabs of a layer in order, and the rows beside other processes, which wait for theirs."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from napari_hyperseg.net.arithmetic import Arithmetic
from napari_hyperseg.net.convolution import HALF, ROWS
from napari_hyperseg.net.seam import HALO, Seam
from napari_hyperseg.net.slabs import Reach, Slab, slabs
from napari_hyperseg.net.symmetric import SymmetricLayer


def walk(position: Tensor, layer: SymmetricLayer) -> Iterator[tuple[Reach, Slab, Slab]]:
    """Slabs in order: what each reads, the rows of it not read before, and the rows then done.

    A slab reads one row beyond itself, and adds to one row beyond itself: its last row is
    done when the next slab is.  Rows that are `held` are left out of both.
    """
    batch, rows = position.shape[0], position.shape[ROWS]
    height = layer.how.height(layer.rank, position.shape[1:])
    first, last = _but_for(HALF, position, layer.how)
    begin, end = _but_for(HALO, position, layer.how)
    if first == last:
        return
    for samples, pieces in slabs(batch, last - first, height):
        seen = done = begin
        for piece in pieces:
            slab = Slab(samples, first + piece.start, first + piece.stop)
            reach = slab.reach(rows)
            now_seen = max(seen, min(reach.high, end))
            complete = rows if slab.stop == rows else slab.stop - HALF
            now_done = max(done, min(complete, end))
            yield reach, Slab(samples, seen, now_seen), Slab(samples, done, now_done)
            seen, done = now_seen, now_done


def seams(field: Tensor, how: Arithmetic) -> list[Seam]:
    """Where the rows of a field meet those of other processes."""
    if how.subdomain is None:
        return []
    sides = {False: how.subdomain.below, True: how.subdomain.above}
    return [Seam(field.shape[ROWS], above) for above, there in sides.items() if there]


def held(field: Tensor, how: Arithmetic) -> list[Slab]:
    """Rows that the hidden rows of seams add to, each once: read first, and done last."""
    result, stop = [], 0
    for seam in seams(field, how):
        result.append(Slab(slice(None), max(seam.start, stop), seam.start + HALO))
        stop = HALO
    return result


def _but_for(margin: int, field: Tensor, how: Arithmetic) -> tuple[int, int]:
    """The rows that are further from other processes' than a margin: first, and after the last."""
    rows, subdomain = field.shape[ROWS], how.subdomain
    if subdomain is None:
        return 0, rows
    return margin * subdomain.below, rows - margin * subdomain.above
