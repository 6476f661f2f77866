"""The window as a program: builds all parts, connects them, runs them, and shuts them down."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QApplication

from app import __version__
from app.api.environment import environment_key
from app.chat.connections import Connections
from app.chat.disk import Disk
from app.chat.keys import KeyringMaker, Keys, system_keyring
from app.chat.library import Library
from app.chat.network import Network, client_maker
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.errors import ChatError
from app.core.provider import DEMO_ENDPOINT, ApiKey
from app.core.settings import Settings
from app.desktop.application import Application
from app.desktop.hand_over import message_of
from app.desktop.instance_lock import Election, InstanceLock
from app.desktop.logs import LEVEL_VARIABLE, log_qt_messages, start_logging
from app.desktop.paths import APP_ID, Folders, folders, instance_socket, resources_dir
from app.desktop.process_environment import tidy
from app.desktop.redaction import Redactor
from app.desktop.start_options import Options
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.chat.autostart import Autostart
    from app.chat.hotkey import GlobalHotkey
    from app.presence.aftercare import Aftercare
    from app.presence.presence import Presence
    from app.presence.quick_window import QuickWindow

EXIT_FAILED = 1
SHUT_DOWN_SECONDS = 1.7  # of the 2 s that leaving may take (DESIGN §6)
HIDDEN_START = 1000  # ms after which a window that nobody sees doesn't keep the workers waiting
PRESENT_AFTER = 300  # ms after which the desktop hears of a window that is there: the workers come first
HOTKEY_AFTER = 500  # ms more; a window that has just opened is the nearer place
AFTERCARE_AFTER = 500  # ms more
GARBAGE_AFTER = 2500  # ms, when all is there that stays
ONLINE_WATCH_AFTER = 2000  # ms; asking the desktop about the network can wait until the person reads

_log = logging.getLogger(__name__)


def run(options: Options) -> int:
    """Run the app until it is quit; returns the exit code. Ends the process itself where a thread hangs."""
    profile = folders()
    redactor = Redactor(Path.home())
    try:
        profile.make()
    except OSError as error:
        # The window still opens: it says that nothing can be saved, and what is written can be copied.
        _log.warning("a folder can't be made: %s", error.strerror)
    start_logging(profile.logs, redactor, os.environ.get(LEVEL_VARIABLE, ""))
    log_qt_messages()
    tidy()
    socket_path = instance_socket(profile, os.environ) if os.name == "posix" else Path(profile.profile_id)
    lock = InstanceLock(profile, socket_path)
    match lock.elect(message_of(options, os.environ)):
        case Election.HANDED_OVER:
            return 0
        case Election.NO_ANSWER:
            print("sirocco: it is running already, but does not answer; end it first", file=sys.stderr)
            return EXIT_FAILED
        case Election.FIRST if options.quit:
            lock.release()
            return 0
        case Election.FIRST:
            pass
    application = make_application()
    sirocco = Sirocco(application, profile, redactor, options, socket_path)
    sirocco.start()
    QTimer.singleShot(GARBAGE_AFTER, application, lambda: _look_for_garbage(application))
    code = application.exec()
    is_clean = sirocco.shut_down()
    _leave_clipboard()
    lock.release()
    if not is_clean:
        # A thread hangs in the keyring, in a name look-up or on a dead disk. Everything else is saved, and
        # to wait for it, or to destroy it while it runs, would abort what has ended well (REL-13).
        logging.shutdown()
        os._exit(code)
    return code


def _leave_clipboard() -> None:
    from app.ui.transcript.clipboard import leave_clipboard  # the start copies nothing

    leave_clipboard()


def _look_for_garbage(application: Application) -> None:
    from app.desktop.garbage import Garbage  # the start makes none

    Garbage(application)


def make_application() -> Application:
    """The one application object of this process."""
    # setStyle would wrap the style, and make all its enumerations, before the first paint.
    application = Application([*sys.argv[:1], "-style", "Fusion"])
    application.setApplicationName("Sirocco")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(APP_ID)
    return application


class Sirocco(QObject):
    """All parts of the running app, and what connects them. The only place that knows everything."""

    def __init__(
        self,
        application: Application,
        profile: Folders,
        redactor: Redactor,
        options: Options,
        socket_path: Path | None,
        make_keyring: KeyringMaker = system_keyring,
    ) -> None:
        super().__init__()
        self._application = application
        self._redactor = redactor
        self._options = options
        self._profile = profile
        self._socket_path = socket_path
        self._has_started_workers = False
        self._is_clean: bool | None = None
        # Soon after the start.
        self.quick: QuickWindow | None = None
        self._presence: Presence | None = None
        self._aftercare: Aftercare | None = None
        self.hotkey: GlobalHotkey | None = None
        environment = dict(os.environ)
        self._environment = environment
        demo = DEMO_ENDPOINT if options.demo else None
        self.disk = Disk(profile.database_file, self)
        self.preferences = Preferences(profile.settings_file, self.disk, environment, demo, self)
        self.network = Network(client_maker(self.preferences.current, environment), self)
        own_key = environment_key(environment)
        self.keys = Keys(make_keyring, environment_key=own_key, parent=self)
        self.connections = Connections(self.network, self.keys, self.preferences, self)
        self.library = Library(self.network, self.disk, self.keys, self.preferences, self.connections, self)
        self.theme = Theme(application, resources_dir(), self)
        self.theme.follow(self.preferences.current)
        self.window = MainWindow(
            self.theme, self.library, self.preferences, self.connections, self.keys, _open_link
        )
        if own_key is not None:
            self._keep_out_of_logs(own_key.origin, own_key)
        self._connect()

    def _connect(self) -> None:
        self._proxies = _proxies(self.preferences.current)
        self.preferences.changed.connect(self._on_settings_changed)
        self.preferences.save_failed.connect(_log_error)
        self.disk.open_failed.connect(_log_error)
        self.network.warnings_changed.connect(self._on_network_warnings)
        self.keys.key_found.connect(self._keep_out_of_logs)
        self.connections.key_entered.connect(self._keep_out_of_logs)
        self.window.quit_asked.connect(self._application.quit)
        self._application.commitDataRequest.connect(self._on_session_ends)
        # On macOS `exec` may not return when the app is quit; elsewhere this comes just before.
        self._application.aboutToQuit.connect(self.shut_down)

    # -- start ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Show the window; the workers start once it is painted, so that nothing delays its first picture."""
        if self._options.hidden or self._options.quick_ask is not None:
            QTimer.singleShot(0, self, self._start_workers)
        else:
            self.window.show()
            handle = self.window.windowHandle()
            handle.installEventFilter(self)
            QTimer.singleShot(HIDDEN_START, self, self._start_workers)
        if self._options.first_question or self._options.picture is not None:
            self._rehearsal = Rehearsal(self, self._options.first_question, self._options.picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Wait for the window's first exposure; it is painted within that event, so the timer comes after."""
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._start_workers)
        return False

    def _start_workers(self) -> None:
        if self._has_started_workers or self._is_clean is not None:
            return
        self._has_started_workers = True
        self._watch_signals()
        self._application.setWindowIcon(self.theme.window_icon())
        self.disk.start()
        self.network.start()
        self.keys.start()
        is_hidden = self._options.hidden or self._options.quick_ask is not None
        QTimer.singleShot(0 if is_hidden else PRESENT_AFTER, self, self._be_present)
        QTimer.singleShot(ONLINE_WATCH_AFTER, self, self._watch_network)

    def _watch_signals(self) -> None:
        from app.desktop.quit_signals import QuitSignals  # before the workers run there is nothing to save

        self._signals = QuitSignals(self)
        self._signals.asked.connect(self._application.quit)

    def _be_present(self) -> None:
        if self._is_clean is not None:
            return
        from app.presence.presence import Presence  # QtNetwork and more: not needed to paint
        from app.presence.quick_window import QuickWindow

        application = self._application
        self.quick = quick = QuickWindow(
            self.theme,
            self.library,
            self.preferences,
            self.connections,
            self.window,
            _open_link,
            self,
            is_secret=self.keys.is_in,
        )
        self.window.sidebar.quick_ask_asked.connect(quick.toggle)
        self._presence = presence = Presence(
            self.theme,
            self.window,
            quick,
            self.library,
            self.preferences,
            socket_path=self._socket_path,
            is_quitting=lambda: application.is_quitting,
            environment=self._environment,
            parent=self,
        )
        presence.quit_asked.connect(application.quit)
        application.icon_clicked.connect(presence.show_window)
        presence.woke.connect(self._on_woke)
        self.window.use_autostart(self._make_autostart)
        presence.start()
        if self._options.quick_ask is not None:
            presence.ask(self._options.quick_ask)
        elif self._options.hidden:
            presence.show_unless_reachable()
        QTimer.singleShot(HOTKEY_AFTER, self, lambda: self._bind_hotkey(quick, presence))
        QTimer.singleShot(AFTERCARE_AFTER, self, self._take_care)

    def _bind_hotkey(self, quick: QuickWindow, presence: Presence) -> None:
        if self._is_clean is not None:
            return
        from app.chat.hotkey import GlobalHotkey
        from app.desktop.hotkey.choice import hotkey_backend
        from app.desktop.start_command import quick_ask_command

        environment, description = self._environment, self.tr("Ask a quick question")
        self.hotkey = GlobalHotkey(
            self.preferences,
            lambda parent: hotkey_backend(environment, description, parent),
            quick_ask_command(environment),
            self,
        )
        self.hotkey.pressed.connect(quick.toggle)
        self.window.use_hotkey(self.hotkey)
        presence.follow_hotkey(self.hotkey)
        self.hotkey.start()

    def _take_care(self) -> None:
        if self._is_clean is not None:
            return
        from app.presence.aftercare import Aftercare

        self._aftercare = Aftercare(
            self.window,
            self.network,
            self.preferences,
            self._profile,
            self._redactor,
            self._environment,
            self,
        )
        self._aftercare.start()

    def _make_autostart(self) -> Autostart | None:
        from app.chat.autostart import Autostart
        from app.desktop.autostart.choice import startup_entry

        entry = startup_entry(self._environment)
        return Autostart(entry, self.disk, self) if entry is not None else None

    def _watch_network(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            _log.info("this system doesn't tell when it goes online")
            return
        self._network_information = QNetworkInformation.instance()
        self._network_information.reachabilityChanged.connect(self._on_reachability_changed)

    # -- while it runs ----------------------------------------------------------------------------------

    def _on_settings_changed(self, settings: Settings) -> None:
        if _proxies(settings) != self._proxies:
            self._proxies = _proxies(settings)
            self.network.use(client_maker(settings, self._environment))

    def _on_network_warnings(self, warnings: tuple[str, ...]) -> None:
        for warning in warnings:
            _log.warning("%s", warning)
        self.window.say_of_network(warnings)

    def _on_reachability_changed(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if self._network_information.reachability() is QNetworkInformation.Reachability.Online:
            self.library.went_online()

    def _on_woke(self) -> None:
        # The other ends have hung up meanwhile, and their word of it was lost. A stream that was under way
        # ends within a minute by itself (REL-16), if nothing comes.
        _log.info("awake again: the next request makes a new connection")
        self.network.use(client_maker(self.preferences.current, self._environment))
        self.library.went_online()

    def _keep_out_of_logs(self, origin: str, key: ApiKey | None) -> None:
        if key is not None:
            self._redactor.add(key.reveal_for(origin))

    # -- end --------------------------------------------------------------------------------------------

    def _on_session_ends(self, _manager: QSessionManager) -> None:
        # The session may yet be kept, so nothing is shut down; but the process may just as well be killed
        # next.
        self.window.keep_geometry()
        self.library.save_now()

    def shut_down(self) -> bool:
        """Save everything and end the workers, once; False where one of them hangs and was left behind."""
        if self._is_clean is None:
            self._is_clean = True
            if self._presence is not None:
                self._presence.stop()
            if self._aftercare is not None:
                self._aftercare.stop()
            if self.window.isVisible():
                self.window.keep_geometry()
            end = time.monotonic() + SHUT_DOWN_SECONDS
            self._is_clean = self.library.shut_down(SHUT_DOWN_SECONDS)
            self._is_clean &= self.window.shut_down(max(0.0, end - time.monotonic()))
            if self.quick is not None:
                self._is_clean &= self.quick.stop(max(0.0, end - time.monotonic()))
            if self.hotkey is not None:
                self._is_clean &= self.hotkey.close(max(0.0, end - time.monotonic()))
            self.window.hide()
            if self._has_started_workers:
                # Not before: until here an impatient second signal would have cut the saving short.
                self._signals.stop()
            if not self._is_clean:
                _log.warning("a worker hangs and was left behind")
        return self._is_clean


class Rehearsal(QObject):
    """Does what `dev.py demo` asks for: sends a first question, and takes a picture of what comes of it."""

    def __init__(self, sirocco: Sirocco, question: str, picture: Path | None) -> None:
        super().__init__(sirocco)
        self._sirocco = sirocco
        self._question = question
        self._picture = picture
        self._session: ChatSession | None = None
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        if not self._sirocco.disk.is_open:
            self._sirocco.disk.opened.connect(self._begin)
            return
        if self._question:
            self._session = self._sirocco.library.new_session()
            self._session.busy_changed.connect(self._on_busy_changed)
            self._session.send(self._question)
        else:
            self._take_picture_soon()

    def _on_busy_changed(self, is_busy: bool) -> None:
        if not is_busy:
            self._take_picture_soon()

    def _take_picture_soon(self) -> None:
        if self._picture is not None:
            # What came last is laid out and painted by then.
            QTimer.singleShot(600, self, self._take_picture)

    def _take_picture(self) -> None:
        if self._picture is None:
            return
        if not self._sirocco.window.grab().save(str(self._picture.absolute())):
            print(f"sirocco: no picture could be written to {self._picture}", file=sys.stderr)
            QApplication.exit(EXIT_FAILED)
            return
        QGuiApplication.quit()


def _open_link(address: str) -> object:
    from app.desktop.open_link import open_link  # most starts never need it

    return open_link(address)


def _proxies(settings: Settings) -> tuple[object, ...]:
    """What the HTTP client is made from."""
    return settings.proxy_mode, settings.proxy_url, settings.ca_file


def _log_error(error: ChatError) -> None:
    _log.error("%s", error)
