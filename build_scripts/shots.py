"""Pictures every main screen, light and dark: `dev.py shots [FOLDER] [--scale 2] [--only 01 …]`.

It is the real app in a profile of its own, with real windows and a real server, put into each state the way
a person would. The pictures are called as those of the design, so that the two can be laid side by side.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton

from app.chat.activity import ActivityKind
from app.chat.session import ChatSession
from app.core.conversation import Conversation
from app.core.provider import PRESETS, Endpoint
from app.core.settings import Appearance, ProxyMode, Settings, WindowGeometry
from app.desktop.application import Application
from app.desktop.paths import APP_ID, Folders
from app.desktop.redaction import Redactor
from app.desktop.start_options import Options
from app.main import Sirocco
from app.store.api_keys import ApiKeyring
from app.store.conversations import Conversations
from app.store.database import Database
from app.store.settings_file import SettingsFile
from app.ui.composer.model_picker import ModelPicker
from app.ui.guide_window import GuideWindow
from app.ui.licences_window import LicencesWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.endpoint_form import EndpointForm
from app.ui.settings.key_field import KeyField
from app.ui.shortcut_list import ShortcutList
from app.ui.welcome.page import WelcomePage
from build_scripts import shots_blocks as blocks
from build_scripts import shots_content as content
from build_scripts.shots_quick_ask import picture_quick_ask
from build_scripts.shots_server import MODELS, WRONG_KEY, Servers
from build_scripts.shots_studio import SETTLES, Studio, named, only_child, until, wait
from tests.chat.house import MemoryKeyring

WIDE, NARROW = (1200, 800), (600, 800)
GOOD_KEY = "good-key-000000000000000004fQz"


def main(arguments: Sequence[str]) -> int:
    given = _arguments(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = str(given.scale)
    application = Application(sys.argv[:1])
    application.setApplicationName("Sirocco")
    application.setDesktopFileName(APP_ID)
    application.setQuitOnLastWindowClosed(False)
    application.setCursorFlashTime(0)
    QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())
    with TemporaryDirectory(prefix="sirocco-shots-") as name, Servers(Path(name)) as servers:
        now = datetime.now().astimezone()
        with running(application, Path(name, "first"), servers) as sirocco:
            picture_welcome(Studio(sirocco, given.folder, given.only))
        with running(application, Path(name, "third"), servers, tuple(blocks.chats(now))) as sirocco:
            picture_blocks(Studio(sirocco, given.folder, given.only))
        with running(application, Path(name, "second"), servers, tuple(content.chats(now))) as sirocco:
            studio = Studio(sirocco, given.folder, given.only)
            for picture in (
                picture_chats,
                picture_find,
                picture_narrow,
                picture_dialogs,
                picture_errors,
                picture_streaming,
                picture_directions,
                picture_formulas,
                picture_quick_ask,
            ):
                picture(studio, servers)
    return 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels a pixel (1)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="pictures whose names begin so")
    return parser.parse_args(arguments)


# -- the app ------------------------------------------------------------------------------------------------


@contextmanager
def running(
    application: Application, home: Path, servers: Servers, chats: Sequence[Conversation] = ()
) -> Iterator[Sirocco]:
    """The app in a profile of its own; with `chats` one that has been in use for a while."""
    home.mkdir(mode=0o700)
    profile = Folders(*(home / name for name in ("config", "data", "logs", "cache")))
    profile.make()
    settings = Settings(
        appearance=Appearance.LIGHT,
        less_motion=True,
        proxy_mode=ProxyMode.CUSTOM,
        proxy_url=servers.proxy_url,
        ca_file=str(servers.ca_file),
        geometry=WindowGeometry(0, 0, *WIDE),
    )
    backend = MemoryKeyring()
    if chats:
        preset = PRESETS[0]
        endpoints = (
            Endpoint(content.ENDPOINT_ID, preset.name, f"{preset.base_url.lower()}/v1", content.MODEL),
            Endpoint(content.LOCAL_ID, "Local server", "http://localhost:11434/v1", "ministral-3:8b"),
            Endpoint(content.GATEWAY_ID, "Office gateway", "https://ai.example.net/v1", content.MODEL),
        )
        settings = replace(settings, endpoints=endpoints, default_endpoint_id=content.ENDPOINT_ID)
        for endpoint in endpoints:
            if not endpoint.is_loopback:
                backend.set_password("sirocco", endpoint.origin, GOOD_KEY)
        with closing(Database(profile.database_file)) as database:
            database.open()
            for chat in chats:
                Conversations(database).add(chat)
    SettingsFile(profile.settings_file).save(settings)
    sirocco = Sirocco(
        application, profile, Redactor(home), Options(), None, lambda: ApiKeyring(backend=backend)
    )
    sirocco.start()
    until(lambda: sirocco.library.is_loaded and sirocco.network.is_ready, "the start")
    until(sirocco.window.isActiveWindow, "the window's focus")
    sirocco.window.resize(*WIDE)
    try:
        yield sirocco
    finally:
        sirocco.shut_down()
        sirocco.window.deleteLater()
        sirocco.deleteLater()
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -- the pictures -------------------------------------------------------------------------------------------


def picture_welcome(studio: Studio) -> None:
    """First start, a key that works, and one that doesn't."""
    page = only_child(studio.window, WelcomePage)
    key = only_child(page, KeyField)
    test = named(page, QPushButton, "Test connection")
    start = named(page, QPushButton, "Start chatting")
    studio.take("03a-welcome")
    QTest.keyClicks(key, GOOD_KEY)
    QTest.mouseClick(test, Qt.MouseButton.LeftButton)
    until(lambda: test.text() == "Test again", "the test of the key")
    studio.take("03b-welcome-connected")
    key.selectAll()
    QTest.keyClicks(key, WRONG_KEY)
    QTest.mouseClick(test, Qt.MouseButton.LeftButton)
    until(lambda: test.text() == "Test again" and not start.isEnabled(), "the test of the wrong key")
    studio.take("03c-welcome-failed")


