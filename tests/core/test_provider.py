import copy
import json
import pickle

import pytest

from app.core.provider import PRESETS, ApiKey, Endpoint, host_of, is_loopback, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.Mistral.com/v1", "https://api.mistral.com:443"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("https://[::1]:8443/v1", "https://[::1]:8443"),
        ("https://user:pw@host.example/x", "https://host.example:443"),
        ("no address", ""),
        ("https://host:port/", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_the_shown_host_is_ascii_and_without_the_usual_port() -> None:
    assert host_of("https://API.Mistral.AI/v1") == "api.mistral.ai"
    assert host_of("http://localhost:11434/v1") == "localhost:11434"
    # Cyrillic letters that look Latin are shown for what they are (SEC-04).
    assert host_of("https://\u0430\u0440\u0440\u04cf\u0435.com/") == "xn--80ak6aa92e.com"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "my.localhost"])
def test_this_machine_is_known_by_name_and_address(host: str) -> None:
    assert is_loopback(f"http://{host}:8080/v1")


@pytest.mark.parametrize("host", ["127.0.0.1.example.com", "192.168.0.1", "localhost.example"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(f"http://{host}/v1")


def test_the_first_preset_is_the_address_of_the_api_overview() -> None:
    first = PRESETS[0]
    assert (first.base_url, first.default_model) == ("https://api.Mistral.com", "Mistral-chat")


def test_SEC_06_a_key_is_told_to_its_own_origin_only() -> None:
    endpoint = Endpoint("e", "E", "https://api.example/v1")
    key = ApiKey("sk-SECRET-0123456789", endpoint.origin)
    assert key.reveal_for("https://api.example:443") == "sk-SECRET-0123456789"
    for other in ("http://api.example:80", "https://api.example:8443", "https://evil.example:443", ""):
        with pytest.raises(ValueError, match="another origin") as caught:
            key.reveal_for(other)
        assert "SECRET" not in str(caught.value)


def test_SEC_08_a_key_shows_itself_nowhere() -> None:
    key = ApiKey("sk-SECRET-0123456789", "https://api.example:443")
    assert "SECRET" not in f"{key} {key!r} {[key]}"
    assert key.last_four == "6789"
    assert ApiKey("short", "https://api.example:443").last_four == ""
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(key)
    with pytest.raises(TypeError):
        json.dumps(key)
