"""The dialog Settings: endpoints with their keys, and what applies at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QSlider,
)
from pytestqt.qtbot import QtBot

from app.core.provider import PRESETS, ApiKey, Endpoint
from app.core.settings import Appearance, LineLength, ProxyMode, SendKey
from app.store.api_keys import ApiKeyring
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.result_line import Outcome, ResultLine
from app.ui.theme import Theme
from app.ui.widgets.toast import Toast
from tests.chat.house import House, MemoryKeyring
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer
from tests.ui.forms import is_shown, named, press, text_of, write

WAIT = int(WATCHDOG_SECONDS * 1000)
SECRET = "sk-marked-secret-0123456789"


@pytest.fixture
def make_dialog(
    theme: Theme, make_house: Callable[..., House]
) -> Iterator[Callable[[House], SettingsDialog]]:
    dialogs: list[SettingsDialog] = []

    def make(house: House) -> SettingsDialog:
        dialog = SettingsDialog(theme, house.connections, house.keys, house.preferences)
        dialogs.append(dialog)
        dialog.show()
        return dialog

    yield make
    for dialog in dialogs:
        dialog.close()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def dialog(make_dialog: Callable[[House], SettingsDialog], house: House) -> SettingsDialog:
    return make_dialog(house)


def result(dialog: SettingsDialog) -> ResultLine:
    (line,) = [one for one in dialog.findChildren(ResultLine) if one.isVisible()]
    return line


def until(qtbot: QtBot, dialog: SettingsDialog, *outcomes: Outcome) -> str:
    qtbot.waitUntil(lambda: result(dialog).outcome in outcomes, timeout=WAIT)
    return result(dialog).text


def stored(house: House, url: str) -> str | None:
    return house.backend.passwords.get(("sirocco", Endpoint("", "", url).origin))


def test_F1_leads_from_the_settings_to_the_guide(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.waitSignal(dialog.guide_asked, timeout=WAIT):
        QTest.keyClick(dialog, Qt.Key.Key_F1)


# -- endpoints --------------------------------------------------------------------------------------------


def test_the_names_of_DESIGN_6_are_there(dialog: SettingsDialog) -> None:
    assert dialog.windowTitle() == dialog.accessibleName() == "Settings"
    for name in ("Endpoint name", "Base URL", "API key", "Default model", "Test connection", "Save"):
        assert is_shown(dialog, name)


def test_a_change_is_kept_by_save_alone(dialog: SettingsDialog, house: House) -> None:
    assert not named(dialog, QAbstractButton, "Save").isEnabled()
    write(dialog, "Endpoint name", "Office")
    assert house.preferences.current.endpoints[0].name == "Here"
    press(dialog, "Save")
    assert house.preferences.current.endpoints[0].name == "Office"
    assert result(dialog).text == "Saved."
    assert not named(dialog, QAbstractButton, "Save").isEnabled()


def test_a_key_is_stored_and_never_shown_again(
    qtbot: QtBot, dialog: SettingsDialog, house: House, server: LoopbackServer
) -> None:
    write(dialog, "API key", SECRET)
    press(dialog, "Save")
    assert until(qtbot, dialog, Outcome.GOOD) == "Saved. The key is in your system keychain."
    assert stored(house, server.url) == SECRET
    field = named(dialog, QLineEdit, "API key")
    assert field.isReadOnly()
    assert field.text() == "•••••••• 6789"
    assert field.accessibleDescription() == "In your system keychain"
    assert SECRET not in every_text(dialog)


def every_text(dialog: SettingsDialog) -> str:
    fields = [one.text() + one.displayText() for one in dialog.findChildren(QLineEdit)]
    return " ".join(fields)


def test_a_stored_key_is_recognised_by_its_end_and_can_be_replaced(
    qtbot: QtBot, make_dialog: Callable[[House], SettingsDialog], house: House, server: LoopbackServer
) -> None:
    origin = house.preferences.current.endpoints[0].origin
    house.backend.passwords["sirocco", origin] = SECRET
    dialog = make_dialog(house)
    qtbot.waitUntil(lambda: is_shown(dialog, "Replace…"), timeout=WAIT)
    assert text_of(dialog, "API key") == "•••••••• 6789"
    press(dialog, "Replace…")
    assert text_of(dialog, "API key") == ""
    press(dialog, "Keep")
    assert text_of(dialog, "API key") == "•••••••• 6789"
    press(dialog, "Replace…")
    write(dialog, "API key", "sk-a-new-one-9876543210")
    press(dialog, "Save")
    until(qtbot, dialog, Outcome.GOOD)
    qtbot.waitUntil(lambda: stored(house, server.url) == "sk-a-new-one-9876543210", timeout=WAIT)
    assert text_of(dialog, "API key") == "•••••••• 3210"


def test_another_origin_asks_for_the_key_again(
    qtbot: QtBot, make_dialog: Callable[[House], SettingsDialog], house: House, server: LoopbackServer
) -> None:
    before = house.preferences.current.endpoints[0]
    house.backend.passwords["sirocco", before.origin] = SECRET
    dialog = make_dialog(house)
    qtbot.waitUntil(lambda: is_shown(dialog, "Replace…"), timeout=WAIT)
    write(dialog, "Base URL", "https://other.example/v1")
    field = named(dialog, QLineEdit, "API key")
    assert field.text() == ""
    assert not field.isReadOnly()
    assert field.placeholderText() == "Enter the key for other.example"
    write(dialog, "Base URL", before.base_url)
    assert text_of(dialog, "API key") == "•••••••• 6789"
    write(dialog, "Base URL", "https://other.example/v1")
    press(dialog, "Save")
    assert house.keys.key_for("https://other.example:443") is None
    # No endpoint is left that the old key belongs to.
    qtbot.waitUntil(lambda: stored(house, server.url) is None, timeout=WAIT)


def test_a_test_says_what_it_found(qtbot: QtBot, dialog: SettingsDialog, server: LoopbackServer) -> None:
    server.secret = SECRET
    press(dialog, "Test connection")
    assert until(qtbot, dialog, Outcome.BAD).startswith("This endpoint needs a key.")
    assert named(dialog, QLineEdit, "API key").property("state") == "bad"
    write(dialog, "API key", SECRET)
    assert named(dialog, QLineEdit, "API key").property("state") != "bad"
    press(dialog, "Test connection")
    assert until(qtbot, dialog, Outcome.GOOD).startswith("Connected. One chat model is ready.")
    server.close()
    write(dialog, "Default model", "another")
    press(dialog, "Test connection")
    assert "No connection" in until(qtbot, dialog, Outcome.BAD)


def test_several_endpoints_can_be_added_and_chosen(dialog: SettingsDialog, house: House) -> None:
    for number in (1, 2):
        dialog.endpoints.add(PRESETS[3])
        write(dialog, "Base URL", f"https://host{number}.example/v1")
        press(dialog, "Save")
    names = [one.name for one in house.preferences.current.endpoints]
    assert names == ["Here", "host1.example", "host2.example"]
    press(dialog, "host1.example")
    assert text_of(dialog, "Base URL") == "https://host1.example/v1"
    press(dialog, "Use for new chats")
    default = house.preferences.default_endpoint()
    assert default is not None
    assert default.name == "host1.example"
    assert not is_shown(dialog, "Use for new chats")


def test_a_preset_fills_the_form_and_contacts_nobody(dialog: SettingsDialog, house: House) -> None:
    dialog.endpoints.add(PRESETS[1])
    assert text_of(dialog, "Endpoint name") == "Mistral AI"
    assert text_of(dialog, "Base URL") == "https://api.mistral.ai/v1"
    assert text_of(dialog, "Default model") == PRESETS[1].default_model
    press(dialog, "Discard")
    assert text_of(dialog, "Endpoint name") == "Here"
    assert len(house.preferences.current.endpoints) == 1


def test_what_is_typed_stays_while_another_endpoint_is_looked_at(
    dialog: SettingsDialog, house: House
) -> None:
    house.preferences.save_endpoint(Endpoint("two", "Two", "https://two.example/v1"))
    write(dialog, "Endpoint name", "Not yet sav")
    press(dialog, "Two")
    press(dialog, "Here")
    assert text_of(dialog, "Endpoint name") == "Not yet sav"


def test_remove_can_be_undone_and_only_then_forgets_the_key(
    qtbot: QtBot, make_dialog: Callable[[House], SettingsDialog], house: House, server: LoopbackServer
) -> None:
    house.preferences.save_endpoint(Endpoint("two", "Two", "https://two.example/v1"))
    before = house.preferences.current.endpoints
    house.backend.passwords["sirocco", before[0].origin] = SECRET
    dialog = make_dialog(house)
    press(dialog, "Remove")
    assert [one.name for one in house.preferences.current.endpoints] == ["Two"]
    (toast,) = dialog.findChildren(Toast)
    assert toast.text == "Here removed"
    assert stored(house, server.url) == SECRET
    press(dialog, "Undo")
    assert house.preferences.current.endpoints == before
    dialog.endpoints.forget_removed_keys()
    press(dialog, "Remove")
    dialog.close()
    qtbot.waitUntil(lambda: stored(house, server.url) is None, timeout=WAIT)


def test_without_any_endpoint_it_says_so(dialog: SettingsDialog, house: House) -> None:
    press(dialog, "Remove")
    assert house.preferences.current.endpoints == ()
    assert not is_shown(dialog, "Base URL")


def test_SEC_06_an_unencrypted_address_is_saved_with_consent_alone(
    dialog: SettingsDialog, house: House
) -> None:
    write(dialog, "Base URL", "http://ai.example/v1")
    assert not named(dialog, QAbstractButton, "Save").isEnabled()
    assert not named(dialog, QAbstractButton, "Test connection").isEnabled()
    press(dialog, "Use it without encryption")
    press(dialog, "Save")
    assert house.preferences.current.endpoints[0].base_url == "http://ai.example/v1"
    assert is_shown(dialog, "Use it without encryption")


def test_the_environments_endpoint_is_shown_and_can_not_be_written(
    make_dialog: Callable[[House], SettingsDialog], make_house: Callable[..., House]
) -> None:
    house = make_house(environment={"MISTRAL_API_KEY": SECRET, "MISTRAL_BASE_URL": "https://env.example/v1"})
    dialog = make_dialog(house)
    assert named(dialog, QRadioButton, "Environment").isChecked()
    assert not is_shown(dialog, "Base URL")


class LockedKeyring(MemoryKeyring):
    """A keyring that is locked until it isn't."""

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = True

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_locked:
            raise KeyringLocked("locked")
        super().set_password(service, username, password)