def picture_blocks(studio: Studio) -> None:
    """Every kind of block, a table that is too wide, code and a question that are too long, Arabic."""
    for page in blocks.PAGES:
        if studio.wants(page.name):
            studio.open(page.title)
            studio.resize((1000, page.height))
            wait(SETTLES)
            studio.window.page.transcript.canvas.verticalScrollBar().setValue(0)
            studio.window.setFocus()
            studio.take(page.name)
    studio.resize(WIDE)


def picture_chats(studio: Studio, _: Servers) -> None:
    """A chat, the choice of its model, and a new chat."""
    window = studio.window
    other = studio.open(content.PARSER)
    studio.send(other, content.PARSER_QUESTION, lambda: _says(other, "Here they are"))
    session = studio.open(content.TURBINE)
    window.page.focus_composer()
    studio.sirocco.connections.fetch_models(content.ENDPOINT_ID)
    until(lambda: len(studio.sirocco.connections.models(content.ENDPOINT_ID)) == len(MODELS), "the models")
    studio.take("01-main")
    window.page.choose_model()
    picker = only_child(window, ModelPicker)
    studio.take("15-model-picker", over=picker)
    picker.close()
    window.new_chat()
    studio.take("04-empty")
    window.show_session(session)


def picture_find(studio: Studio, _: Servers) -> None:
    """A word that is found several times."""
    if not studio.wants("08b"):
        return
    page = studio.window.page
    studio.open(content.TURBINE)
    page.transcript.canvas.verticalScrollBar().setValue(0)
    page.open_find()
    QTest.keyClicks(page.find_bar.field, "speed")
    until(lambda: page.transcript.finder.is_complete, "the search")
    page.find_next()
    page.find_next()
    studio.take("08b-find-in-chat")
    page.close_find()


def picture_narrow(studio: Studio, _: Servers) -> None:
    """The window at half its width, and the list of chats over it."""
    studio.open(content.TURBINE)
    studio.resize(NARROW)
    studio.window.page.focus_composer()
    studio.take("12a-narrow")
    studio.window.body.open_drawer()
    studio.take("12b-narrow-drawer")
    studio.window.body.close_drawer()
    studio.resize(WIDE)


