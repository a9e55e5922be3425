"""Units, sign and undefined values of a horizon's z, judged against a survey."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.errors import HorizonError
from napari_hyperseg.survey.geometry import Geometry

Unit = Literal["ms", "s", "m", "ft"]
KINDS: dict[str, tuple[Unit, ...]] = {"time": ("ms", "s"), "depth": ("m", "ft")}
SIZES: dict[str, float] = {"ms": 1.0, "s": 1000.0, "m": 1.0, "ft": 0.3048}  # in ms and in m
UNDEFINED_FROM = 1e29  # OpendTect, CPS-3 and ZMAP+ write 1e30, IESX 3.4e38
ALWAYS_UNDEFINED = (9999900.0,)  # IRAP
PERHAPS_UNDEFINED = (-999.25, -999.0, 9999.9, -9999.0, -9999.9, -99999.0)
FITS_AS_WELL = 0.95


@dataclass(frozen=True)
class VerticalScale:
    """What a file's z counts.

    Parameters
    ----------
    unit : {"ms", "s", "m", "ft"}
        Unit of the file's numbers.
    sign : {1, -1}
        -1 where the file counts upwards.
    warnings : tuple of str
        What else they might be.
    """

    unit: Unit
    sign: int = 1
    warnings: tuple[str, ...] = ()

    def to_survey(self, z: NDArray[np.float64], geometry: Geometry) -> NDArray[np.float64]:
        """Give z in the survey's vertical unit, downwards."""
        return z * (self.sign * SIZES[self.unit] / SIZES[geometry.vertical_unit])


def kind_of(unit: str) -> str:
    """Give "time" or "depth"."""
    return unit if unit in KINDS else next(k for k, units in KINDS.items() if unit in units)


def judge_scale(
    path: Path, z: NDArray[np.float64], geometry: Geometry, stated: str | None, sign: int | None
) -> VerticalScale:
    """Choose unit and sign so that z lies in the survey's vertical range.

    Parameters
    ----------
    path : Path
        For messages.
    z : ndarray
        Values of the file; NaN counts for nothing.
    geometry : Geometry
        The survey.
    stated : str or None
        Unit or kind, by the caller or the header.
    sign : {1, -1} or None
        By the caller; None: judged.

    Raises
    ------
    HorizonError
        If the file holds depths and the survey times, or the other way round.
    """
    survey_unit = geometry.vertical_unit
    if stated is not None and kind_of(stated) != geometry.domain:
        raise HorizonError(
            f"{path.name} is in {stated}, the survey in {survey_unit}. "
            f"Choose a horizon in {kind_of(survey_unit)}, or say that its unit is {survey_unit}."
        )
    units = [unit for unit in KINDS[geometry.domain] if stated in (unit, geometry.domain, None)]
    units.sort(key=lambda unit: unit != survey_unit)
    trials = [VerticalScale(u, s) for s in ((sign,) if sign else (1, -1)) for u in units]
    shares = [in_range(trial.to_survey(z, geometry), geometry) for trial in trials]
    best = int(np.argmax(shares))
    rivals = [n for n in range(len(trials)) if shares[n] > FITS_AS_WELL * shares[best] > 0]
    return _with_warnings(trials, best, rivals, shares[best], geometry, sign)


def _with_warnings(
    trials: list[VerticalScale],
    best: int,
    rivals: list[int],
    share: float,
    geometry: Geometry,
    sign: int | None,
) -> VerticalScale:
    chosen, notes = trials[best], []
    other = next((trials[n].unit for n in rivals if trials[n].unit != chosen.unit), None)
    if other:
        notes.append(f"The unit could be {other} as well; {chosen.unit} is taken.")
    if any(trials[n].unit == chosen.unit and trials[n].sign != chosen.sign for n in rivals):
        notes.append("The values could count upwards as well; downwards is taken.")
    if chosen.sign < 0 and sign is None:
        notes.append("The values count upwards; their sign is turned.")
    if share < 0.5:
        low, high = vertical_range(geometry)
        notes.append(
            f"Only {share:.0%} of the values lie in the survey's {low:g}-{high:g} "
            f"{geometry.vertical_unit}. Check the unit."
        )
    return VerticalScale(chosen.unit, chosen.sign, tuple(notes))


def vertical_range(geometry: Geometry) -> tuple[float, float]:
    """Give the first and last sample of the survey, in its vertical unit."""
    extent = (geometry.n_samples - 1) * geometry.sample_interval_ms
    return geometry.start_ms, geometry.start_ms + extent


def in_range(z: NDArray[np.float64], geometry: Geometry) -> float:
    """Give the share of the defined values that lie within a sample of the survey's range."""
    low, high = vertical_range(geometry)
    margin = geometry.sample_interval_ms
    defined = z[np.isfinite(z)]
    inside = (defined >= low - margin) & (defined <= high + margin)
    return float(inside.mean()) if defined.size else 0.0


def blank_undefined(
    z: NDArray[np.float64], stated: tuple[float, ...]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Put NaN where z is undefined.

    Numbers such as -999.25 count as undefined only outside the range of all others: among
    negative depths -999 is a depth, and stays, with a warning.
    """
    z = np.where(np.isfinite(z) & (np.abs(z) < UNDEFINED_FROM), z, np.nan)
    for value in (*ALWAYS_UNDEFINED, *stated):
        z[_equals(z, value)] = np.nan
    suspects = [(value, _equals(z, value)) for value in PERHAPS_UNDEFINED]
    suspects = [(value, where) for value, where in suspects if where.any()]
    others = z[np.isfinite(z) & ~np.logical_or.reduce([w for _, w in suspects] or [z != z])]
    notes = []
    for value, where in suspects:
        if others.size and others.min() < value < others.max():
            notes.append(f"{value:g} lies among the other values and counts as one of them.")
        else:
            z[where] = np.nan
    return z, tuple(notes)


def _equals(z: NDArray[np.float64], value: float) -> NDArray[np.bool_]:
    return np.abs(z - value) <= 1e-6 * max(abs(value), 1.0)