def test_REL_09_a_locked_keyring_is_said_and_can_be_tried_again(
    qtbot: QtBot,
    make_dialog: Callable[[House], SettingsDialog],
    make_house: Callable[..., House],
    server: LoopbackServer,
) -> None:
    backend = LockedKeyring()
    house = make_house(make_keyring=lambda: ApiKeyring(backend=backend))
    house.use(server.url)
    dialog = make_dialog(house)
    write(dialog, "API key", SECRET)
    press(dialog, "Save")
    said = until(qtbot, dialog, Outcome.WARNING)
    assert said == "Your keychain is locked. The key is kept until you quit, and never written to a file."
    assert named(dialog, QLineEdit, "API key").accessibleDescription() == "Kept until you quit"
    backend.is_locked = False
    press(dialog, "Try again")
    assert until(qtbot, dialog, Outcome.GOOD) == "Saved. The key is in your system keychain."
    assert list(backend.passwords.values()) == [SECRET]


def test_REL_09_a_key_can_be_left_at_this_session(
    qtbot: QtBot,
    make_dialog: Callable[[House], SettingsDialog],
    make_house: Callable[..., House],
    server: LoopbackServer,
) -> None:
    backend = LockedKeyring()
    house = make_house(make_keyring=lambda: ApiKeyring(backend=backend))
    endpoint = house.use(server.url)
    dialog = make_dialog(house)
    write(dialog, "API key", SECRET)
    press(dialog, "Save")
    until(qtbot, dialog, Outcome.WARNING)
    press(dialog, "Keep until I quit")
    assert "kept until you quit" in until(qtbot, dialog, Outcome.GOOD)
    assert house.keys.key_for(endpoint.origin) == ApiKey(SECRET, endpoint.origin)
    assert backend.passwords == {}


