"""Opening SEG-Y in a real window: without freezing, and asking what a file does not say."""

import threading
import time

import numpy as np
import pytest
import segyio
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QApplication

from napari_hyperseg.errors import SurveyError
from napari_hyperseg.project.folder import Project
from napari_hyperseg.qt.progress_dialog import ProgressDialog
from napari_hyperseg.qt.reading_dialog import ReadingDialog
from napari_hyperseg.survey.segy.reading import Reading
from napari_hyperseg.survey.segy.trace_headers import TraceHeaders
from napari_hyperseg.viewer.tags import Role, tag_of

pytestmark = pytest.mark.window
LEFT = Qt.MouseButton.LeftButton
PLUGIN = "napari-hyperseg"


def write(path, n_traces, fields):
    """Write traces, the value of each of which is its number."""
    spec = segyio.spec()
    spec.format, spec.tracecount, spec.samples = 5, n_traces, 4 * np.arange(10)
    with segyio.create(path, spec) as file:
        file.text[0] = segyio.tools.create_text_header({1: "MADE FOR THE WINDOW"})
        file.bin.update(hdt=4000)
        for trace in range(n_traces):
            file.header[trace] = {29: 1} | fields(trace)
            file.trace[trace] = np.full(10, 1 + trace, np.float32)
    return path


