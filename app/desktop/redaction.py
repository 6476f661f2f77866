"""Takes what must not stand in a log out of any text: keys in all spellings, queries, the home folder."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

GONE = "[removed]"
SHORTEST_SECRET = 6  # characters; a shorter one would tear holes into ordinary words

_SCHEME = r"\b[a-zA-Z][a-zA-Z0-9+.\-]{1,15}://"
# Compiled by `re` when the first line is written, which keeps them; most starts write none before the window.
_PATTERNS = (
    # A header's value, however it is quoted, up to where the line or the quoting ends.
    (
        r"(?i)\b((?:authorization|x-api-key|api-key)['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\r\n,)}]+",
        rf"\1{GONE}",
    ),
    (r"(?i)\b(bearer)\s+[^\s'\",)}]+", rf"\1 {GONE}"),
    (r"\bsk-[A-Za-z0-9_\-]{6,}", GONE),
    # What stands between an address' scheme and its host, or behind its path, can be a password or a key.
    (rf"({_SCHEME})[^/\s@'\"]+@", rf"\1{GONE}@"),
    (rf"({_SCHEME}[^\s?'\"<>]*)\?[^\s'\"<>)]*", rf"\1?{GONE}"),
)
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(0x7F, 0xA0)) if code not in (9, 10)}


class Redactor:
    """Knows the secrets of this run. `text` can be called from any thread."""

    def __init__(self, home: Path | None = None) -> None:
        self._secrets: tuple[str, ...] = ()
        self._home = str(home) if home is not None and len(str(home)) > 1 else ""

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} spellings)"

    def add(self, secret: str) -> None:
        """Take `secret` out of every later text, in the spellings that it can turn up in."""
        if len(secret) < SHORTEST_SECRET:
            return
        # The longest first: a spelling may hold another one.
        known = {*self._secrets, *_spellings(secret)}
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def text(self, text: str) -> str:
        """Return `text` without secrets, and with control characters spelt out."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, GONE)
        for pattern, replacement in _PATTERNS:
            text = re.sub(pattern, replacement, text)
        if self._home:
            text = text.replace(self._home, "~")
        return text.translate(_CONTROLS)


def _spellings(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "replace")
    quoted = json.dumps(secret)[1:-1]
    spellings = {
        secret,
        secret.strip(),
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quoted,
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        raw.hex(),
    }
    # Inside a longer text base64 spells the same bytes in three ways, by where they begin.
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + raw).decode()
        whole = coded[{0: 0, 1: 2, 2: 3}[lead] :].rstrip("=")
        # The last character holds bits of what follows.
        spelt = whole if (lead + len(raw)) % 3 == 0 else whole[:-1]
        spellings |= {spelt, spelt.replace("+", "-").replace("/", "_")}
    return {spelling for spelling in spellings if len(spelling) >= SHORTEST_SECRET}
