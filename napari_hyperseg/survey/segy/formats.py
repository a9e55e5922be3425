"""Sample formats of SEG-Y: what the format codes mean in numpy, and how samples are decoded.

Codes are those of bytes 3225-3226, SEG-Y revision 2.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

IBM_FLOAT32, IEEE_FLOAT32, INT24, INT8, UINT24 = 1, 5, 7, 8, 15

# IBM floats are mapped as 32-bit words, 24-bit integers as three bytes; both are decoded on
# reading.  Codes with a name but no type here are not read.
STORED_DTYPES = {
    1: "u4", 2: "i4", 3: "i2", 5: "f4", 6: "f8", 7: "V3", 8: "i1",
    9: "i8", 10: "u4", 11: "u2", 12: "u8", 15: "V3", 16: "u1",
}  # fmt: skip
FORMAT_NAMES = {
    1: "IBM float32", 2: "int32", 3: "int16", 4: "fixed point with gain", 5: "IEEE float32",
    6: "IEEE float64", 7: "int24", 8: "int8", 9: "int64", 10: "uint32", 11: "uint16",
    12: "uint64", 15: "uint24", 16: "uint8",
}  # fmt: skip
_DECODED = {IBM_FLOAT32: "f4", INT24: "i4", UINT24: "u4"}

_SIGN_24 = 1 << 23

# value = (-1)^s * m * 16^(e - 64) / 2^24 of the word s (1 bit), e (7 bits), m (24 bits)
_IBM_SCALES = np.ldexp(np.repeat([1.0, -1.0], 128), np.tile(4 * (np.arange(128) - 64) - 24, 2))
# Between these e, scale and value are normal float32 numbers, and float32 arithmetic is exact.
_LEAST_E, _LARGEST_E = 39, 95
_SCALE_EXPONENT = 127 - 24 - 4 * 64  # of the scale, as float32 keeps it, less 4 e
_PIECE = 1 << 15  # words decoded at a time, so that what is in between stays in the cache


def decoded_dtype(format_code: int) -> np.dtype:
    """Native type that samples are read as: it holds every value of the format exactly."""
    return np.dtype(_DECODED.get(format_code, STORED_DTYPES[format_code]))


def decode(stored: NDArray[Any], format_code: int, endian: str) -> NDArray[Any]:
    """Samples as numbers, in the native byte order.

    Parameters
    ----------
    stored : ndarray
        As they lie in the file, of the format's stored type in the file's byte order.
    format_code : int
    endian : {"big", "little"}
        Byte order of 24-bit integers, of which numpy knows none.
    """
    if format_code == IBM_FLOAT32:
        return decode_ibm(np.asarray(stored, np.uint32))
    if format_code in (INT24, UINT24):
        return _decode_24_bits(stored, endian, signed=format_code == INT24)
    return np.asarray(stored, decoded_dtype(format_code))


def decode_ibm(words: NDArray[np.uint32]) -> NDArray[np.float32]:
    """IBM System/360 single floats, as native 32-bit words, to IEEE float32.

    Magnitudes that float32 cannot hold become infinite.
    """
    words = np.asarray(words, np.uint32)
    values = np.empty(words.shape, np.float32)
    flat, decoded = words.reshape(-1), values.reshape(-1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for start in range(0, flat.size, _PIECE):
            _decode_ibm_piece(flat[start : start + _PIECE], decoded[start : start + _PIECE])
    return values


def _decode_ibm_piece(words: NDArray[np.uint32], values: NDArray[np.float32]) -> None:
    exponents = words >> 24
    exponents &= 0x7F
    wide = exponents - np.uint32(_LEAST_E) > _LARGEST_E - _LEAST_E
    exponents <<= 2
    exponents += np.uint32(_SCALE_EXPONENT % 256)
    exponents <<= 24
    exponents >>= 1
    scales = exponents
    scales |= words & 0x80000000
    mantissas = (words & 0xFFFFFF).view(np.int32)  # converted faster than unsigned ones
    np.multiply(mantissas.astype(np.float32), scales.view(np.float32), out=values)
    if wide.any():
        _decode_wide(words, values, wide)


def _decode_wide(
    words: NDArray[np.uint32], values: NDArray[np.float32], wide: NDArray[np.bool_]
) -> None:
    """Put in what float32 arithmetic gets wrong; zeros, which are many, it does not."""
    wide &= (words & 0x7FFFFFFF) != 0
    rare = words[wide]
    values[wide] = (_IBM_SCALES[rare >> 24] * (rare & 0xFFFFFF)).astype(np.float32)


def _decode_24_bits(stored: NDArray[Any], endian: str, signed: bool) -> NDArray[Any]:
    parts = np.ascontiguousarray(stored).view(np.uint8).reshape(*stored.shape, 3).astype(np.int32)
    high, middle, low = np.moveaxis(parts if endian == "big" else parts[..., ::-1], -1, 0)
    values = high << 16 | middle << 8 | low
    return (values ^ _SIGN_24) - _SIGN_24 if signed else values.astype(np.uint32)