@pytest.fixture
def ambiguous(tmp_path):
    """24 traces that are 4 x 6 lines (bytes 5 and 21) and 3 x 8 (9 and 13) as well."""

    def fields(n):
        return {5: 1 + n // 6, 21: 1 + n % 6, 9: 1 + n // 8, 13: 1 + n % 8}

    return write(tmp_path / "ambiguous.sgy", 24, fields)


@pytest.fixture
def gathers(tmp_path):
    """Two traces at each of 3 x 4 positions, of offsets 100 and 200."""

    def fields(n):
        return {189: 1 + n // 8, 193: 1 + n // 2 % 4, 37: 100 * (1 + n % 2)}

    return write(tmp_path / "gathers.sgy", 24, fields)


@pytest.fixture
def no_grid(tmp_path):
    """4 x 5 lines that are numbered in bytes 33 and 25; the usual ones are noise."""
    noise = np.random.default_rng(1).integers(1, 10_000, (20, 2))

    def fields(n):
        return {189: int(noise[n, 0]), 193: int(noise[n, 1]), 37: n, 231: 1 + n // 5, 225: n % 5}

    return write(tmp_path / "no_grid.sgy", 20, fields)


@pytest.fixture
def answer(qtbot):
    """Do something with the next dialog of a kind, as soon as it is up; tells that it was."""
    seen, errors, timers = [], [], []

    def arrange(act, kind=ReadingDialog):
        def look():
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, kind):
                return
            timer.stop()
            seen.append(dialog)
            try:
                act(dialog)
            except BaseException as error:  # noqa: BLE001  # raised by the fixture
                errors.append(error)
                dialog.reject()

        timer = QTimer()
        timer.setInterval(20)
        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)
        return seen

    yield arrange
    for timer in timers:
        timer.stop()
    if errors:
        raise errors[0]


def until_open(qtbot, dialog):
    qtbot.waitUntil(dialog.open_button.isEnabled, timeout=20_000)


def test_a_file_that_can_be_read_in_two_ways_is_asked_about(window, answer, qtbot, ambiguous):
    def act(dialog):
        assert "2 ways" in dialog.question.text()
        until_open(qtbot, dialog)
        assert dialog.outcome.texts["inlines"].text() == "4: 1-4 every 1"
        where = dialog.table.visualItemRect(dialog.table.item(1, 0)).center()
        qtbot.mouseClick(dialog.table.viewport(), LEFT, pos=where)
        assert (dialog.fields.inline.value(), dialog.fields.crossline.value()) == (9, 13)
        assert not dialog.open_button.isEnabled()
        until_open(qtbot, dialog)
        assert dialog.outcome.texts["inlines"].text() == "3: 1-3 every 1"
        qtbot.mouseClick(dialog.open_button, LEFT)

    assert answer(act) is not None
    (layer,) = window.open(str(ambiguous), plugin=PLUGIN)
    assert layer.data.shape == (3, 8, 10)
    assert tag_of(layer).opened.source.reading.lines == (9, 13)


def test_cancel_opens_nothing(window, answer, qtbot, ambiguous):
    seen = answer(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    assert window.open(str(ambiguous), plugin=PLUGIN) == []
    assert len(seen) == 1
    assert len(window.layers) == 0
    assert list(ambiguous.parent.iterdir()) == [ambiguous]


@pytest.mark.parametrize(("row", "first"), [(1, 1.0), (2, 2.0), (3, 1.5)])
def test_gathers_are_opened_by_offset_or_stacked(window, answer, qtbot, gathers, row, first):
    def act(dialog):
        assert "prestack" in dialog.question.text()
        qtbot.waitUntil(lambda: dialog.look is not None)
        assert not dialog.open_button.isEnabled()
        dialog.fields.traces.setFocus()
        for _ in range(row):
            qtbot.keyClick(dialog.fields.traces, Qt.Key.Key_Down)
        until_open(qtbot, dialog)
        qtbot.keyClick(dialog.open_button, Qt.Key.Key_Return)

    answer(act)
    (layer,) = window.open(str(gathers), plugin=PLUGIN)
    assert layer.data.shape == (3, 4, 10)
    assert float(layer.data[0, 0, 0]) == first


def test_bytes_are_typed_where_none_are_found(window, answer, qtbot, no_grid):
    def act(dialog):
        assert "no trace header bytes" in dialog.question.text()
        qtbot.wait(300)
        assert not dialog.open_button.isEnabled()
        assert dialog.outcome.texts["inlines"].text() == "-"
        for box, byte in ((dialog.fields.inline, "231"), (dialog.fields.crossline, "225")):
            box.setFocus()
            box.selectAll()
            qtbot.keyClicks(box, byte)
        until_open(qtbot, dialog)
        assert "4: 1-4" in dialog.outcome.texts["inlines"].text()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    answer(act)
    (layer,) = window.open(str(no_grid), plugin=PLUGIN)
    assert layer.data.shape == (4, 5, 10)


def test_start_again_forgets_what_was_changed(window, answer, qtbot, ambiguous):
    def act(dialog):
        until_open(qtbot, dialog)
        dialog.fields.inline.setValue(77)
        dialog.fields.domain.setCurrentIndex(1)
        qtbot.mouseClick(dialog.reset, LEFT)
        until_open(qtbot, dialog)
        assert dialog.said == Reading((5, 21))
        assert dialog.look.info.samples.domain == "time"
        dialog.reject()

    assert answer(act) is not None
    window.open(str(ambiguous), plugin=PLUGIN)


def test_the_dialog_fits_a_small_screen_and_has_the_text_header(window, answer, qtbot, ambiguous):
    def act(dialog):
        until_open(qtbot, dialog)
        assert dialog.height() <= 700
        assert dialog.width() <= 1300
        assert dialog.minimumSizeHint().height() <= 700
        assert "MADE FOR THE WINDOW" in dialog.text.toPlainText()
        assert dialog.text.document().blockCount() == 40
        dialog.reject()

    assert answer(act) is not None
    window.open(str(ambiguous), plugin=PLUGIN)


def test_a_plain_file_opens_quietly(window, answer, tiny_segy):
    seen = answer(lambda dialog: dialog.reject())
    (layer,) = window.open(str(tiny_segy), plugin=PLUGIN)
    assert layer.name == "tiny"
    assert seen == []


def test_what_no_choice_mends_is_an_error_at_once(window, answer, tmp_path):
    bad = tmp_path / "bad.sgy"
    bad.write_bytes(b"no seismic")
    seen = answer(lambda dialog: dialog.reject())
    with pytest.raises(SurveyError, match=r"bad\.sgy"):
        window.open(str(bad), plugin=PLUGIN)
    assert seen == []


@pytest.mark.parametrize(
    ("program", "asked"),
    [("/usr/bin/napari", 1), ("/x/napari/__main__.py", 1), ("C:/napari.exe", 1), ("batch.py", 0)],
)
def test_the_command_asks_before_its_window_is_shown(
    make_napari_viewer, answer, qtbot, ambiguous, monkeypatch, program, asked
):
    monkeypatch.setattr("sys.argv", [program])
    monkeypatch.setattr("napari_hyperseg.viewer.opening.show_warning", lambda text: None)
    viewer = make_napari_viewer(show=False)
    seen = answer(lambda dialog: dialog.reject())
    assert len(viewer.open(str(ambiguous), plugin=PLUGIN)) == 1 - asked
    assert len(seen) == asked


@pytest.fixture
def slow(monkeypatch):
    """Reading headers takes a while, as that of a large file does; tells of the threads."""
    threads, read_all = [], TraceHeaders._read_all

    def slowly(self, wanted):
        threads.append(threading.current_thread())
        for done in range(1, 200):
            time.sleep(0.01)
            self.progress(done, 200)
        read_all(self, wanted)

    monkeypatch.setattr(TraceHeaders, "_read_all", slowly)
    return threads


def test_the_window_lives_while_headers_are_read(window, answer, slow, tiny_segy):
    ticks, told = [], []
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()
    answer(lambda dialog: told.append(dialog), ProgressDialog)
    assert len(window.open(str(tiny_segy), plugin=PLUGIN)) == 1
    timer.stop()
    assert len(told) == 1
    assert slow
    assert threading.main_thread() not in slow
    assert len(ticks) > 10  # a window that is frozen ticks once or twice


def test_the_progress_is_told_and_can_be_cancelled(window, answer, qtbot, slow, tiny_segy):
    def act(dialog):
        qtbot.waitUntil(lambda: "of 200 traces" in dialog.figures.text())
        assert dialog.bar.value() > 0
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    seen = answer(act, ProgressDialog)
    assert window.open(str(tiny_segy), plugin=PLUGIN) == []
    assert len(seen) == 1
    assert len(window.layers) == 0
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in slow))
    assert list(tiny_segy.parent.iterdir()) == [tiny_segy]


