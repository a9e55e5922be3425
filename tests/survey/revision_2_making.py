"""Files of revision 2, rebuilt from plain ones."""

from __future__ import annotations

import struct

from segy_making import N_SAMPLES

from napari_hyperseg.survey.segy.text import write_text

TRACE = 240 + 4 * N_SAMPLES
END = write_text(["((SEG: EndText))"])


def rebuilt(path, *, fields=(), text=b"", extra=b"", trailers=b"", revision=2):
    """Put blocks between, before and after the traces; set fields (byte, type, value)."""
    content = path.read_bytes()
    head, traces = bytearray(content[:3600]), content[3600:]
    head[3500] = revision
    for byte, kind, value in fields:
        struct.pack_into(f">{kind}", head, byte - 1, value)
    cut = [traces[at : at + TRACE] for at in range(0, len(traces), TRACE)]
    body = b"".join(trace[:240] + extra + trace[240:] for trace in cut)
    path.write_bytes(bytes(head) + text + body + trailers)
    return path


CASES = {
    "more trace headers": {"fields": [(3507, "h", 2)], "extra": bytes(480)},
    "counted text": {"fields": [(3505, "h", 2)], "text": bytes(6400)},
    "uncounted text": {"fields": [(3505, "h", -1)], "text": write_text(["C 1 MORE"]) + END},
    "uncounted ASCII text": {
        "fields": [(3505, "h", -1)],
        "text": b"((SEG: EndText))".ljust(3200),
        "revision": 1,
    },
    "first trace": {"fields": [(3521, "Q", 3600 + 123)], "text": bytes(123)},
    "counted trailers": {"fields": [(3529, "i", 2)], "trailers": bytes(6400)},
    "uncounted trailers": {"fields": [(3529, "i", -1), (3513, "Q", 12)], "trailers": bytes(3200)},
    "more samples": {"fields": [(3221, "H", 0), (3269, "i", N_SAMPLES)]},
}
