"""What a start does once the person is at work: About, reports of earlier crashes, word of newer versions."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app import __version__
from app.chat.network import Network
from app.chat.preferences import Preferences
from app.core.about import About
from app.desktop.build_info import BuildInfo, build_info
from app.desktop.paths import Folders
from app.desktop.redaction import Redactor
from app.ui.main_window import MainWindow

REPORT_AFTER, UPDATES_AFTER = 500, 1000  # ms; nobody came for these

_log = logging.getLogger(__name__)


class Aftercare(QObject):
    """Made and started some time after the first paint; most of what it needs is loaded when it is needed."""

    def __init__(
        self,
        window: MainWindow,
        network: Network,
        preferences: Preferences,
        profile: Folders,
        redactor: Redactor,
        environment: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._network = network
        self._preferences = preferences
        self._profile = profile
        self._redactor = redactor
        self._environment = environment
        self._is_stopped = False

    def start(self) -> None:
        """Let the settings have About; the rest follows."""
        from app.desktop.open_folder import open_folder

        self._window.others.use_about(self._about, open_folder)
        QTimer.singleShot(REPORT_AFTER, self, self._offer_report)
        QTimer.singleShot(UPDATES_AFTER, self, lambda: self.watch_updates(build_info()))

    def stop(self) -> None:
        """The app ends: nothing more is offered."""
        self._is_stopped = True

    def watch_updates(self, build: BuildInfo) -> None:
        """Look for newer versions, or ask whether to, where this build may."""
        if self._is_stopped or not build.looks_for_updates:
            return
        from app.chat.updates import Updates

        updates = Updates(self._network, self._preferences, build.update_address, __version__, parent=self)
        self._window.use_updates(updates)
        updates.start()

    def _about(self) -> About:
        from app.presence.about import about

        return about(self._profile, self._environment, Path.home())

    def _offer_report(self) -> None:
        if self._is_stopped:
            return
        from app.desktop.fault_reports import FaultReports

        reports = FaultReports(self._profile.logs, self._redactor)
        reports.collect()
        if (report := reports.unseen()) is not None:
            _log.info("an earlier run left a report, which is offered")
            self._window.offer_report(report, reports.note_seen)
