"""The page General: how messages are sent, when the app runs, and the way to the network."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.autostart import Autostart
from app.chat.preferences import Preferences
from app.chat.updates import Updates
from app.core.settings import ProxyMode, SendKey, Settings
from app.ui.settings.fields import Field
from app.ui.settings.rows import Card, PageTitle
from app.ui.settings.startup_card import StartupCard
from app.ui.settings.updates_card import UpdatesCard
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.drop_down import DropDown
from app.ui.widgets.label import Label
from app.ui.widgets.segmented import Segmented

FIELD_WIDTH, NARROW_FIELD = 230, 130  # px


class GeneralPage(QWidget):
    """Every change applies at once."""

    def __init__(
        self,
        theme: Theme,
        preferences: Preferences,
        autostart: Autostart | None = None,
        updates: Updates | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._send = Segmented(
            theme,
            self.tr("Send messages with"),
            (
                (SendKey.ENTER.value, self.tr("Enter"), ""),
                (SendKey.CTRL_ENTER.value, self.tr("Ctrl+Enter"), ""),
            ),
        )
        self._send.chosen.connect(self._on_send_key)
        self._proxy = DropDown(theme, self.tr("Proxy"))
        for mode, words in (
            (ProxyMode.SYSTEM, self.tr("As the system says")),
            (ProxyMode.NONE, self.tr("None")),
            (ProxyMode.CUSTOM, self.tr("This one:")),
        ):
            self._proxy.addItem(words, mode)
        self._proxy.activated.connect(self._on_proxy)
        self._proxy_url = Field(theme, self.tr("Proxy address"))
        self._proxy_url.setPlaceholderText("http://proxy.example:8080")
        _set_width(self._proxy_url)
        self._proxy_url.editingFinished.connect(self._on_proxy)
        self._ca_file = Field(theme, self.tr("Certificates"))
        self._ca_file.setPlaceholderText(self.tr("None but the system’s"))
        _set_width(self._ca_file)
        self._ca_file.editingFinished.connect(self._on_ca_file)
        choose = Button(theme, self.tr("Choose…"))
        choose.clicked.connect(self._on_choose)
        certificates = QWidget()
        row = QHBoxLayout(certificates)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._ca_file)
        row.addWidget(choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(6)
        layout.addWidget(PageTitle(theme, self.tr("General")))
        layout.addSpacing(6)
        messages = Card(theme)
        messages.set_least_width()
        messages.add_row(
            self.tr("Send messages with"),
            self._send,
            self.tr("The other one, or Shift+Enter, breaks the line."),
        )
        layout.addWidget(messages)
        layout.addSpacing(10)
        layout.addWidget(StartupCard(theme, preferences, autostart))
        layout.addSpacing(10)
        if updates is not None:
            layout.addWidget(UpdatesCard(theme, preferences, updates))
            layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Network"), style="ui.strong"))
        network = Card(theme)
        network.add_row(
            self.tr("Proxy"), self._proxy, self.tr("A server on this machine is always reached directly.")
        )
        self._proxy_row = network.add_row(self.tr("Proxy address"), self._proxy_url)
        network.add_row(
            self.tr("Certificates"), certificates, self.tr("A PEM file that counts beside the system’s own.")
        )
        layout.addWidget(network)
        layout.addStretch()
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    def _show_settings(self, settings: Settings) -> None:
        self._send.set_value(settings.send_key.value)
        self._proxy.setCurrentIndex(self._proxy.findData(settings.proxy_mode))
        self._proxy_row.setVisible(settings.proxy_mode is ProxyMode.CUSTOM)
        for field, text in ((self._proxy_url, settings.proxy_url), (self._ca_file, settings.ca_file)):
            if field.text() != text and not field.hasFocus():
                field.setText(text)
                field.setCursorPosition(0)  # an address is known by its beginning

    def _on_send_key(self, value: str) -> None:
        self._preferences.set(replace(self._preferences.current, send_key=SendKey(value)))

    def _on_proxy(self) -> None:
        mode = ProxyMode(self._proxy.currentData())
        url = self._proxy_url.text().strip()
        self._preferences.set(replace(self._preferences.current, proxy_mode=mode, proxy_url=url))

    def _on_ca_file(self) -> None:
        self._preferences.set(replace(self._preferences.current, ca_file=self._ca_file.text().strip()))

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Certificates"), "", self.tr("PEM files (*.pem *.crt)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_chosen)
        # For this window alone: one that waits for its end would keep people from Quick Ask, too.
        dialog.open()

    def _on_chosen(self, path: str) -> None:
        self._ca_file.setText(path)
        self._on_ca_file()


def _set_width(field: Field) -> None:
    field.setMinimumWidth(NARROW_FIELD)
    field.setMaximumWidth(FIELD_WIDTH)
