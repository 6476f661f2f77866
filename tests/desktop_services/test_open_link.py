"""SEC-04: what may be opened, in which spelling; and that nothing else ever is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.desktop.open_link import checked_link, open_link
from tests.core.test_links import BAD as REFUSED

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
    *REFUSED,
    "https://a..b/",  # a host to whoever asks less than Qt does
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
