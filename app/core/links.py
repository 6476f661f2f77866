"""Which addresses may be links: those of web pages and of mail, strictly written (SEC-04)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

MAX_LENGTH = 2048  # characters
# Of what RFC 5322 allows, what no shell, no address line and no percent code makes anything else of.
_MAIL = re.compile(r"[A-Za-z0-9.+_'=~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_NO_HOST = re.compile(r"[@%<>\"^`{|}]")


def link_address(address: str) -> str:
    """The address as it may be written and opened, "" where it must not be a link.

    Of a mail address, the address alone: subject, body and attachments are the person's to write.
    """
    if not 0 < len(address) <= MAX_LENGTH or "\\" in address or any(map(_is_invisible, address)):
        return ""
    scheme, colon, rest = address.partition(":")
    match scheme.lower():
        case "mailto":
            who = re.split(r"[?#]", rest, maxsplit=1)[0]
            return f"mailto:{who}" if _MAIL.fullmatch(who) else ""
        case "http" | "https" if colon and rest.startswith("//"):
            return address if _has_plain_host(address) else ""
        case _:
            return ""


def _has_plain_host(address: str) -> bool:
    """Whether a host is named, with nothing before it that could be taken for one."""
    try:
        parts = urlsplit(address)
        # A port that is none is an error as it is looked at.
        return bool(parts.hostname and parts.port != 0) and not _NO_HOST.search(parts.netloc)
    except ValueError:
        return False


def _is_invisible(character: str) -> bool:
    """Controls, format characters (bidirectional ones among them), separators, surrogates, the unassigned."""
    return unicodedata.category(character)[0] in "CZ"
