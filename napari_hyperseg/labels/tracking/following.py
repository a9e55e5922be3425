"""Following a horizon from picks onwards, some traces at a time, with a memory of its waveform.

Each lane looks some traces ahead for the least-cost path around where the dip so far leads,
goes the first few traces of it, takes their waveforms into its memory, and looks again.  A pick
takes the lane to where it is.  Where other paths stay nearly as likely, or waveforms unlike the
memory, the lane stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from napari_hyperseg.labels.tracking.events import Event, snap_in
from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.paths import certainty, least_cost_paths
from napari_hyperseg.labels.tracking.traces import Lanes
from napari_hyperseg.labels.tracking.waveforms import correlations, cut, unit, vertex

LOOK = 16  # traces ahead
STEP = 6  # traces gone at a time
MEMORY = 16.0  # traces after which two thirds of the memory are new
OF_THE_PICK = 0.2  # share of the waveform at the pick in what is compared with
STEEPEST = 3.0  # samples a trace
DIP_FADES = 0.8  # a dip is trusted so far
PATIENCE = 12  # traces in a row that may be weak
TOGETHER = 3  # lanes whose correlations are averaged
LIKE = 0.6  # correlation from which on waveforms count as alike
AT_THE_PICK = 3.0  # samples in which the event of a pick is looked for
_FIRST_LOOK = 8  # traces from which the first dip is taken
_DIPS = np.arange(-STEEPEST, STEEPEST + 0.01, 0.25)
_DIP_COST = 0.045  # of a sample a trace, in units of correlation: flat is likelier

Grid = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tracked:
    """Positions along lanes.

    Parameters
    ----------
    samples : ndarray of float, shape (n_lanes, n_traces)
        NaN where nothing was tracked.
    quality : ndarray of float, same shape
        How sure a trace is, 0 to 1: what `certainty` says of its path, less where its waveform
        is unlike what was compared with; 0 where nothing was tracked.
    """

    samples: Grid
    quality: Grid


def follow(lanes: Lanes, picks: Grid, options: TrackingOptions) -> Tracked:
    """Follow a horizon from its picks towards the end of the lanes.

    Parameters
    ----------
    lanes : Lanes
    picks : ndarray of float, shape (n_lanes, n_traces)
        Samples; NaN where there is no pick.
    options : TrackingOptions
    """
    follower = _Follower(lanes, picks, options)
    for first in range(0, lanes.n_traces, STEP):
        follower.advance(first, min(first + STEP, lanes.n_traces))
    follower.arrive()
    return Tracked(follower.samples, follower.quality)


class _Follower:
    """Lanes on their way: where each has got to, and what it remembers."""

    def __init__(self, lanes: Lanes, picks: Grid, options: TrackingOptions) -> None:
        n, width = len(picks), 2 * options.window + 1
        self._lanes, self._picks, self._options = lanes, picks, options
        self.samples, self.quality = picks.copy(), np.isfinite(picks).astype(float)
        self._at = np.full(n, -1)  # trace a lane has got to; -1: it is not going
        self._begun = np.zeros(n, int)
        self._weak = np.zeros(n, int)
        self._position, self._dip = np.zeros(n), np.zeros(n)  # of the event
        self._offset = np.zeros(n)  # of the picks from their event
        self._pick = np.zeros((n, width), np.float32)
        self._memory = np.zeros((n, width), np.float32)
        self._half = options.search + options.window + 1

    def advance(self, first: int, stop: int) -> None:
        """Take all lanes through some traces; picks among them begin anew."""
        picked = np.isfinite(self._picks[:, first:stop])
        some = picked.any(axis=1)
        until = np.where(some, first + picked.argmax(axis=1), stop) - 1
        going = np.flatnonzero((self._at >= 0) & (until > self._at))
        if going.size:
            self._go(going, until[going])
        begun = np.flatnonzero(some)
        if begun.size:
            self._begin(begun, stop - 1 - picked[begun, ::-1].argmax(axis=1))

    def arrive(self) -> None:
        """Take lanes that begun among the last traces to the end."""
        last = self._lanes.n_traces - 1
        going = np.flatnonzero((self._at >= 0) & (self._at < last))
        if going.size:
            self._go(going, np.full(len(going), last))

    def _begin(self, lanes: Index, traces: Index) -> None:
        """Begin at picks: remember their waveforms."""
        picks = self._picks[lanes, traces]
        centres = np.rint(picks).astype(np.intp)
        pieces = self._lanes.windows(lanes, traces[:, None], centres[:, None], self._half)[:, 0]
        events = self._event_of(pieces, picks - centres + self._half) + centres - self._half
        waves = unit(cut(pieces, events - centres + self._half, self._options.window))
        self._at[lanes] = self._begun[lanes] = traces
        self._position[lanes], self._offset[lanes], self._weak[lanes] = events, picks - events, 0
        self._pick[lanes] = self._memory[lanes] = waves
        self._dip[lanes] = self._first_dip(lanes, traces, events, waves)

    def _event_of(self, pieces: NDArray[np.float32], at: Grid) -> Grid:
        """Return where the event of a pick is; the pick itself if there is none near it."""
        if self._options.event is Event.NONE:
            return at
        found = snap_in(pieces, at, self._options.event, AT_THE_PICK)
        return np.where(np.isfinite(found), found, at)

    def _first_dip(
        self, lanes: Index, traces: Index, events: Grid, waves: NDArray[np.float32]
    ) -> Grid:
        """Return the straight way, over the first traces, on which waveforms are most alike."""
        ahead = np.arange(1, _FIRST_LOOK + 1)
        reach = int(STEEPEST * _FIRST_LOOK)
        at = traces[:, None] + ahead
        inside = at < self._lanes.n_traces
        at = np.minimum(at, self._lanes.n_traces - 1)
        centres = np.broadcast_to(np.rint(events).astype(np.intp)[:, None], at.shape)
        pieces = self._lanes.windows(lanes, at, centres, reach + self._options.window)
        alike = correlations(pieces, waves) * inside[..., None]
        ways = np.rint(_DIPS[:, None] * ahead).astype(int) + reach
        scores = alike[:, np.arange(_FIRST_LOOK), ways].sum(axis=2)
        scores -= _DIP_COST * _FIRST_LOOK * np.abs(_DIPS)
        if len(lanes) > 1:
            scores = uniform_filter1d(scores, min(5, len(lanes)), axis=0, mode="nearest")
        return _DIPS[scores.argmax(axis=1)]

    def _go(self, lanes: Index, until: Index) -> None:
        """Go on to a trace each, along the best path that can be seen."""
        ahead = np.arange(1, LOOK + 1)
        traces = self._at[lanes, None] + ahead
        inside = traces < self._lanes.n_traces
        np.minimum(traces, self._lanes.n_traces - 1, out=traces)
        expected = self._position[lanes, None] + self._dip[lanes, None] * ahead
        centres = np.rint(expected).astype(np.intp)
        pieces = self._lanes.windows(lanes, traces, centres, self._half)
        known = unit(OF_THE_PICK * self._pick[lanes] + (1 - OF_THE_PICK) * self._memory[lanes])
        alike = correlations(pieces[..., 1:-1], known) * inside[..., None]
        together = alike
        if len(lanes) > 1:
            together = uniform_filter1d(alike, TOGETHER, axis=0, mode="nearest")
        path = least_cost_paths(-together, self._options.jump_cost)
        sure = certainty(-together, path, self._options.jump_cost, begin=self._options.search)
        lane, trace = np.nonzero((traces <= until[:, None]) & inside)
        piece, centre = pieces[lane, trace], centres[lane, trace] - self._half
        at = vertex(alike[lane, trace], path[lane, trace]) + 1 + self._options.window
        at = self._snapped(piece, at)
        waves = unit(cut(piece, at, self._options.window))
        like = np.einsum("nw,nw->n", waves, known[lane])
        good = sure[lane, trace] * np.clip(like / LIKE, 0, 1)
        found = _Found(lanes, lane, traces[lane, trace], at + centre, good, waves)
        self._note(found)
        self._learn(found, until)

    def _snapped(self, pieces: NDArray[np.float32], at: Grid) -> Grid:
        if self._options.event is Event.NONE:
            return at
        found = snap_in(pieces, at, self._options.event, self._options.snap_window)
        return np.where(np.isfinite(found), found, at)

    def _note(self, found: _Found) -> None:
        lanes = found.lanes[found.lane]
        self.samples[lanes, found.traces] = found.events + self._offset[lanes]
        self.quality[lanes, found.traces] = np.clip(found.good, 0, 1)

    def _learn(self, found: _Found, until: Index) -> None:
        """Take what was found into memory and dip; stop where it stays weak."""
        lanes, count = found.lanes, np.bincount(found.lane, minlength=len(found.lanes))
        mean = np.bincount(found.lane, found.good, minlength=len(lanes)) / count
        first = np.concatenate([[0], np.cumsum(count)[:-1]])
        waves = unit(np.add.reduceat(found.waves, first, axis=0))
        new = 1 - np.exp(-count / MEMORY)
        weak = mean < self._options.threshold
        share = np.where(weak, 0, new)[:, None].astype(np.float32)
        self._memory[lanes] = (1 - share) * self._memory[lanes] + share * waves
        last = found.events[np.cumsum(count) - 1]
        dip = DIP_FADES * (last - self._position[lanes]) / count
        turned = (1 - new) * self._dip[lanes] + new * dip
        self._dip[lanes] = np.clip(turned, -STEEPEST, STEEPEST)
        self._position[lanes], self._at[lanes] = last, until
        self._weak[lanes] = np.where(weak, self._weak[lanes] + count, 0)
        self._stop(lanes, until)

    def _stop(self, lanes: Index, until: Index) -> None:
        """End lanes that were weak for too long, and forget that part of them."""
        over = self._weak[lanes] > PATIENCE
        if self._options.reach is not None:
            over |= until - self._begun[lanes] >= self._options.reach
        for lane in lanes[over]:
            end = self._at[lane] + 1
            weak = slice(end - self._weak[lane], end)
            self.samples[lane, weak], self.quality[lane, weak] = np.nan, 0
            self._at[lane] = -1


@dataclass(frozen=True, eq=False)
class _Found:
    """What was found on some traces of some lanes.

    Parameters
    ----------
    lanes : ndarray of int, shape (n_lanes,)
    lane, traces : ndarray of int, shape (n,)
        Place in `lanes`, in ascending order, and trace.
    events, good : ndarray of float, shape (n,)
        Positions, and how sure they are.
    waves : ndarray of float32, shape (n, width)
    """

    lanes: Index
    lane: Index
    traces: Index
    events: Grid
    good: Grid
    waves: NDArray[np.float32]
