"""SEC-04: what may be opened, in which spelling; and that nothing else ever is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.desktop.open_link import checked_link, open_link

GOOD = {
    "https://example.org/a?b=c#d": ("https://example.org/a?b=c#d", "example.org"),
    "HTTP://Example.ORG": ("http://example.org", "example.org"),
    "https://bücher.example/ü": ("https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example"),
    "https://аррӏе.com/": ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),  # noqa: RUF001
    "http://127.0.0.1:8080/x": ("http://127.0.0.1:8080/x", "127.0.0.1"),
    "http://[::1]:8080/": ("http://[::1]:8080/", "::1"),
    "mailto:ada@example.org": ("mailto:ada@example.org", "ada@example.org"),
    "mailto:ada@example.org?subject=Hi&attach=/etc/passwd": ("mailto:ada@example.org", "ada@example.org"),
}
BAD = [
    "",
    "example.org",
    "https:evil",
    "https:/evil",
    "https://",
    "https:///path",
    "https:\\\\evil\\x",
    "https://good.example\\@evil.example",
    "https://user@evil.example/",
    "https://user:word@evil.example/",
    "https://@evil.example/",
    "file:///etc/passwd",
    "file://host/share",
    "//host/share",
    "\\\\host\\share",
    "/etc/passwd",
    "C:\\Windows\\System32\\calc.exe",
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "smb://host/share",
    "ftp://host/file",
    "ssh://host",
    "ms-settings:display",
    "search-ms:query=x",
    "qrc:/x",
    "about:blank",
    "view-source:https://example.org",
    "https://example.org/\n",
    " https://example.org/",
    "https://example.org/ x",
    "https://example.org/\x00",
    "https://example.org/\x1b[2J",
    "https://example.org/\u202egpj.exe",
    "https://exa\u200bmple.org/",
    "https://example.org/\u2028",
    "https://example.org/\ud800",
    "https://exa mple.org/",
    "https://exam%70le%2eorg%00/",
    "https://[::1/",
    "https://example.org:99999/",
    "https://example.org:port/",
    "https://" + "a" * 2048 + ".org/",
    "mailto:",
    "mailto:ada",
    "mailto:ada@example.org,eve@example.org",
    "mailto:?to=ada@example.org",
    "mailto:ada@example.org\n",
    "mailto:%0aBcc:eve@example.org",
]


@pytest.mark.parametrize("address", GOOD)
def test_SEC_04_a_good_link_is_opened_as_ascii(address: str) -> None:
    link = checked_link(address)
    assert link is not None
    assert (link.address, link.host) == GOOD[address]


@pytest.mark.parametrize("address", BAD)
def test_SEC_04_everything_else_is_refused(address: str) -> None:
    assert checked_link(address) is None


class Desktop(QObject):
    """Takes what Qt would give to the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


def test_SEC_04_only_what_was_checked_reaches_the_desktop(qtbot: QtBot) -> None:
    desktop = Desktop()
    schemes = ("http", "https", "mailto", "file", "javascript", "data")
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, desktop, "take")  # type: ignore[arg-type]  # it takes no bytes
    try:
        for address in BAD:
            assert not open_link(address)
        assert desktop.opened == []
        assert open_link("https://bücher.example/")
        assert desktop.opened == ["https://xn--bcher-kva.example/"]
    finally:
        for scheme in schemes:
            QDesktopServices.unsetUrlHandler(scheme)
