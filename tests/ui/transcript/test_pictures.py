"""Pictures: those that the user attached are shown, those that a model names never fetched."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.conversation import Role, Turn
from app.core.parts import ImagePart, Part, TextPart
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pictures import HIGHEST, PictureView
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.menu import Menu
from tests.ui.test_safe_picture import SVG, address, bomb, picture
from tests.ui.transcript.turns import answer, document_texts, focused, frame_of, user

WIDTH = 600
_numbers = itertools.count()


def with_parts(*parts: Part) -> Turn:
    return Turn(f"picture-{next(_numbers)}", None, Role.USER, parts=parts)


def view_of(canvas: Canvas, turn: Turn) -> PictureView:
    (found,) = frame_of(canvas, turn).findChildren(PictureView)
    return found


def test_a_picture_of_the_users_is_shown_and_has_its_room_at_once(qtbot: QtBot, canvas: Canvas) -> None:
    turn = with_parts(ImagePart(address(picture("png", 200, 100)), "A roof"), TextPart("What is it?"))
    canvas.show_turns([turn])
    view = view_of(canvas, turn)
    assert view.image is None
    assert view.height() == 100
    assert view.accessibleName() == "Picture: A roof"
    before = frame_of(canvas, turn).height()
    qtbot.waitUntil(lambda: view.image is not None)
    assert frame_of(canvas, turn).height() == before
    shown = view.grab().toImage()
    ratio = shown.devicePixelRatio()
    assert shown.pixelColor(round(100 * ratio), round(50 * ratio)).name() == "#187b87"


def test_a_large_picture_is_fitted(styles: Styles) -> None:
    message = LaidMessage(with_parts(ImagePart(address(picture("png", 4000, 4000)))), styles, WIDTH)
    message.lay_out(message.groups[0])
    assert message.groups[0].height == HIGHEST
    wide = LaidMessage(with_parts(ImagePart(address(picture("png", 6000, 1000)))), styles, WIDTH)
    wide.lay_out(wide.groups[0])
    assert wide.groups[0].height == WIDTH // 6


def test_a_picture_is_copied_by_the_menu(qtbot: QtBot, canvas: Canvas) -> None:
    turn = with_parts(ImagePart(address(picture("jpeg", 40, 30))))
    canvas.show_turns([turn])
    view = view_of(canvas, turn)
    at = view.mapToGlobal(QPoint(5, 5))
    assert canvas.block_actions(at) == []
    qtbot.waitUntil(lambda: view.image is not None)
    (action,) = canvas.block_actions(at)
    action.do()
    assert QGuiApplication.clipboard().image().width() == 40


def test_a_picture_is_come_to_by_key_and_has_its_menu_there(qtbot: QtBot, view: TranscriptView) -> None:
    turn = with_parts(ImagePart(address(picture("png", 200, 100)), "A roof"), TextPart("What is it?"))
    view.canvas.show_turns([turn])
    shown = view_of(view.canvas, turn)
    qtbot.waitUntil(lambda: shown.image is not None)
    plain = shown.grab().toImage()
    view.canvas.focus_row(0)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is shown
    assert shown.grab().toImage() != plain
    QTest.keyClick(shown, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    assert "Copy picture" in [action.text() for action in menu.actions()]
    menu.close()
    QTest.keyClick(shown, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not shown
    assert shown.grab().toImage() == plain


def test_a_picture_that_breaks_off_says_so_in_its_place(qtbot: QtBot, canvas: Canvas) -> None:
    turn = with_parts(ImagePart(address(picture("png", 80, 60)[:60]), "Broken"))
    canvas.show_turns([turn])
    view = view_of(canvas, turn)
    qtbot.waitUntil(lambda: view.image is not None)
    assert view.image is not None
    assert view.image.isNull()
    assert view.accessibleName() == "A picture that can't be shown: Broken"
    assert canvas.block_actions(view.mapToGlobal(QPoint(5, 5))) == []


def test_what_is_no_picture_is_a_chip(styles: Styles) -> None:
    for url in (
        address(SVG),
        address(bomb(30_000, 30_000)),
        "file:///etc/hostname",
        "data:image/png;base64,?",
    ):
        message = LaidMessage(with_parts(ImagePart(url, "Something"), TextPart("and words")), styles, WIDTH)
        assert document_texts(message) == ["🖼 Something\nand words"]


def test_a_models_picture_is_words_and_a_host(styles: Styles) -> None:
    text = "See ![a roof](https://example.org/x.png?q=secret) and ![](data:image/png;base64,AAAA)."
    assert document_texts(LaidMessage(answer(text), styles, WIDTH)) == ["See 🖼 a roof — example.org and 🖼 ."]


def test_pictures_that_leave_the_screen_while_they_are_decoded(qtbot: QtBot, canvas: Canvas) -> None:
    turns = [with_parts(ImagePart(address(picture("png", 50 + n, 40)))) for n in range(6)]
    canvas.show_turns(turns)
    canvas.show_turns([user("other")])
    canvas.show_turns(turns)
    views = [view_of(canvas, turn) for turn in turns[-2:]]
    qtbot.waitUntil(lambda: all(view.image is not None for view in views))
    assert [view.image.width() for view in views if view.image is not None] == [54, 55]
