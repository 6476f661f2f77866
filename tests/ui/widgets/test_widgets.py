"""The small parts do what they promise to a person with a keyboard, a mouse or a screen reader."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Kind
from app.ui.widgets.drop_down import DropDown
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.label import ElidedLabel, Label, one_line
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.switch import Switch
from app.ui.widgets.toast import Toast
from app.ui.widgets.tooltip import plain_tooltip

MARKUP = '<img src="file:///etc/passwd"><b>bold</b>'


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_labels_show_markup_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    label = Label(theme, MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert name_of(label) == MARKUP


def test_tooltips_show_markup_as_it_is() -> None:
    assert "<img" not in plain_tooltip(MARKUP)
    assert "<b>" not in plain_tooltip(MARKUP)
    assert plain_tooltip("Try again") == "Try again"


def test_one_line_holds_no_controls() -> None:
    assert one_line("  a\nb\t\u202ec\u0000d ") == "a b c d"


def test_an_elided_label_keeps_its_text(qtbot: QtBot, theme: Theme) -> None:
    label = ElidedLabel(theme)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.set_text("Turbine output from sensor log")
    label.show()
    assert label.shown_text().endswith("…")
    assert label.toolTip() == label.text() == "Turbine output from sensor log"
    label.resize(400, 20)
    assert label.shown_text() == label.text()
    assert label.toolTip() == ""


@pytest.mark.parametrize("kind", list(Kind))
def test_buttons_paint_and_click(qtbot: QtBot, theme: Theme, kind: Kind) -> None:
    button = Button(theme, "R&D <b>", kind=kind, icon="retry")
    qtbot.addWidget(button)
    button.show()
    assert button.label == "R&D <b>"
    assert name_of(button) == "R&D <b>"
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.grab().isNull()


def test_icon_buttons_are_called_as_their_tooltip(qtbot: QtBot, theme: Theme) -> None:
    button = IconButton(theme, "copy", "Copy", keys=QKeySequence("Ctrl+Shift+C"))
    qtbot.addWidget(button)
    assert name_of(button) == "Copy"
    assert button.toolTip().startswith("Copy")
    assert "C" in button.toolTip().removeprefix("Copy")


def test_the_ring_shows_for_keys_and_not_for_the_pointer(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    first, second = Button(theme, "One"), Button(theme, "Two")
    for button in (first, second):
        layout.addWidget(button)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    assert window.findChild(FocusRing) is None
    first.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(FocusRing)
    assert ring is not None
    assert ring.isVisible()
    assert ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4)
    window.resize(500, 200)
    qtbot.waitUntil(lambda: ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4))
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible()


def test_the_ring_goes_with_what_it_surrounds(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    other = Button(theme, "Other", parent=window)
    button = Button(theme, "One", parent=window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus(Qt.FocusReason.MouseFocusReason)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(FocusRing)
    assert ring is not None
    assert ring.isVisible()
    shiboken6.delete(button)
    assert not ring.isVisible()
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()


def test_a_switch_is_switched_by_space_and_click(qtbot: QtBot, theme: Theme) -> None:
    switch = Switch(theme, "Less motion")
    qtbot.addWidget(switch)
    switch.show()
    assert name_of(switch) == "Less motion"
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()


def test_a_segmented_control_tells_what_the_person_chose(qtbot: QtBot, theme: Theme) -> None:
    control = Segmented(theme, "Theme", [("system", "System", ""), ("dark", "Dark", "moon")])
    qtbot.addWidget(control)
    control.show()
    chosen: list[str] = []
    control.chosen.connect(chosen.append)
    control.set_value("system")
    assert (control.value, chosen) == ("system", [])
    segments = control.findChildren(QWidget)
    QTest.mouseClick(segments[1], Qt.MouseButton.LeftButton)
    assert (control.value, chosen) == ("dark", ["dark"])


def test_the_wheel_passes_over_a_drop_down(qtbot: QtBot, theme: Theme) -> None:
    field = DropDown(theme, "Language")
    qtbot.addWidget(field)
    field.addItems(["one", "two"])
    field.show()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, turn)
    assert field.currentText() == "one"


def test_a_toast_does_what_it_offers_once(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    toast = Toast(theme, window)
    done: list[str] = []
    toast.say("Chat deleted", "Undo", lambda: done.append("undone"))
    assert toast.isVisible()
    assert toast.geometry().bottom() < 400
    toast.say("Something else")
    toast.say("Chat deleted", "Undo", lambda: done.append("undone"))
    button = next(one for one in toast.findChildren(QWidget) if one.inherits("QPushButton"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert not toast.isVisible()
