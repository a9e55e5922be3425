"""ENVI files: a text header that says how the raw numbers beside it are laid out.

Owns the header's keywords (ENVI header format, NV5 Geospatial).  Strict: what it does not
know it refuses, for a raw file read the wrong way still looks like numbers.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.hyperspectral.scene import SceneError

DATA_TYPES = {
    1: "u1", 2: "i2", 3: "i4", 4: "f4", 5: "f8", 12: "u2", 13: "u4", 14: "i8", 15: "u8",
}  # fmt: skip
AXES = {"bsq": "bands lines samples", "bil": "lines bands samples", "bip": "lines samples bands"}
RAW_SUFFIXES = ("", ".img", ".dat", ".raw", ".bin", ".bsq", ".bil", ".bip")
NANOMETRES = {"nanometers": 1.0, "nm": 1.0, "micrometers": 1000.0, "um": 1000.0, "microns": 1000.0}
LONGEST_HEADER = 4_000_000  # bytes

Header = dict[str, str]


def read_envi(path: Path) -> tuple[NDArray, NDArray[np.float64] | None]:
    """Read a cube, or a map if there is one band.

    Parameters
    ----------
    path : Path
        The header, ``.hdr``, or the raw file.

    Returns
    -------
    cube : ndarray, shape (rows, columns, bands)
        A read-only view of the file; in floats, with NaN, where the header names bad bands
        or a value for missing data.
    wavelengths_nm : ndarray of float, shape (bands,), or None

    Raises
    ------
    SceneError
        If a file is missing, too short, or laid out in an unknown way.
    """
    header_path, raw_path = _both_files(path)
    header = _read_header(header_path)
    cube = _mapped(header, header_path, raw_path)
    return _without_bad(cube, header, header_path), _wavelengths(header, header_path, cube.shape[2])


def _both_files(path: Path) -> tuple[Path, Path]:
    """Find the header of a raw file, or the raw file of a header."""
    if path.suffix.lower() == ".hdr":
        others = [path.with_name(path.stem + suffix) for suffix in RAW_SUFFIXES]
    else:
        others = [path.with_name(path.name + ".hdr"), path.with_suffix(".hdr")]
    if not path.is_file():
        raise SceneError(f"There is no file {path}. Check the path.")
    for other in others:
        if other.is_file():
            return (path, other) if path.suffix.lower() == ".hdr" else (other, path)
    names = ", ".join(other.name for other in others)
    raise SceneError(f"{path} has no partner. Put its ENVI file beside it, as one of {names}.")


def _read_header(path: Path) -> Header:
    """Keywords, in lower case, and their values; braces are taken off."""
    with path.open("rb") as file:
        text = file.read(LONGEST_HEADER).decode("latin-1")
    if text.split(None, 1)[:1] != ["ENVI"]:
        raise SceneError(f"{path} is no ENVI header: it does not begin with ENVI.")
    found = re.findall(r"^[ \t]*([^=;{}\n]+?)[ \t]*=[ \t]*(\{[^}]*\}|[^\n]*)", text, re.MULTILINE)
    return {name.lower(): value.strip().strip("{}").strip() for name, value in found}


def _mapped(header: Header, header_path: Path, raw_path: Path) -> NDArray:
    """View of the raw file as (rows, columns, bands)."""
    if _whole(header, header_path, "file compression", 0):
        raise SceneError(f"{raw_path} is compressed. Save it uncompressed.")
    size = {name: _whole(header, header_path, name) for name in ("lines", "samples", "bands")}
    kind = _dtype(header, header_path)
    offset = _whole(header, header_path, "header offset", 0)
    interleave = header.get("interleave", "").lower()
    if interleave not in AXES or min(size.values()) < 1:
        raise SceneError(
            f"{header_path} describes no cube: interleave {interleave!r}, {size}. "
            f"Interleave is one of {', '.join(AXES)}, sizes are 1 or more."
        )
    axes = AXES[interleave].split()
    needed = offset + kind.itemsize * int(np.prod(list(size.values()), dtype=object))
    there = raw_path.stat().st_size
    if there < needed:
        raise SceneError(f"{raw_path} has {there} bytes, {header_path.name} describes {needed}. "
                         "Copy it again, or correct the header.")  # fmt: skip
    shape = tuple(size[axis] for axis in axes)
    raw = np.memmap(raw_path, kind, "r", offset, shape)
    return raw.transpose([axes.index(axis) for axis in ("lines", "samples", "bands")])


def _dtype(header: Header, path: Path) -> np.dtype:
    code = _whole(header, path, "data type")
    order = _whole(header, path, "byte order", 0)
    if code not in DATA_TYPES or order not in (0, 1):
        raise SceneError(
            f"{path}: data type {code}, byte order {order} cannot be read. Data types are "
            f"{', '.join(map(str, DATA_TYPES))}, byte orders 0 and 1."
        )
    return np.dtype("<>"[order] + DATA_TYPES[code])


def _whole(header: Header, path: Path, name: str, usual: int | None = None) -> int:
    text = header.get(name, "" if usual is None else str(usual))
    if not re.fullmatch(r"\d{1,18}", text):
        what = f"{name} = {text!r}" if text else f"no {name}"
        raise SceneError(f"{path} has {what}. Give a whole number.")
    return int(text)


def _numbers(header: Header, path: Path, name: str, count: int) -> NDArray[np.float64] | None:
    if name not in header:
        return None
    try:
        numbers = np.array([float(part) for part in header[name].split(",") if part.strip()])
    except ValueError:
        raise SceneError(f"{path}: {name} is not a list of numbers. Correct it.") from None
    if len(numbers) != count:
        raise SceneError(f"{path}: {len(numbers)} entries of {name} for {count} bands. Correct it.")
    return numbers


def _wavelengths(header: Header, path: Path, bands: int) -> NDArray[np.float64] | None:
    """In nanometres; None without known units, as band numbers serve as well."""
    factor = NANOMETRES.get(header.get("wavelength units", "").lower())
    numbers = _numbers(header, path, "wavelength", bands)
    return None if numbers is None or factor is None else numbers * factor


def _without_bad(cube: NDArray, header: Header, path: Path) -> NDArray:
    """NaN in bands of the bad-band list, and where the value stands for missing data."""
    good = _numbers(header, path, "bbl", cube.shape[2])
    missing = _numbers(header, path, "data ignore value", 1)
    if good is None and missing is None:
        return cube
    kept = cube.astype(np.float32)
    if missing is not None:
        kept[cube == missing[0]] = np.nan
    if good is not None:
        kept[..., good == 0] = np.nan
    return kept
