"""``project.json`` of former versions, as the present one says the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Content = dict[str, Any]


def migrated(content: Content, version: int) -> Content:
    """Bring the content of a project file to the present version, step by step."""
    for step in STEPS[version - 1 :]:
        content = step(content)
    return content


def _from_1(content: Content) -> Content:
    """Header bytes of the lines became part of how the file is read."""
    return {
        **content,
        "format_version": 2,
        "surveys": [_reading_of_bytes(survey) for survey in content.get("surveys", ())],
    }


def _reading_of_bytes(survey: Content) -> Content:
    others = {name: value for name, value in survey.items() if name != "header_bytes"}
    return {**others, "reading": {"lines": survey.get("header_bytes")}}


STEPS: tuple[Callable[[Content], Content], ...] = (_from_1,)