# -- the other pages --------------------------------------------------------------------------------------


def open_page(dialog: SettingsDialog, name: str) -> None:
    press(dialog, name)


def test_appearance_applies_at_once(dialog: SettingsDialog, house: House) -> None:
    open_page(dialog, "Appearance")
    press(dialog, "Dark")
    assert house.preferences.current.appearance is Appearance.DARK
    QTest.keyClick(named(dialog, QSlider, "Text size"), Qt.Key.Key_Right)
    assert house.preferences.current.text_size == 16
    press(dialog, "Narrow")
    assert house.preferences.current.line_length is LineLength.NARROW
    press(dialog, "Less motion")
    press(dialog, "Stronger outlines and contrast")
    assert house.preferences.current.less_motion
    assert house.preferences.current.strong_contrast
    house.preferences.set(replace(house.preferences.current, text_size=20, appearance=Appearance.LIGHT))
    house.preferences.set(replace(house.preferences.current, line_length=LineLength.FULL))
    assert named(dialog, QRadioButton, "Full").isChecked()
    assert named(dialog, QSlider, "Text size").value() == 20
    assert named(dialog, QRadioButton, "Light").isChecked()


def test_general_applies_at_once(dialog: SettingsDialog, house: House) -> None:
    open_page(dialog, "General")
    press(dialog, "Ctrl+Enter")
    assert house.preferences.current.send_key is SendKey.CTRL_ENTER
    assert not is_shown(dialog, "Proxy address")
    proxy = named(dialog, QComboBox, "Proxy")
    proxy.setFocus()
    QTest.keyClick(proxy, Qt.Key.Key_End)
    assert house.preferences.current.proxy_mode is ProxyMode.CUSTOM
    write(dialog, "Proxy address", "http://proxy.example:8080")
    QTest.keyClick(named(dialog, QLineEdit, "Proxy address"), Qt.Key.Key_Return)
    assert house.preferences.current.proxy_url == "http://proxy.example:8080"


