"""The one way from a link in any text to the desktop: strict, and for web pages and mail addresses only."""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

MAX_LENGTH = 2048  # characters (SEC-04)
WEB_SCHEMES = frozenset({"http", "https"})
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)

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
    if not 0 < len(address) <= MAX_LENGTH or "\\" in address or any(map(_is_invisible, address)):
        return None
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if colon and scheme == "mailto":
        # The address only: subject, body and attachments are the person's to write.
        who = rest.partition("?")[0]
        return Link(f"mailto:{who}", who) if _MAIL.fullmatch(who) else None
    if not colon or scheme not in WEB_SCHEMES or not rest.startswith("//"):
        return None
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    if not url.isValid() or not host or url.userInfo() or "@" in url.authority():
        return None
    return Link(url.toString(QUrl.ComponentFormattingOption.FullyEncoded), host)


def open_link(address: str) -> bool:
    """Open a link that the person has just clicked; False where it was refused or nothing could open it."""
    link = checked_link(address)
    if link is None:
        _log.warning("refused to open a link of %d characters", len(address))
        return False
    return QDesktopServices.openUrl(QUrl(link.address, QUrl.ParsingMode.StrictMode))


def _is_invisible(character: str) -> bool:
    """Controls, format characters (bidirectional ones among them), separators, surrogates, the unassigned."""
    return unicodedata.category(character)[0] in "CZ"