def picture_dialogs(studio: Studio, _: Servers) -> None:
    """The pages of the settings, the licences, the list of shortcuts and the guide."""
    connections = studio.sirocco.connections
    connections.fetch_models(content.LOCAL_ID)
    connections.fetch_models(content.GATEWAY_ID)
    until(lambda: connections.status(content.LOCAL_ID) == "offline", "the local server's absence")
    until(lambda: connections.status(content.GATEWAY_ID) == "refused", "the gateway's refusal")
    studio.window.open_settings()
    dialog = only_child(studio.window, SettingsDialog)
    form = only_child(dialog, EndpointForm)
    form.test()
    test = named(form, QPushButton, "Test connection")
    until(test.isEnabled, "the test of the endpoint")
    studio.take("05a-settings-endpoints", dialog)
    quick_ask = next(one for one in dialog.findChildren(QRadioButton) if one.text() == "Quick Ask")
    quick_ask.setChecked(True)
    studio.take("05c-settings-quick-ask", dialog)
    appearance = next(one for one in dialog.findChildren(QRadioButton) if one.text() == "Appearance")
    appearance.setChecked(True)
    studio.take("05b-settings-appearance", dialog)
    studio.window.others.open_about()
    studio.take("settings-about", dialog)
    studio.window.others.show_licences()
    licences = only_child(dialog, LicencesWindow)
    studio.take("licences", licences)
    licences.close()
    dialog.close()
    studio.window.show_shortcuts()
    shortcuts = only_child(studio.window, ShortcutList)
    studio.take("shortcuts", shortcuts)
    shortcuts.close()
    studio.window.others.open_guide()
    (guide,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, GuideWindow))
    until(lambda: bool(guide.text.frames()) and guide.text.is_settled, "the guide")
    studio.take("guide", guide)
    guide.close()


def picture_errors(studio: Studio, _: Servers) -> None:
    """A refused key, a server that isn't there, a pause that was asked for; a broken answer, a long chat."""
    if studio.wants("07a"):
        session = studio.open(content.NOTES)
        first, second, third = content.NOTES_QUESTIONS
        studio.send(session, first, lambda: _failed(session, 1))
        session.set_model(content.LOCAL_ID, "ministral-3:8b")
        studio.send(session, second, lambda: _failed(session, 2))
        session.set_model(content.ENDPOINT_ID, content.MODEL)
        studio.send(session, third, lambda: session.activity.kind is ActivityKind.RETRYING)
        studio.open(content.PARSER)
        studio.open(content.NOTES)
        studio.window.setFocus()
        studio.take("07a-errors")
        session.stop()
        until(lambda: not session.is_busy, "the end of the waiting")
    if studio.wants("07b"):
        session = studio.open(content.TREE)
        studio.send(session, content.TREE_QUESTION, lambda: _failed(session, 1))
        studio.send(session, content.TREE_SECOND, lambda: _failed(session, 2))
        studio.open(content.PARSER)
        studio.open(content.TREE)
        studio.window.setFocus()
        studio.take("07b-errors-interrupted")


def picture_streaming(studio: Studio, servers: Servers) -> None:
    """An answer that is being written, and one whose reader has gone up."""
    if not studio.wants("02"):
        return
    session = studio.open(content.TURBINE)
    studio.window.page.try_last_again()
    until(lambda: _says(session, content.ANSWER_BEGINS), "the beginning of the answer")
    studio.window.page.focus_composer()
    studio.take("02a-streaming")
    servers.pauses[0].open()
    until(lambda: _says(session, content.ANSWER), "the answer")
    servers.pauses[1].open()
    until(lambda: _says(session, content.ANSWER_LEADS_ON), "the end of the answer")
    wait(SETTLES)
    transcript = studio.window.page.transcript
    bar = transcript.canvas.verticalScrollBar()
    bar.setValue(bar.minimum())
    studio.take("02b-streaming-scrolled")
    session.stop()
    until(lambda: not session.is_busy, "the end of the answer")


def picture_directions(studio: Studio, _: Servers) -> None:
    """What reads from right to left, what no line can hold, and a title that is too long."""
    if not studio.wants("16"):
        return
    studio.window.new_chat()
    session = studio.window.page.session
    if session is None:
        raise SystemExit("shots: there is no chat to write in")
    studio.send(session, content.FOREIGN_QUESTION, lambda: not session.is_busy and len(session.path) == 2)
    session.rename(content.FOREIGN)
    studio.take("16-two-directions")


def picture_formulas(studio: Studio, _: Servers) -> None:
    """Formulas in lines, in a table and on lines of their own, and one that can't be set."""
    if not studio.wants("17"):
        return
    studio.window.new_chat()
    session = studio.window.page.session
    if session is None:
        raise SystemExit("shots: there is no chat to write in")
    studio.send(session, content.FORMULAS_QUESTION, lambda: not session.is_busy and len(session.path) == 2)
    session.rename(content.FORMULAS)
    canvas = studio.window.page.transcript.canvas
    canvas.verticalScrollBar().setValue(0)
    wait(SETTLES)
    until(lambda: canvas.formulas.is_idle, "the formulas")
    studio.take("17-formulas")


def _says(session: ChatSession, words: str) -> bool:
    return words.strip() in session.path[-1].text


def _failed(session: ChatSession, count: int) -> bool:
    errors = [turn for turn in session.path if turn.reply is not None and turn.reply.error is not None]
    return len(errors) == count and not session.is_busy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
