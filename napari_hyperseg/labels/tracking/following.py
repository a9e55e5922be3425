"""Following a horizon from picks onwards, some traces at a time, with a memory of its waveform.

Each lane looks some traces ahead for the least-cost path around where the dip so far leads,
goes the first few traces of it, takes their waveforms into its memory, and looks again.
A pick takes the lane to where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from napari_hyperseg.labels.tracking.events import Event, snap_in
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.paths import least_cost_paths
from napari_hyperseg.labels.tracking.traces import Lanes
from napari_hyperseg.labels.tracking.waveforms import correlations, cut, unit, vertex

LOOK = 16  # traces ahead
STEP = 6  # traces gone at a time
MEMORY = 16.0  # traces after which two thirds of the memory are new
OF_THE_PICK = 0.2  # share of the waveform at the pick in what is compared with
STEEPEST = 3.0  # samples a trace
SHRINK = 0.8
SNAP0 = 3.0
PATIENCE = 12  # traces in a row that may be weak
LANES = 3
CONSENSUS = 0

Grid = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tracked:
    """Positions along lanes.

    Parameters
    ----------
    samples : ndarray of float, shape (n_lanes, n_traces)
        NaN where nothing was tracked.
    quality : ndarray of float, same shape
        Correlation with what was compared with, 0 to 1; 0 where nothing was tracked.
    """

    samples: Grid
    quality: Grid


class Follower:
    """Lanes on their way."""

    def __init__(self, lanes: Lanes, picks: Grid, options: TrackingOptions) -> None:
        n = len(picks)
        width = 2 * options.window + 1
        self.lanes, self.picks, self.options = lanes, picks, options
        self.samples = picks.copy()
        self.quality = np.isfinite(picks).astype(float)
        self.at = np.full(n, -1)  # trace a lane has got to; -1: not begun
        self.position = np.zeros(n)
        self.dip = np.zeros(n)
        self.pick = np.zeros((n, width), np.float32)
        self.memory = np.zeros((n, width), np.float32)
        self.weak = np.zeros(n, int)
        self.offset = np.zeros(n)
        self.events = picks.copy()
        self.begun_at = np.zeros(n, int)
        self.half = options.search + options.window + 1

    def advance(self, front: int) -> None:
        """Take all lanes to a trace."""
        chunk = (
            self.picks[:, front - STEP + 1 : front + 1]
            if front >= STEP
            else self.picks[:, : front + 1]
        )
        base = max(front - STEP + 1, 0)
        picked = np.isfinite(chunk)
        anyp = picked.any(1)
        first = np.where(anyp, base + picked.argmax(1), front + 1)
        until = np.minimum(first - 1, front)
        going = np.flatnonzero((self.at >= 0) & (until > self.at))
        if going.size:
            self._go(going, until[going])
        found = np.flatnonzero(anyp)
        if found.size:
            last = base + picked.shape[1] - 1 - picked[found, ::-1].argmax(1)
            self._begin(found, last)

    def _begin(self, lanes, traces) -> None:
        p = self.picks[lanes, traces]
        self.at[lanes] = traces
        self.begun_at[lanes] = traces
        self.position[lanes] = p
        self.weak[lanes] = 0
        centres = np.rint(p).astype(np.intp)
        w = self.lanes.windows(lanes, traces[:, None], centres[:, None], self.half)[:, 0]
        if self.options.event is not Event.NONE:
            e = snap_in(w, p - centres + self.half, self.options.event, SNAP0) + centres - self.half
            self.offset[lanes] = np.where(np.isfinite(e), p - e, 0)
            p = p - self.offset[lanes]
            self.position[lanes] = p
            self.events[lanes, traces] = p
        ref = unit(cut(w, p - centres + self.half, self.options.window))
        self.pick[lanes] = ref
        self.memory[lanes] = ref
        self.dip[lanes] = self._first_dip(lanes, traces, p, ref)

    def _first_dip(self, lanes, traces, p, ref):
        L = 8
        reach = int(STEEPEST * L)
        tr = traces[:, None] + np.arange(1, L + 1)
        ok = tr < self.lanes.n_traces
        tr = np.minimum(tr, self.lanes.n_traces - 1)
        cen = np.broadcast_to(np.rint(p).astype(np.intp)[:, None], tr.shape)
        w = self.lanes.windows(lanes, tr, cen, reach + self.options.window)
        c = correlations(w, ref) * ok[..., None]
        dips = np.arange(-STEEPEST, STEEPEST + 0.01, 0.25)
        idx = np.rint(dips[:, None] * np.arange(1, L + 1)).astype(int) + reach
        sc = c[:, np.arange(L), idx].sum(2) - 0.15 * np.abs(dips) * L * 0.3
        if len(lanes) > 1:
            sc = uniform_filter1d(sc, min(5, len(lanes)), axis=0, mode="nearest")
        return dips[sc.argmax(1)]

    def _go(self, lanes, until) -> None:
        o = self.options
        ahead = np.arange(1, LOOK + 1)
        traces = self.at[lanes, None] + ahead
        inside = traces < self.lanes.n_traces
        np.minimum(traces, self.lanes.n_traces - 1, out=traces)
        centres = np.rint(self.position[lanes, None] + self.dip[lanes, None] * ahead).astype(
            np.intp
        )
        pieces = self.lanes.windows(lanes, traces, centres, self.half)
        ref = unit(OF_THE_PICK * self.pick[lanes] + (1 - OF_THE_PICK) * self.memory[lanes])
        alike = correlations(pieces[..., 1:-1], ref) * inside[..., None]
        shared = (
            uniform_filter1d(alike, LANES, axis=0, mode="nearest")
            if len(lanes) > 1 and LANES > 1
            else alike
        )
        path = least_cost_paths(-shared, o.jump_cost)
        n = int((until - self.at[lanes]).max())
        a, b = np.nonzero(traces[:, :n] <= until[:, None])
        path = path[a, b]
        piece = pieces[a, b]
        at = vertex(alike[a, b], path) + 1 + o.window
        if o.event is not Event.NONE:
            snapped = snap_in(piece, at, o.event, o.snap_window)
            at = np.where(np.isfinite(snapped), snapped, at)
        waves = unit(cut(piece, at, o.window))
        good = np.einsum("nw,nw->n", waves, ref[a])
        pos = at + centres[a, b] - self.half
        self.samples[lanes[a], traces[a, b]] = pos + self.offset[lanes[a]]
        self.events[lanes[a], traces[a, b]] = pos
        self.quality[lanes[a], traces[a, b]] = np.clip(good, 0, 1)
        # state
        count = np.bincount(a, minlength=len(lanes))
        mean = np.bincount(a, good, minlength=len(lanes)) / count
        summed = np.add.reduceat(waves, np.concatenate([[0], np.cumsum(count)[:-1]]), axis=0)
        new = 1 - np.exp(-count / MEMORY)
        weak = mean < o.threshold
        lr = np.where(weak, 0, new)[:, None].astype("f4")
        self.memory[lanes] = (1 - lr) * self.memory[lanes] + lr * unit(summed)
        lastpos = pos[np.cumsum(count) - 1]
        if CONSENSUS and len(lanes) > 4:
            from scipy.ndimage import median_filter

            m = median_filter(lastpos, CONSENSUS, mode="nearest")
            lastpos = np.where(np.abs(lastpos - m) > 2, m, lastpos)
        dip = (lastpos - self.position[lanes]) / count
        self.dip[lanes] = np.clip(
            (1 - new) * self.dip[lanes] + new * dip * SHRINK, -STEEPEST, STEEPEST
        )
        self.position[lanes] = lastpos
        self.at[lanes] = until
        self.weak[lanes] = np.where(weak, self.weak[lanes] + count, 0)
        stop = self.weak[lanes] > PATIENCE
        if o.reach is not None:
            stop |= until - self.begun_at[lanes] >= o.reach
        for lane in lanes[stop]:
            end = self.at[lane] + 1
            f = end - self.weak[lane]
            self.samples[lane, f:end] = np.nan
            self.quality[lane, f:end] = 0
            self.at[lane] = -1


def follow(lanes: Lanes, picks: Grid, options: TrackingOptions) -> Tracked:
    """Follow horizons from picks towards the end of the lanes."""
    f = Follower(lanes, picks, options)
    for front in range(STEP - 1, lanes.n_traces + STEP - 1, STEP):
        f.advance(min(front, lanes.n_traces - 1)) if front < lanes.n_traces else f.advance2(
            lanes.n_traces - 1
        ) if 0 else f.advance(min(front, lanes.n_traces - 1))
    r = Tracked(f.samples, f.quality)
    object.__setattr__(r, "events", f.events)
    return r
