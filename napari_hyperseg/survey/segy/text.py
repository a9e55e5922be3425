"""The 40 lines of a SEG-Y textual header, in EBCDIC or ASCII.

Owns its encoding and what counts as a free line.
"""

from __future__ import annotations

LINES, WIDTH = 40, 80
EBCDIC, ASCII = "cp037", "ascii"


def text_encoding(text: bytes) -> str:
    """The encoding in which more of the header is letters, digits and spaces."""
    return max((EBCDIC, ASCII), key=lambda name: _readable(text, name))


def read_text(text: bytes) -> list[str]:
    """Decode the header into its 40 lines of 80 characters; NUL reads as a space."""
    decoded = text.decode(text_encoding(text), "replace").replace("\x00", " ")
    return [decoded[start : start + WIDTH] for start in range(0, LINES * WIDTH, WIDTH)]


def ends_the_text(block: bytes) -> bool:
    """Tell whether a block of extended text is the last one: it says ((SEG: EndText))."""
    decoded = block.decode(text_encoding(block), "replace")
    return "((SEG:ENDTEXT))" in "".join(decoded.split()).upper()


def write_text(lines: list[str], encoding: str = EBCDIC) -> bytes:
    """Encode lines ("C 1 ..." and so on) as a header of 3200 bytes; long ones are cut."""
    padded = [line[:WIDTH].ljust(WIDTH) for line in [*lines, *[""] * LINES][:LINES]]
    return "".join(padded).encode("ascii", "replace").decode("ascii").encode(encoding)


def numbered_lines(contents: list[str]) -> list[str]:
    """Prefix up to 38 lines with "C 1" and so on; the last two are as revision 1 asks."""
    body = [*contents, *[""] * LINES][: LINES - 2]
    closing = ["SEG Y REV1", "END TEXTUAL HEADER"]
    return [f"C{n:2d} {line}" for n, line in enumerate([*body, *closing], 1)]


def with_history(text: bytes, history: str) -> bytes:
    """Write a remark into the first free line after the header's last remark.

    All other bytes stay as they are.  A header without a free line is returned unchanged.
    """
    lines = read_text(text)
    free = [n for n, line in enumerate(lines) if not _content(line)]
    used = [n for n, line in enumerate(lines[: LINES - 2]) if _content(line)]
    after = [n for n in free if not used or n > used[-1]]
    if not free:
        return text
    number = (after or free)[0]
    line = f"C{number + 1:2d} {history}"
    start = number * WIDTH
    encoded = write_text([line], text_encoding(text))[:WIDTH]
    return text[:start] + encoded + text[start + WIDTH :]


def _content(line: str) -> str:
    return line[3:].strip() if line[:1] == "C" else line.strip()


def _readable(text: bytes, encoding: str) -> int:
    return sum(
        ch.isascii() and (ch.isalnum() or ch == " ") for ch in text.decode(encoding, "replace")
    )
