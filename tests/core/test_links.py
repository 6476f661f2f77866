"""SEC-04: which addresses may be links at all, in texts that are shown, copied or opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.links import link_address

GOOD = {
    "https://example.org/a?b=c#d": "https://example.org/a?b=c#d",
    "HTTP://Example.ORG": "HTTP://Example.ORG",
    "https://bücher.example/ü": "https://bücher.example/ü",
    "https://аррӏе.com/": "https://аррӏе.com/",  # noqa: RUF001
    "http://127.0.0.1:8080/x": "http://127.0.0.1:8080/x",
    "http://[::1]:8080/": "http://[::1]:8080/",
    "https://example.org?next=https://other.example/@x": "https://example.org?next=https://other.example/@x",
    "mailto:ada@example.org": "mailto:ada@example.org",
    "MAILTO:ada.o'hara+x@example.org": "mailto:ada.o'hara+x@example.org",
    "mailto:ada@example.org?subject=Hi&attach=/etc/passwd": "mailto:ada@example.org",
    "mailto:ada@example.org#x": "mailto:ada@example.org",
}
BAD = [
    "",
    ":",
    "http",
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
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "smb://host/share",
    "ftp://host/file",
    "ssh://host",
    "ms-settings:display",
    "search-ms:query=x",
    "qrc:/x",
    "about:blank",
    "pending:",
    "view-source:https://example.org",
    "https://example.org/\n",
    " https://example.org/",
    "https://example.org/ x",
    "https://example.org/\x00",
    "https://example.org/\x1b[2J",
    "https://example.org/\x7f",
    "https://example.org/\u202egpj.exe",
    "https://example.org/\u2066x",
    "https://exa\u200bmple.org/",
    "https://example.org/\u2028",
    "https://example.org/\ud800",
    "https://exa mple.org/",
    "https://exam%70le%2eorg%00/",
    'https://exa"mple.org/',
    "https://exa<mple.org/",
    "https://[",
    "https://[::1/",
    "https://[::1%25eth0]/",
    "https://[example.org]/",
    "https://example.org:99999/",
    "https://example.org:port/",
    "https://example\u2100org/",  # NFKC makes a slash of it
    "https://" + "a" * 2048 + ".org/",
    "mailto:",
    "mailto:ada",
    "mailto:ada@example.org,eve@example.org",
    "mailto:?to=ada@example.org",
    "mailto:ada@example.org\n",
    "mailto:%0aBcc:eve@example.org",
    "mailto:ada%0abcc@example.org",
    "mailto:ada&attach=/etc/passwd@example.org",
    "mailto:$(id)@example.org",
]


@pytest.mark.parametrize("address", GOOD)
def test_SEC_04_web_pages_and_mail_addresses_may_be_links(address: str) -> None:
    assert link_address(address) == GOOD[address]


@pytest.mark.parametrize("address", BAD)
def test_SEC_04_nothing_else_may(address: str) -> None:
    assert link_address(address) == ""


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://", "https://a.example/", "mailto:"]))
def test_SEC_04_whatever_may_be_a_link_is_visible_and_says_where_it_goes(text: str, before: str) -> None:
    address = link_address(before + text)
    assert address == "" or (
        address.lower().startswith(("http://", "https://", "mailto:"))
        and address.isprintable()
        and " " not in address
        and link_address(address) == address
    )
