"""Work in threads beside Qt's event loop; no window needed."""

import threading
import time

import pytest
from qtpy.QtCore import QObject

from napari_hyperseg.errors import HypersegError, SurveyError
from napari_hyperseg.project.wording import rate_text
from napari_hyperseg.qt.latest import Latest
from napari_hyperseg.qt.long_work import in_thread

pytestmark = pytest.mark.window


def test_short_work_returns_its_result(qapp):
    assert (
        in_thread(lambda progress: threading.current_thread().name, "short", None) != "MainThread"
    )


def test_what_the_work_raises_is_raised_here(qapp):
    def fail(progress):
        time.sleep(0.1)
        raise SurveyError("no seismic")

    with pytest.raises(SurveyError, match="no seismic"):
        in_thread(fail, "failing", None)


@pytest.fixture
def latest(qapp):
    done, failed, owner = [], [], QObject()
    latest = Latest(done.append, failed.append, owner)
    latest.done, latest.failed, latest.owner = done, failed, owner
    return latest


def counted(number, steps):
    """Return work that counts, and then returns a number."""

    def work(progress):
        for step in range(steps):
            time.sleep(0.01)
            progress(step, steps)
        return number

    return work


def test_only_the_newest_matters(latest, qtbot):
    latest.ask(counted(1, 1000))
    qtbot.wait(50)
    for number in (2, 3, 4):
        latest.ask(counted(number, 3))
    qtbot.waitUntil(lambda: latest.done == [4], timeout=3000)
    qtbot.wait(100)
    assert latest.done == [4]
    latest.ask(counted(5, 1))
    qtbot.waitUntil(lambda: latest.done == [4, 5], timeout=3000)


def test_every_error_arrives_as_one_line(latest, qtbot):
    def fail(progress):
        raise KeyError("what")

    latest.ask(fail)
    qtbot.waitUntil(lambda: len(latest.failed) == 1, timeout=3000)
    assert type(latest.failed[0]) is HypersegError
    assert str(latest.failed[0]) == "KeyError: 'what'"


def test_nothing_comes_after_the_end(latest, qtbot):
    latest.ask(counted(1, 10))
    latest.close()
    qtbot.wait(300)
    assert latest.done == latest.failed == []


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (0, 0, "Opening the file..."),
        (500, 2000, "500 of 2,000 traces, 250 per second, 6 s left"),
        (2000, 2000, "Working out the lines..."),
    ],
)
def test_the_progress_in_words(done, total, text):
    assert rate_text(done, total, 2.0) == text
