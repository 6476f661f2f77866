"""The pictures of the small window: asking, answering, done; narrow, mirrored, private, with more to say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QRadioButton

from app.core.quick_ask import QuickSize
from app.ui.quick_ask.face import Mode
from app.ui.quick_ask.placing import screen_name
from build_scripts import shots_content as content
from build_scripts.shots_server import Servers
from build_scripts.shots_studio import SETTLES, Studio, named, until, wait

COPIED = "Dear Ms Okafor, thank you for the plan of the new harbour"
NARROW = 400


def picture_quick_ask(studio: Studio, servers: Servers) -> None:
    """One talk from its question on, then the window in other shapes."""
    if not studio.wants("06"):
        return
    sirocco = studio.sirocco
    until(lambda: sirocco.quick is not None, "what makes the small window")
    preferences = sirocco.preferences
    quick_ask = preferences.quick_ask
    preferences.set_quick_ask(quick_ask._replace(endpoint_id=content.ENDPOINT_ID, model="mistral-small-4"))
    if sirocco.quick is None:
        raise RuntimeError("the app has not been there for long enough")
    quick = sirocco.quick.window
    sirocco.quick.toggle()
    until(quick.isActiveWindow, "the small window")
    wait(SETTLES)
    quick.hints.copied.offer(COPIED)
    studio.take("06a-quick-ask-idle", quick)
    quick.hints.copied.setChecked(True)
    studio.take("06a-quick-ask-included", quick)
    quick.hints.copied.offer("")
    quick.toggle_private()
    studio.take("06a-quick-ask-private", quick)
    quick.toggle_private()
    quick.writing.fill(content.UNDO_QUESTION, "")
    quick.wording.ask()
    session = quick.session
    until(lambda: bool(session.path) and content.UNDO_BEGINS in session.path[-1].text, "half the answer")
    studio.take("06b-quick-ask-answering", quick)
    servers.undo.open()
    until(lambda: quick.mode is Mode.DONE, "the answer")
    quick.footer.pin.setChecked(True)
    studio.take("06c-quick-ask-done", quick)
    quick.writing.fill(content.UNDO_FOLLOW_UP, "")
    quick.wording.ask()
    until(lambda: quick.mode is Mode.DONE, "the second answer")
    studio.take("06d-quick-ask-follow-up", quick)
    screen = screen_name(quick.screen())
    preferences.set_quick_ask(preferences.quick_ask.with_size(QuickSize(screen, NARROW, 0)))
    quick.get_ready()
    wait(SETTLES)
    studio.take("06e-quick-ask-narrow", quick)
    preferences.set_quick_ask(preferences.quick_ask.with_size(QuickSize(screen)))
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    quick.get_ready()
    studio.take("06f-quick-ask-mirrored", quick)
    quick.new_talk()
    quick.hints.copied.offer(COPIED)
    studio.take("06f-quick-ask-mirrored-idle", quick)
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    quick.hide()
    alone = named(studio.window.sidebar, QRadioButton, "Quick Ask")
    alone.click()
    studio.take("06g-quick-ask-chats")
    named(studio.window.sidebar, QRadioButton, "All chats").click()