def test_the_project_beside_says_how_the_file_is_read(window, dock, answer, ambiguous, wait):
    project = Project.create(ambiguous.with_suffix(".hyperseg"), [ambiguous], [Reading((9, 13))])
    seen = answer(lambda dialog: dialog.reject())
    window.open(str(ambiguous), plugin=PLUGIN)
    wait(lambda: dock.workspace.tag is not None)
    assert seen == []
    assert dock.workspace.project.folder == project.folder
    assert dock.workspace.geometry.shape == (3, 8, 10)


def test_headers_reads_the_open_survey_in_another_way(window, dock, answer, qtbot, tiny_segy, wait):
    window.open(str(tiny_segy), plugin=PLUGIN)
    wait(lambda: dock.workspace.tag is not None)

    def act(dialog):
        until_open(qtbot, dialog)
        dialog.table.setFocus()
        qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
        until_open(qtbot, dialog)
        qtbot.mouseClick(dialog.open_button, LEFT)

    answer(act)
    qtbot.waitUntil(dock.survey.headers.isEnabled)
    qtbot.mouseClick(dock.survey.headers, LEFT)
    wait(lambda: dock.workspace.geometry is not None)
    wait(lambda: dock.workspace.geometry.shape == (5, 6, 20))
    assert [layer.name for layer in window.layers] == ["tiny", "tiny labels"]
    assert dock.workspace.layer(Role.LABELS).data.shape == (5, 6, 20)
    entry = Project.open(dock.workspace.project.folder).entry()
    assert (entry.reading.lines, entry.shape) == ((193, 189), (5, 6, 20))
    dock.workspace.layer(Role.LABELS).data[2, 2, 3] = 1


def test_headers_of_a_labelled_survey_are_for_looking_only(window, dock, answer, labelled, qtbot):
    window.open(str(labelled.folder), plugin=PLUGIN)
    qtbot.waitUntil(lambda: dock.workspace.tag is not None)

    def act(dialog):
        assert "carries labels" in dialog.question.text()
        assert "hyperseg init" in dialog.question.text()
        qtbot.waitUntil(lambda: dialog.look is not None)
        dialog.table.selectRow(1)
        qtbot.waitUntil(lambda: dialog.look is not None)
        assert not dialog.open_button.isEnabled()
        qtbot.mouseClick(dialog.cancel, LEFT)

    seen = answer(act)
    qtbot.waitUntil(dock.survey.headers.isEnabled)
    qtbot.mouseClick(dock.survey.headers, LEFT)
    assert len(seen) == 1
    assert dock.workspace.geometry.shape == (6, 5, 20)
    assert labelled.labels("tiny", writable=False).counts() == {1: 50, 2: 50}
