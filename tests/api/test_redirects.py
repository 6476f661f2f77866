"""Redirects (wire.md Q68, SEC-06): the same host only, with the same request; everybody else gets nothing."""

from typing import Any

import pytest

from app.core.errors import RedirectRefused
from app.core.settings import ProxyMode
from tests.api.asking import SECRET, ask, key_for, list_models
from tests.servers.fake_proxy import proxy
from tests.servers.fake_server import Exchange, FakeServer, by_path, models, redirect, reply, stream
from tests.servers.tls import Authority


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["/v1/chat/completions/", "{origin}/elsewhere/", "completions/", "../../new/chat?x=1", "?slash=1"],
)
def test_Q68_the_same_origin_gets_the_same_request(status: int, location: str) -> None:
    def play(exchange: Exchange) -> None:
        if exchange.request.path == "/v1/chat/completions":
            redirect(status, location.format(origin=exchange.server.origin))(exchange)
        else:
            stream("fine")(exchange)

    with FakeServer(play) as server:
        assert ask(server.url, key=key_for(server.url)).text == "fine"
        first, second = server.requests
        assert (first.method, first.body) == (second.method, second.body)
        assert second.method == "POST"
        assert second.header("authorization") == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_Q68_another_origin_gets_nothing_and_is_named(status: int) -> None:
    with FakeServer() as other, FakeServer(redirect(status, f"{other.url}/chat/completions")) as server:
        error = ask(server.url, key=key_for(server.url)).error
        assert isinstance(error, RedirectRefused)
        assert error.details.target == f"127.0.0.1:{other.port}"
        assert str(error).endswith(f"redirects to 127.0.0.1:{other.port}. Nothing was sent there.")
        assert (other.seen, len(server.requests)) == (0, 1)


@pytest.mark.parametrize(
    "location",
    [
        "",
        "//",
        "http:///x",
        f"http://{'x' * 70_000}/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::1",
        "//evil.example/x",
        "http://127.0.0.1:99999/",
        "http://user:pw@{host}/v1",
        "gopher://{host}/",
        "https://evil.example\\@{host}/",
    ],
)
def test_Q68_what_leads_nowhere_good_is_not_followed(location: str) -> None:
    def play(exchange: Exchange) -> None:
        redirect(307, location.format(host=f"127.0.0.1:{exchange.server.port}"))(exchange)

    with FakeServer(play) as server:
        error = ask(server.url, key=key_for(server.url)).error
        assert isinstance(error, RedirectRefused)
        assert "pw" not in str(error)
        # What names no host leads to the same place, again and again, up to the limit.
        assert len(server.requests) <= 6


def test_Q68_a_loop_ends() -> None:
    with FakeServer(redirect(307, "/v1/chat/completions")) as server:
        assert isinstance(ask(server.url).error, RedirectRefused)
        assert len(server.requests) == 6


def test_Q68_from_http_to_https_on_the_same_host_the_key_goes_along(authority: Authority) -> None:
    """The proxies stand in for a host whose ports 80 and 443 are what they should be."""
    host = "api.example.com"
    with (
        FakeServer(stream("fine"), tls=authority.context_of(host)) as secure,
        FakeServer(redirect(308, f"https://{host}/v1/chat/completions")) as plain,
    ):

        def play(exchange: Exchange) -> None:
            proxy(secure.port if exchange.request.method == "CONNECT" else plain.port)(exchange)

        with FakeServer(play) as between:
            settings: dict[str, Any] = {
                "proxy_mode": ProxyMode.CUSTOM,
                "proxy_url": between.origin,
                "ca_file": authority.ca_file,
            }
            url = f"http://{host}/v1"
            assert ask(url, key=key_for(url), **settings).text == "fine"
            assert secure.requests[0].header("authorization") == f"Bearer {SECRET}"
            assert secure.requests[0].body == plain.requests[0].body


def test_Q68_never_from_https_to_http(authority: Authority) -> None:
    with FakeServer() as plain:
        location = f"http://127.0.0.1:{plain.port}/v1/chat/completions"
        with FakeServer(redirect(307, location), tls=authority.context_of("127.0.0.1")) as secure:
            error = ask(secure.url, key=key_for(secure.url), ca_file=authority.ca_file).error
            assert isinstance(error, RedirectRefused)
            assert plain.seen == 0


def test_Q68_lists_are_redirected_too() -> None:
    with FakeServer(by_path({"/models": redirect(307, "/v1/models/"), "/models/": models("a")})) as server:
        assert [card.model_id for card in list_models(server.url)] == ["a"]
        assert [request.method for request in server.requests] == ["GET", "GET"]


def test_Q68_a_login_page_of_a_network_is_named() -> None:
    with FakeServer(redirect(302, "http://login.hotel.example/?from=x")) as server:
        error = ask(server.url).error
        assert error is not None
        assert "login.hotel.example" in str(error)
        assert "from" not in str(error)
    with FakeServer(reply(200, "<html><head><title>Hotel</title>")) as server:
        error = ask(server.url).error
        assert error is not None
        assert error.code == "not_an_api"
