"""What the window needs to know of a trained model without loading it (and torch).

Reads ``model.json``, whose layout is the learning layer's.
"""

from __future__ import annotations

import json
from pathlib import Path

CARD = "model.json"


def trained_classes(folder: Path) -> int:
    """Return how many classes a model tells apart; 0 where its card cannot be read."""
    try:
        classes = json.loads((folder / CARD).read_text("utf-8"))["network"]["n_classes"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return classes if isinstance(classes, int) else 0
