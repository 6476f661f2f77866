"""Addresses in plain text that are made links."""

from __future__ import annotations

import re
from typing import Any

from linkify_it import LinkifyIt  # type: ignore[import-untyped]

from app.markup.pauses import may_pause

_TOO_LONG = re.compile(r"\S{2049,}")
# Punctuation of scripts that no address is written in: some have no spaces, and the sentence goes right on.
_ENDS = re.compile(
    "[\u060c\u061b\u061f\u06d4\u0964\u3001\u3002\u3008-\u3011\u3014\u3015"
    "\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff61-\uff64]"
)
# As GFM has it (6.9), and what else closes quotations and sentences.
_BEHIND = "?!.,:;*_~'\"\u2019\u201d\u203a\u00bb\u2026"


class Addresses(LinkifyIt):  # type: ignore[misc] # untyped library
    """Finds them: with a scheme, from `www.`, and mail. A bare `main.py` is no address."""

    def __init__(self) -> None:
        super().__init__(options={"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
        parts = self.re
        # At most eight labels: the pattern tries again at every dot.
        host = rf"(?:{parts['src_domain']}\.){{1,8}}{parts['src_domain_root']}"
        tail = host + parts["src_port"] + parts["src_host_terminator"] + parts["src_path"]
        self._tail = re.compile(tail, re.IGNORECASE)
        self.add("www.", {"validate": self._length, "normalize": self._with_scheme})
        self.add("//", None).add("ftp:", None)

    def test(self, _text: str) -> bool:
        return True  # who asks goes on to `match`, which is the same work

    def match(self, text: str) -> Any:
        # The patterns are quadratic in runs without a space, and no link opener takes so long an address.
        return super().match(_TOO_LONG.sub(lambda run: " " * len(run[0]), text))

    def test_schema_at(self, text: str, name: str, position: int) -> int:
        length = super().test_schema_at(text, name, position)
        found = _ENDS.split(text[position : position + length], maxsplit=1)[0].rstrip(_BEHIND)
        return len(found) if found.strip("/") else 0

    def _length(self, text: str, start: int) -> int:
        may_pause()
        match = self._tail.match(text, start)
        return match.end() - start if match else 0

    def _with_scheme(self, match: Any) -> None:
        match.url = "http://" + match.raw
