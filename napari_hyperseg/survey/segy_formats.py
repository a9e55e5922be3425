"""Sample formats of SEG-Y: what the format codes mean in numpy, and IBM floats.

Codes are those of bytes 3225-3226, SEG-Y revision 2.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IBM_FLOAT32, IEEE_FLOAT32, INT8 = 1, 5, 8

# IBM floats are mapped as 32-bit words and decoded on reading.  Codes with a name but no
# type here are not read.
STORED_DTYPES = {
    1: "u4", 2: "i4", 3: "i2", 5: "f4", 6: "f8", 8: "i1",
    9: "i8", 10: "u4", 11: "u2", 12: "u8", 16: "u1",
}  # fmt: skip
FORMAT_NAMES = {
    1: "IBM float32", 2: "int32", 3: "int16", 4: "fixed point with gain", 5: "IEEE float32",
    6: "IEEE float64", 7: "int24", 8: "int8", 9: "int64", 10: "uint32", 11: "uint16",
    12: "uint64", 15: "uint24", 16: "uint8",
}  # fmt: skip

# value = (-1)^s * m * 16^(e - 64) / 2^24 of the word s (1 bit), e (7 bits), m (24 bits)
_IBM_SCALES = np.ldexp(np.repeat([1.0, -1.0], 128), np.tile(4 * (np.arange(128) - 64) - 24, 2))


def decode_ibm(words: NDArray[np.uint32]) -> NDArray[np.float32]:
    """IBM System/360 single floats, as native 32-bit words, to IEEE float32.

    Magnitudes that float32 cannot hold become infinite.
    """
    with np.errstate(over="ignore", under="ignore"):
        scaled = _IBM_SCALES[words >> 24] * (words & 0xFFFFFF)
        return np.asarray(scaled, dtype=np.float32)


def decoded_dtype(format_code: int) -> np.dtype:
    """Native type that samples are read as: float32, or the file's integers."""
    stored = np.dtype(STORED_DTYPES[format_code])
    is_float = format_code == IBM_FLOAT32 or stored.kind == "f"
    return np.dtype(np.float32) if is_float else stored
