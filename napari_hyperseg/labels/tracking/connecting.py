"""Connecting picks along lanes: least-cost paths that pass through the picks at both ends."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from napari_hyperseg.labels.tracking.options import TrackingOptions
from napari_hyperseg.labels.tracking.traces import Lanes
from napari_hyperseg.labels.tracking.waveforms import (
    correlations,
    cut,
    energies,
    sums,
    unit,
    vertex,
)

STEEPEST = 2
A = 1.0
B = 1.0
BREAK = None
JC = 0.2
LANES = 3
REFLANES = 3
PW = None
TRACES = 0


def neighbours(picks):
    """Previous and next picked trace of each trace; -1 / n where none"""
    n = picks.shape[1]
    idx = np.arange(n)
    ok = np.isfinite(picks)
    prev = np.maximum.accumulate(np.where(ok, idx, -1), axis=1)
    nxt = np.minimum.accumulate(np.where(ok, idx, n)[:, ::-1], axis=1)[:, ::-1]
    return prev, nxt


def linear(picks):
    g = picks.copy()
    x = np.arange(picks.shape[1])
    for r in g:
        ok = np.isfinite(r)
        if ok.any():
            r[:] = np.interp(x, x[ok], r[ok])
    return g


def connect(lanes: Lanes, picks, guide, o: TrackingOptions, off=None):
    L, T = picks.shape
    off = off or 2 * o.search
    win = o.window
    pw = PW or win
    prev, nxt = neighbours(picks)
    inside = (prev >= 0) & (nxt < T)
    g = np.rint(guide).astype(int)
    half = off + STEEPEST + max(win, pw)
    lane = np.arange(L)
    W = lanes.windows(lane, np.broadcast_to(np.arange(T), (L, T)), g, half)
    # refs at picks
    l, t = np.nonzero(np.isfinite(picks))
    ref = np.zeros((L, T, 2 * win + 1), "f4")
    ref[l, t] = unit(cut(W[l, t], picks[l, t] - g[l, t] + half, win))
    if REFLANES > 1 and L > 1:
        sm = uniform_filter1d(ref, min(REFLANES, L), axis=0, mode="nearest")
        ref = unit(np.where(np.isfinite(picks)[..., None], sm, 0))
    c0 = half - off - win
    Wc = W[..., c0 : W.shape[2] - c0]
    pl = np.where(inside, prev, 0)
    nl = np.where(inside, nxt, 0)
    ra = ref[lane[:, None], pl]
    rb = ref[lane[:, None], nl]
    share = (np.arange(T) - pl) / np.maximum(nl - pl, 1)
    share = np.where(inside, share, 0).astype("f4")[..., None]
    c = (1 - share) * correlations(Wc, ra) + share * correlations(Wc, rb)
    ca = uniform_filter1d(c, LANES, axis=0, mode="nearest") if L > 1 and LANES > 1 else c
    if TRACES:
        ca = uniform_filter1d(ca, TRACES, axis=1, mode="nearest")
    # pairs
    J = STEEPEST
    N = 2 * off + 1
    c1 = half - off - J - pw
    P = W[..., c1 : W.shape[2] - c1]
    w = 2 * pw + 1
    E = energies(P, w)
    own = B * (1 - ca)
    picked = np.isfinite(picks)
    own[picked] = 1e6
    own[l, t, off] = 0
    cost = []
    for d in range(-J, J + 1):
        num = sums(P[:, :-1, J - d : P.shape[2] - J - d] * P[:, 1:, J : P.shape[2] - J], w)
        s = num / (E[:, :-1, J - d : J - d + N] * E[:, 1:, J : J + N])
        if LANES > 1 and L > 1:
            s = uniform_filter1d(s, LANES, axis=0, mode="nearest")
        cost.append(A * (1 - s) + JC * abs(d) + own[:, 1:])
    D = own[:, 0].copy()
    bp = np.empty((T - 1, L, N), "i2")
    ar = np.arange(N)
    for q in range(T - 1):
        Dp = np.pad(D, ((0, 0), (J, J)), constant_values=1e9)
        best = Dp[:, 2 * J : 2 * J + N] + cost[0][:, q]
        b = np.full((L, N), -J, "i2")  # d=-J -> from k+J
        for m in range(1, 2 * J + 1):
            d = m - J
            x = Dp[:, J - d : J - d + N] + cost[m][:, q]
            u = x < best
            best = np.where(u, x, best)
            b[u] = d
        if BREAK is not None:
            k0 = D.argmin(1)
            x = D[lane, k0][:, None] + BREAK + own[:, q + 1]
            u = x < best
            best = np.where(u, x, best)
            b = np.where(u, ar - k0[:, None], b)
        D = best
        bp[q] = b
    k = D.argmin(1)
    p = np.empty((L, T), int)
    for q in range(T - 1, 0, -1):
        p[:, q] = k
        k = k - bp[q - 1, lane, k]
    p[:, 0] = k
    at = vertex(ca, p)
    s = g + at - off
    qual = np.take_along_axis(c, p[..., None], 2)[..., 0]
    s = np.where(picked, picks, np.where(inside, s, np.nan))
    return s, np.where(picked, 1, np.where(inside, np.clip(qual, 0, 1), 0))
