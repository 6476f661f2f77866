"""What the window says of newer versions: it asks once whether to look, and tells of one that is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.chat.updates import Updates
from app.core.settings import UpdateCheck
from app.core.update import Release
from app.ui.notice_bar import Notice, NoticeBar

UPDATES = "updates"


class UpdateNotices(QObject):
    """Speaks through `bar` while that is free; else it waits for another start, or for another day."""

    def __init__(
        self, updates: Updates, bar: NoticeBar, show: Callable[[Release], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._updates = updates
        self._bar = bar
        self._show = show
        updates.found.connect(self._on_found)

    def ask(self) -> None:
        """Ask whether to look, if that was never said."""
        if not self._updates.is_undecided or self._bar.notice is not None:
            return
        updates = self._updates
        text = self.tr("It asks {host} for a small file once a day. Nothing about you or your chats is sent.")
        self._bar.show_notice(
            Notice(
                UPDATES,
                self.tr("Shall Sirocco look for newer versions?"),
                text.format(host=updates.host),
                icon="info",
                family="accent",
                actions=(
                    (self.tr("Look once a day"), lambda: updates.decide(UpdateCheck.ON)),
                    (self.tr("Don’t look"), lambda: updates.decide(UpdateCheck.OFF)),
                ),
                closed=lambda: updates.decide(UpdateCheck.OFF),
            )
        )

    def _on_found(self, release: Release) -> None:
        if self._bar.notice is not None:
            return

        def show() -> None:
            self._updates.skip(release)
            self._show(release)

        self._bar.show_notice(
            Notice(
                UPDATES,
                self.tr("Sirocco {version} is there").format(version=release.version),
                self.tr("You can read what is new, and get it from its page."),
                icon="info",
                family="accent",
                actions=((self.tr("What is new"), show),),
                closed=lambda: self._updates.skip(release),
            )
        )
