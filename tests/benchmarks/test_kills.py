"""Children that are really killed; `benchmarks.kills` kills many more, with large arrays, too."""

import pytest

from benchmarks.kills import deaths_by_kind, run, summary

pytestmark = pytest.mark.slow


def test_whoever_is_killed_has_kept_every_finished_edit(tmp_path):
    deaths = list(run(tmp_path, 12, seed=3, small=True))
    assert [death.row() for death in deaths if death.fault] == []
    assert len(deaths) == 12
    assert {death.kind for death in deaths} == set(deaths_by_kind(12))
    assert sum(death.finished for death in deaths) > 12
    rows = summary(deaths)
    assert [row["kept"] for row in rows] == [f"{n} of {n}" for n in deaths_by_kind(12).values()]
    assert not list(tmp_path.iterdir())
