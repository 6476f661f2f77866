"""The red banner of an address that sends everything unencrypted to another machine (SEC-06)."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.provider import host_of, is_loopback
from app.ui.theme import Theme
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph
from app.ui.widgets.switch import Switch


def is_insecure(base_url: str) -> bool:
    """True for http to anything but this machine."""
    return urlsplit(base_url).scheme.lower() == "http" and not is_loopback(base_url)


class InsecureBanner(Panel):
    """Says what an unencrypted address means, and holds the person's consent to it.

    It stays as long as the address is one of that kind. Signals: `confirmed_changed(bool)`.
    """

    confirmed_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, fill="danger.tint", line="danger.line", radius=10, parent=parent)
        self._base_url = ""
        self._title = Label(
            theme, self.tr("This address is not encrypted"), style="ui.strong", tone="danger.text"
        )
        self._text = Paragraph(theme)
        words = self.tr("Use it without encryption")
        self._switch = Switch(theme, words)
        self._switch.toggled.connect(self.confirmed_changed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._switch)
        row.addWidget(Label(theme, words), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addSpacing(4)
        layout.addLayout(row)
        self.hide()

    @property
    def blocks(self) -> bool:
        """True while the address is unencrypted and the person has not consented."""
        return bool(self._base_url) and not self._switch.isChecked()

    def show_for(self, base_url: str, saved_url: str = "") -> None:
        """Judge `base_url`; what is saved already was consented to."""
        wanted = base_url if is_insecure(base_url) else ""
        if wanted and host_of(wanted) != host_of(self._base_url):
            self._switch.setChecked(wanted == saved_url)
            self._text.setText(
                self.tr(
                    "Everyone on the way to {host} can read and change your chats, and take your API key. "
                    "Use https, or a server on this machine."
                ).format(host=host_of(wanted))
            )
        self._base_url = wanted
        self.setVisible(bool(wanted))
