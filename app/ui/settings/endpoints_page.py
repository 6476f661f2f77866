"""The page Endpoints: all that can answer, and the form of the one that is chosen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.keys import Keys
from app.chat.preferences import Preferences
from app.core.conversation import new_id
from app.core.provider import ENVIRONMENT_ID, PRESETS, Endpoint, EndpointKind, Preset, host_of
from app.ui.settings.endpoint_form import EndpointForm, forget_unused_key
from app.ui.settings.endpoint_row import EndpointRow
from app.ui.settings.rows import PageTitle
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Size
from app.ui.widgets.label import Label
from app.ui.widgets.menu import Menu
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph
from app.ui.widgets.toast import Toast

UNDO_MILLISECONDS = 12_000  # a removed endpoint's key is deleted after that


class EndpointsPage(QWidget):
    """Lists the endpoints. A form that was opened is kept: looking elsewhere loses nothing that was typed."""

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        toast: Toast,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connections = connections
        self._keys = keys
        self._preferences = preferences
        self._toast = toast
        self._new: dict[str, Endpoint] = {}  # added and not saved yet
        self._rows: dict[str, EndpointRow] = {}
        self._pages: dict[str, QWidget] = {}
        self._origins_to_forget: set[str] = set()
        self._forget_timer = QTimer(self)
        self._forget_timer.setSingleShot(True)
        self._forget_timer.setInterval(UNDO_MILLISECONDS)
        self._forget_timer.timeout.connect(self.forget_removed_keys)
        self._add = Button(theme, self.tr("Add endpoint"), icon="plus", size=Size.SMALL)
        self._add.clicked.connect(self._on_add)
        self._list = Panel(theme)
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(1, 1, 1, 1)
        self._list_layout.setSpacing(0)
        self._title = Label(theme, style="ui.strong")
        self._stack = QStackedWidget()
        self._none = _note(theme, self.tr("No endpoint is set up yet. Add one to start chatting."))
        self._stack.addWidget(self._none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(0)
        layout.addWidget(PageTitle(theme, self.tr("Endpoints"), self._add))
        layout.addSpacing(12)
        layout.addWidget(self._list)
        layout.addSpacing(16)
        layout.addWidget(self._title)
        layout.addSpacing(6)
        layout.addWidget(self._stack, 1)
        preferences.endpoints_changed.connect(self._show_endpoints)
        connections.status_changed.connect(self._show_endpoints)
        self._show_endpoints()
        default = preferences.default_endpoint()
        if default is not None:
            self.open(default.endpoint_id)

    # -- what can be asked of it ------------------------------------------------------------------------

    def open(self, endpoint_id: str) -> None:
        """Open the form of this endpoint."""
        row = self._rows.get(endpoint_id)
        if row is not None:
            row.setChecked(True)
            self._show_page(endpoint_id)

    def forget_removed_keys(self) -> None:
        """Delete the keys of endpoints that were removed: it is too late for Undo."""
        self._forget_timer.stop()
        for origin in self._origins_to_forget:
            forget_unused_key(self._keys, self._preferences, origin)
        self._origins_to_forget.clear()

    # -- the list ---------------------------------------------------------------------------------------

    def _endpoints(self) -> tuple[Endpoint, ...]:
        saved = {one.endpoint_id for one in self._preferences.endpoints()}
        new = tuple(one for own, one in self._new.items() if own not in saved)
        return (*self._preferences.endpoints(), *new)

    def _show_endpoints(self) -> None:
        endpoints = self._endpoints()
        default = self._preferences.default_endpoint()
        for gone in set(self._rows) - {one.endpoint_id for one in endpoints}:
            row = self._rows.pop(gone)
            self._list_layout.removeWidget(row)
            row.hide()
            row.deleteLater()
            self._close_page(gone)
        for at, endpoint in enumerate(endpoints):
            own = endpoint.endpoint_id
            if own not in self._rows:
                row = EndpointRow(self._theme, own, self._list)
                row.toggled.connect(lambda is_on, own=own: self._show_page(own) if is_on else None)
                self._rows[own] = row
                row.show()
            row = self._rows[own]
            self._list_layout.insertWidget(at, row)
            is_default = default is not None and own == default.endpoint_id
            row.set_place(is_first=at == 0, is_last=at == len(endpoints) - 1)
            row.show_endpoint(endpoint, self._connections.status(own), is_default=is_default)
            page = self._pages.get(own)
            if isinstance(page, EndpointForm):
                page.show_default(is_default=is_default)
        self._list.setVisible(bool(endpoints))
        if endpoints and not any(row.isChecked() for row in self._rows.values()):
            self.open(endpoints[0].endpoint_id)
        elif not endpoints:
            self._title.setText("")
            self._stack.setCurrentWidget(self._none)

    # -- the form ---------------------------------------------------------------------------------------

    def _show_page(self, endpoint_id: str) -> None:
        endpoint = next((one for one in self._endpoints() if one.endpoint_id == endpoint_id), None)
        if endpoint is None:
            return
        if endpoint_id not in self._pages:
            page = self._make_page(endpoint)
            self._pages[endpoint_id] = page
            self._stack.addWidget(page)
        self._title.setText(endpoint.name or self.tr("New endpoint"))
        self._stack.setCurrentWidget(self._pages[endpoint_id])

    def _make_page(self, endpoint: Endpoint) -> QWidget:
        if endpoint.kind is EndpointKind.DEMO:
            text = self.tr("The demo answers inside this app, with prepared text. Nothing is sent anywhere.")
            return _note(self._theme, text)
        if endpoint.endpoint_id == ENVIRONMENT_ID:
            text = self.tr(
                "This endpoint comes from the variables MISTRAL_API_KEY, MISTRAL_BASE_URL and MISTRAL_MODEL. "
                "It is never written to disk; change it where they are set."
            )
            return _note(self._theme, text)
        form = EndpointForm(self._theme, self._connections, self._keys, self._preferences, endpoint)
        form.saved.connect(self._on_saved)
        form.remove_asked.connect(self._on_remove)
        form.default_asked.connect(self._preferences.set_default_endpoint)
        form.offered.connect(lambda preset: self._on_offered(form, preset))
        default = self._preferences.default_endpoint()
        form.show_default(is_default=default is not None and default.endpoint_id == endpoint.endpoint_id)
        return form

    def _close_page(self, endpoint_id: str) -> None:
        page = self._pages.pop(endpoint_id, None)
        if page is not None:
            self._stack.removeWidget(page)
            page.deleteLater()

    # -- what happens -----------------------------------------------------------------------------------

    def _on_add(self) -> None:
        menu = Menu(self._theme, self)
        for preset in PRESETS:
            host = f" ({host_of(preset.base_url)})" if preset.base_url else ""
            menu.add(f"{preset.name}{host}", partial(self.add, preset))
        menu.open_at(self._add.mapToGlobal(QPoint(0, self._add.height() + 4)))

    def add(self, preset: Preset) -> None:
        """Open a form for a new endpoint, with what is known of `preset`."""
        endpoint = Endpoint(new_id(), preset.name if preset.base_url else "", "", "")
        self._new[endpoint.endpoint_id] = endpoint
        self._show_endpoints()
        self.open(endpoint.endpoint_id)
        form = self._pages[endpoint.endpoint_id]
        if isinstance(form, EndpointForm):
            form.use(preset)
            form.focus_first()

    def _on_offered(self, form: EndpointForm, preset: Preset) -> None:
        # Only by this click is that address contacted, with the key that stands in the form.
        form.use(preset)
        form.test()

    def _on_saved(self, endpoint_id: str) -> None:
        self._new.pop(endpoint_id, None)
        self._show_endpoints()
        self._show_page(endpoint_id)

    def _on_remove(self, endpoint_id: str) -> None:
        if self._new.pop(endpoint_id, None) is not None:
            self._show_endpoints()
            return
        before = self._preferences.current
        endpoint = before.endpoint(endpoint_id)
        if endpoint is None:
            return
        at = before.endpoints.index(endpoint)
        self._preferences.remove_endpoint(endpoint_id)
        self._origins_to_forget.add(endpoint.origin)
        self._forget_timer.start()

        def undo() -> None:
            self._origins_to_forget.discard(endpoint.origin)
            now = self._preferences.current
            endpoints = (*now.endpoints[:at], endpoint, *now.endpoints[at:])
            self._preferences.set(replace(now, endpoints=endpoints))
            self.open(endpoint_id)

        self._toast.say(self.tr("{name} removed").format(name=endpoint.name), self.tr("Undo"), undo)


def _note(theme: Theme, text: str) -> Paragraph:
    note = Paragraph(theme, text)
    note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return note
