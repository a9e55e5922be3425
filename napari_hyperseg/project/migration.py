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
    return _each_survey(content, 2, _reading_of_bytes)


def _from_2(content: Content) -> Content:
    """The files that labels were made from became the boundaries; horizons are kept besides."""
    return _each_survey(content, 3, _boundaries_of_files)


def _from_3(content: Content) -> Content:
    """Classes got an order of their own, and can be hidden and locked; horizons have picks."""
    legend = _each(content.get("legend"), lambda one: {"visible": True, "locked": False} | one)
    return {**_each_survey(content, 4, _snapping_horizons), "legend": legend}


def _each_survey(content: Content, version: int, change: Callable[[Content], Content]) -> Content:
    """Change what the surveys say."""
    surveys = _each(content.get("surveys", ()), change)
    return {**content, "format_version": version, "surveys": surveys}


def _each(entries: Any, change: Callable[[Content], Content]) -> Any:
    """Change the entries of a list; what is none is left to be refused."""
    if not isinstance(entries, list):
        return entries
    return [change(one) if isinstance(one, dict) else one for one in entries]


def _reading_of_bytes(survey: Content) -> Content:
    others = {name: value for name, value in survey.items() if name != "header_bytes"}
    return {**others, "reading": {"lines": survey.get("header_bytes")}}


def _boundaries_of_files(survey: Content) -> Content:
    others = {name: value for name, value in survey.items() if name != "horizons"}
    return {**others, "boundaries": survey.get("horizons", {})}


def _snapping_horizons(survey: Content) -> Content:
    return {**survey, "horizons": _each(survey.get("horizons", []), _with_stem)}


def _with_stem(horizon: Content) -> Content:
    others = {name: value for name, value in horizon.items() if name != "grid"}
    grid = horizon.get("grid")
    return {"stem": grid, "surface": grid, "event": "peak"} | others


STEPS: tuple[Callable[[Content], Content], ...] = (_from_1, _from_2, _from_3)
