"""The checks that take the whole app: an answer from question to painted transcript, and a key put away."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.chat.keys import KeyPlace
from app.core.completion import ReplyState
from app.core.conversation import Conversation
from app.core.errors import ChatError
from app.core.provider import ApiKey
from app.main import Sirocco
from app.store.api_keys import ApiKeyring

QUESTION = "What can you show me?"
ORIGIN = "https://self-test.sirocco.invalid"
LIMIT = 90_000  # ms for each; a watchdog
PAINTED_AFTER = 500  # ms after the answer's end
# Colours of a grid of points that a page of text surely has; an empty one has a handful.
COLOURS = 24


class Rehearsal(QObject):
    """Asks the offline demo a question, then puts a key into the keyring and takes it out again.

    Signals: `done(name, words, is_good)` for each of them; `finished()`.
    """

    done = Signal(str, str, bool)
    finished = Signal()

    def __init__(self, sirocco: Sirocco, keyring: ApiKeyring) -> None:
        super().__init__(sirocco)
        self._sirocco = sirocco
        self._keyring = keyring
        self._name = ""
        self._watchdog = QTimer(self)
        self._watchdog.setSingleShot(True)
        self._watchdog.timeout.connect(lambda: self._end(f"no end within {LIMIT // 1000} s", is_good=False))

    def start(self) -> None:
        """Begin; the workers must not have been started."""
        self._begin("answer")
        sirocco = self._sirocco
        # As shown as can be, and on no screen.
        sirocco.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        sirocco.window.show()
        sirocco.disk.opened.connect(self._ask)
        sirocco.disk.open_failed.connect(self._fail)
        sirocco.disk.start()
        sirocco.network.start()
        sirocco.keys.start()

    def _begin(self, name: str) -> None:
        self._name = name
        self._watchdog.start(LIMIT)

    def _end(self, words: str, *, is_good: bool) -> None:
        name, self._name = self._name, ""
        self._watchdog.stop()
        self.done.emit(name, words, is_good)
        match name:
            case "answer":
                self._begin("keyring")
                self._put_key_away()
            case "keyring":
                self.finished.emit()
            case _:
                pass  # it had been given up

    def _fail(self, error: ChatError) -> None:
        self._end(str(error), is_good=False)

    # -- the answer --

    def _ask(self) -> None:
        self._session = session = self._sirocco.library.new_session()
        self._sirocco.window.show_session(session)
        session.busy_changed.connect(self._on_busy_changed)
        session.save_failed.connect(self._fail)
        session.send(QUESTION)

    def _on_busy_changed(self, is_busy: bool) -> None:
        if not is_busy and self._name == "answer":
            QTimer.singleShot(PAINTED_AFTER, self, self._read_back)

    def _read_back(self) -> None:
        conversation_id = self._session.conversation_id
        self._sirocco.disk.submit(lambda chats: chats.load(conversation_id), self._judge, self._fail)

    def _judge(self, stored: Conversation | None) -> None:
        if self._name != "answer":
            return
        last = self._session.path[-1]
        kept = {turn.text for turn in stored.turns} if stored is not None else set()
        if last.state is not ReplyState.DONE or not last.text:
            self._end(f"it ended as {last.state}", is_good=False)
        elif not {QUESTION, last.text} <= kept:
            self._end("it was not stored", is_good=False)
        elif (colours := self._colours_painted()) < COLOURS:
            self._end(f"it was not painted ({colours} colours)", is_good=False)
        else:
            self._end(f"{len(last.text)} characters came, were stored and painted", is_good=True)

    def _colours_painted(self) -> int:
        transcript = self._sirocco.window.page.shown_transcript
        if transcript is None:
            return 0
        picture = transcript.grab().toImage()
        across, down = range(0, picture.width(), 3), range(0, picture.height(), 3)
        return len({picture.pixel(x, y) for x in across for y in down})

    # -- the key --

    def _put_key_away(self) -> None:
        keys = self._sirocco.keys
        keys.key_stored.connect(self._on_stored)
        keys.key_not_stored.connect(lambda _origin, state: self._end(f"it is {state}", is_good=False))
        keys.store(ApiKey("a key that opens nothing", ORIGIN))

    def _on_stored(self, origin: str, place: KeyPlace) -> None:
        # The keyring was asked for it again before it says so.
        self._sirocco.keys.forget(origin)
        if place is KeyPlace.KEYRING:
            self._end(f"{self._keyring.name}: a key was stored, read and deleted", is_good=True)
        else:
            self._end("there is none: keys would be kept until Sirocco is closed", is_good=False)
