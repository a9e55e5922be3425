"""Colours, signs and the tutorial: what needs no napari window."""

from __future__ import annotations

import re
from itertools import product

import pytest
from qtpy.QtCore import QSize
from qtpy.QtGui import QColor, QIcon

from napari_hyperseg.project.session import Session, StepPoint
from napari_hyperseg.qt.help_dialog import HelpDialog, tutorial
from napari_hyperseg.qt.plot_panel import PlotPanel
from napari_hyperseg.qt.signs import SIZE, eye, lock
from napari_hyperseg.qt.theme import READABLE, Colours, contrast

THEMES = ("dark", "light")
SIGNS = {
    "eye": lambda color: (eye(color, is_open=True), eye(color, is_open=False)),
    "lock": lambda color: (lock(color, is_shut=True), lock(color, is_shut=False)),
}


def ink(image):
    places = product(range(image.width()), range(image.height()))
    return sum(image.pixelColor(x, y).alpha() for x, y in places)


def rgb(color):
    return QColor(color).getRgb()[:3]


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_written_can_be_read(theme):
    colours = Colours.of(theme)
    black, white = (0, 0, 0), (255, 255, 255)
    assert contrast(rgb(colours.text), rgb(colours.background)) > READABLE
    assert contrast(rgb(colours.text), rgb(colours.foreground)) > READABLE
    assert contrast(black, rgb(colours.warning)) > READABLE
    assert contrast(white, rgb(colours.error)) >= READABLE


def test_contrast_is_that_of_the_standard():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_signs_are_drawn_for_each_scale_and_told_apart(qapp, theme, name, scale):
    on, off = SIGNS[name](Colours.of(theme).text)
    images = []
    for icon in (on, off):
        pixmap = icon.pixmap(QSize(SIZE, SIZE), scale)
        assert pixmap.width() == round(SIZE * scale)
        images.append(pixmap.toImage())
    weights = [ink(image) for image in images]
    assert weights[0] > 1.5 * weights[1] > 0
    selected = on.pixmap(QSize(SIZE, SIZE), scale, QIcon.Mode.Selected).toImage()
    assert selected == images[0]


def test_the_tutorial_comes_with_the_package_and_needs_no_network(qtbot):
    text = tutorial()
    assert not re.search(r"https?://|!\[", text)
    for word in ("Sample cube", "Train", "Predict", "Alt+T", "Keys"):
        assert word in text
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    shown = dialog.text.toPlainText()
    assert "paint with the class in this row" in shown
    assert "**" not in shown
    assert "|" not in shown


def test_where_there_is_little_room_the_curves_that_matter_most_are_shown(qtbot):
    panel = PlotPanel()
    qtbot.addWidget(panel)
    steps = tuple(StepPoint(step, 1.0 / (step + 1), 0.5) for step in range(30))
    panel.display(Session(steps=steps))
    for height, both in ((320, True), (120, False), (320, True)):
        panel.resize(300, height)
        qtbot.waitUntil(lambda both=both: (panel.upper_plot in panel.graphics.ci.items) is both)
        assert panel.lower_plot in panel.graphics.ci.items
        qtbot.waitUntil(lambda: panel.lower_plot.viewRange()[0][1] >= 29)
