"""The seismic of a synthetic earth: wavelets and noise.

Owns the way from impedance to amplitude: each layer's reflections are band-limited by a
Ricker wavelet of the layer's own peak frequency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from napari_hyperseg.survey.synthetic_rock import (
    CHARACTERS,
    FINER,
    Rock,
    fill_inline,
)
from napari_hyperseg.survey.synthetic_structure import Structure


def make_amplitude(
    rng: np.random.Generator,
    structure: Structure,
    shape: tuple[int, int, int],
    interval_ms: float,
    noise: float,
) -> NDArray[np.float32]:
    """Seismic amplitude of a structure filled with `CHARACTERS`, top to bottom.

    Parameters
    ----------
    noise : float
        Root mean square of the noise over that of the signal.

    Returns
    -------
    ndarray of float32, shape `shape`
        Root mean square 1000.
    """
    rocks = [Rock.make(rng, character, shape) for character in CHARACTERS]
    levels = rng.uniform(0.5, 1.1, len(rocks)) * np.where(np.arange(len(rocks)) % 2, 1, -1)
    return Filling(structure, rocks, levels).amplitude(rng, shape, interval_ms, noise)


@dataclass(frozen=True, eq=False)
class Filling:
    """A structure and what its layers are filled with.

    Parameters
    ----------
    structure : Structure
    rocks : sequence of Rock
        From top to bottom.
    levels : ndarray of float
        Mean impedance of each.
    """

    structure: Structure
    rocks: Sequence[Rock]
    levels: NDArray[np.float64]

    def amplitude(
        self,
        rng: np.random.Generator,
        shape: tuple[int, int, int],
        interval_ms: float,
        noise: float,
    ) -> NDArray[np.float32]:
        """Seismic amplitude; see `make_amplitude`."""
        amplitude = np.empty(shape, np.float32)
        for row in range(shape[0]):
            layer, impedance = fill_inline(self.structure, self.rocks, self.levels, row, shape)
            peaks = [rock.peak_hz for rock in self.rocks]
            amplitude[row] = _seismic(layer, impedance, interval_ms / FINER, peaks)[:, ::FINER]
        amplitude = gaussian_filter(amplitude, (0.5, 0.5, 0.0))  # the width of a migrated point
        amplitude /= _rms(amplitude)
        amplitude += noise * _noise(rng, shape, interval_ms)
        return np.asarray(1000.0 * amplitude / _rms(amplitude), np.float32)


def _seismic(
    layer: NDArray[np.intp],
    impedance: NDArray[np.float32],
    interval_ms: float,
    peaks_hz: Sequence[float],
) -> NDArray[np.float32]:
    """Convolve each layer's reflectivity with its own wavelet (in the frequency domain)."""
    reflectivity = np.diff(impedance, axis=1, append=impedance[:, -1:])
    length = 2 * impedance.shape[1]  # room for the wavelet: no wrap-around
    frequency_hz = np.fft.rfftfreq(length, interval_ms / 1000.0)
    spectrum = np.zeros((len(impedance), len(frequency_hz)), np.complex128)
    for number, peak_hz in enumerate(peaks_hz):
        part = np.fft.rfft(np.where(layer == number, reflectivity, 0), length, axis=1)
        spectrum += part * ricker_spectrum(frequency_hz, peak_hz)
    return np.fft.irfft(spectrum, length, axis=1)[:, : impedance.shape[1]].astype(np.float32)


def ricker_spectrum(frequency_hz: NDArray[np.floating], peak_hz: float) -> NDArray[np.float64]:
    """Spectrum of the zero-phase Ricker wavelet of unit peak amplitude, up to the interval.

    ``(2 / sqrt(pi)) f^2 / p^3 exp(-f^2 / p^2)`` in seconds (Ricker, 1953).
    """
    ratio = (frequency_hz / peak_hz) ** 2
    return 2 / np.sqrt(np.pi) / peak_hz * ratio * np.exp(-ratio)


def _noise(
    rng: np.random.Generator, shape: tuple[int, int, int], interval_ms: float
) -> NDArray[np.float32]:
    """Noise in the band of the data, of unit variance, slightly alike on neighbouring traces."""
    white = gaussian_filter(rng.standard_normal(shape, dtype=np.float32), (0.6, 0.6, 0.0))
    frequency_hz = np.fft.rfftfreq(shape[2], interval_ms / 1000.0)
    band = np.sqrt(ricker_spectrum(frequency_hz, 35.0))
    noise = np.fft.irfft(np.fft.rfft(white, axis=2) * band, shape[2], axis=2)
    return np.asarray(noise / _rms(noise), np.float32)


def _rms(values: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