def test_a_file_is_chosen_while_other_windows_can_be_used(dialog: SettingsDialog, house: House) -> None:
    open_page(dialog, "General")
    press(dialog, "Choose…")
    (files,) = dialog.findChildren(QFileDialog)
    assert files.isVisible()
    assert files.windowModality() is Qt.WindowModality.WindowModal
    files.fileSelected.emit("/etc/ssl/own.pem")
    assert house.preferences.current.ca_file == "/etc/ssl/own.pem"
    files.close()


def test_pages_are_turned_by_key_and_return_presses_nothing_unasked(
    dialog: SettingsDialog, house: House
) -> None:
    write(dialog, "Endpoint name", "Half-writ")
    QTest.keyClick(named(dialog, QLineEdit, "Endpoint name"), Qt.Key.Key_Return)
    assert house.preferences.current.endpoints[0].name == "Here"
    assert dialog.isVisible()


@pytest.mark.parametrize("width", [520, 760, 1100])
def test_it_fits_into_every_width(dialog: SettingsDialog, width: int) -> None:
    dialog.resize(width, 420)
    QCoreApplication.processEvents()
    for name in ("General", "Endpoints", "Appearance"):
        open_page(dialog, name)
        for bar in [area.horizontalScrollBar() for area in areas(dialog) if area.isVisible()]:
            assert bar.maximum() == 0, name


def areas(dialog: SettingsDialog) -> list[QScrollArea]:
    return dialog.findChildren(QScrollArea)
