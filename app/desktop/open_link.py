"""The one way from a link in any text to the desktop, for what may be a link (`core.links`) only."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.core.links import link_address

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be opened; `host` is its host, or the address for mail.

    `address` is all ASCII, its host in punycode: what is shown of it is what is opened.
    """

    address: str
    host: str


def checked_link(address: str) -> Link | None:
    """The link in its ASCII form, or None for everything that must not be opened (SEC-04)."""
    address = link_address(address)
    scheme, _, who = address.partition(":")
    if scheme == "mailto":
        return Link(address, who)
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    # Qt reads it in its own way, and must come to the same.
    if not address or not url.isValid() or not host or url.userInfo():
        return None
    return Link(url.toString(QUrl.ComponentFormattingOption.FullyEncoded), host)


def open_link(address: str) -> bool:
    """Open a link that the person has just clicked; False where it was refused or nothing could open it."""
    link = checked_link(address)
    if link is None:
        _log.warning("refused to open a link of %d characters", len(address))
        return False
    return QDesktopServices.openUrl(QUrl(link.address, QUrl.ParsingMode.StrictMode))
