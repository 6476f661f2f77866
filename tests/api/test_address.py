import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.address import candidates, normalise, url_for
from app.core.errors import BadAddress
from app.core.provider import origin_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://api.Mistral.com", "https://api.mistral.com"),
        ("https://api.Mistral.com/v1", "https://api.mistral.com/v1"),
        ("https://api.Mistral.com/v1/", "https://api.mistral.com/v1"),
        ("https://api.Mistral.com/v1/chat/completions", "https://api.mistral.com/v1"),
        ("https://api.mistral.com/chat/completions/", "https://api.mistral.com"),
        ("https://api.mistral.com/v1/models", "https://api.mistral.com/v1"),
        ("https://api.mistral.com/v1/completions", "https://api.mistral.com/v1"),
        ("https://api.mistral.com//v1", "https://api.mistral.com/v1"),
        ("  https://api.mistral.com/v1\n", "https://api.mistral.com/v1"),
        ('"https://api.mistral.com/v1"', "https://api.mistral.com/v1"),
        ("\u200bhttps://api.mistral.com/v1\ufeff", "https://api.mistral.com/v1"),
        ("api.mistral.com", "https://api.mistral.com"),
        ("api.mistral.com:8443/v1", "https://api.mistral.com:8443/v1"),
        ("localhost:11434", "http://localhost:11434"),
        ("LOCALHOST:11434/v1", "http://localhost:11434/v1"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("192.168.1.7:1234/v1", "http://192.168.1.7:1234/v1"),
        ("10.0.0.2", "http://10.0.0.2"),
        ("172.20.0.2:80", "http://172.20.0.2:80"),
        ("[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("https://ark.example.com/api/v3", "https://ark.example.com/api/v3"),
        ("https://example.com/OpenAI/", "https://example.com/OpenAI"),
        ("https://example.com/openai?api-version=1", "https://example.com/openai?api-version=1"),
        ("https://example.com/v1/chat/completions?api-version=1", "https://example.com/v1?api-version=1"),
        ("https://example.com/v1#top", "https://example.com/v1"),
        ('https://example.com/v1"#top', "https://example.com/v1"),
        ('https://example.com/v1"/', "https://example.com/v1"),
        ("HTTPS://EXAMPLE.COM/V1", "https://example.com/V1"),
        ("https://münchen.example/v1", "https://xn--mnchen-3ya.example/v1"),
    ],
)
def test_Q67_what_is_meant_by_what_is_typed(typed: str, meant: str) -> None:
    assert normalise(typed) == meant
    assert normalise(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "ftp://example.com",
        "file:///etc/passwd",
        "javascript://example.com/%0aalert(1)",
        "https://user:secret@example.com/v1",
        "https://secret@example.com",
        "https://example.com:99999",
        "https://example.com:port",
        "https://exa mple.com",
        "https://exam\\ple.com",
        "https://[::1",
        "https://a..b",
        "https://" + "a" * 3000,
    ],
)
def test_Q67_what_no_address_is(typed: str) -> None:
    with pytest.raises(BadAddress) as caught:
        normalise(typed)
    assert caught.value.details.reason
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("base_url", "prefixes"),
    [
        ("https://h", ("https://h/v1", "https://h")),
        ("https://h/v1", ("https://h/v1", "https://h")),
        ("https://h/api/v1", ("https://h/api/v1", "https://h/api")),
        ("https://h/api/v3", ("https://h/api/v3",)),
        ("https://h/openai", ("https://h/openai", "https://h/openai/v1")),
        ("https://h?api-version=1", ("https://h/v1?api-version=1", "https://h?api-version=1")),
    ],
)
def test_Q67_which_prefixes_are_tried(base_url: str, prefixes: tuple[str, ...]) -> None:
    assert candidates(base_url) == prefixes


def test_Q67_the_query_stays_behind_the_path() -> None:
    assert url_for("https://h/v1?api-version=1", "chat/completions") == (
        "https://h/v1/chat/completions?api-version=1"
    )
    assert url_for("https://h", "models") == "https://h/models"


@given(st.text(max_size=80) | st.text("htps:/.@?#[]%v1 localhost", max_size=30))
def test_Q67_any_text_is_an_address_or_a_plain_error(text: str) -> None:
    try:
        url = normalise(text)
    except BadAddress:
        return
    assert normalise(url) == url
    assert origin_of(url)
    for prefix in candidates(url):
        assert origin_of(url_for(prefix, "models")) == origin_of(url)


def test_addresses_and_events_are_read_without_loading_httpx() -> None:
    script = (
        "import sys, app.api.address, app.api.sse, app.api.retry, app.api.environment;"
        "print([name for name in ('httpx', 'httpcore', 'ssl', 'asyncio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
