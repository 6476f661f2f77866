"""Whom the client trusts, which way it goes, where it follows, and that no key is ever told."""

import json
import logging
import socket
import ssl
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from app.api.client import ChatClient
from app.core.errors import (
    BadKey,
    CertificateProblem,
    ChatError,
    KeyNeeded,
    ProxyProblem,
    RedirectRefused,
)
from app.core.provider import ApiKey, entered_key
from app.core.settings import ProxyMode
from tests.api.asking import (
    QUICK_CONNECT,
    SECRET,
    Outcome,
    ask,
    asked,
    endpoint_at,
    key_for,
    list_models,
    run,
)
from tests.servers.fake_server import (
    Exchange,
    FakeServer,
    Script,
    body_stream,
    event,
    hang_up,
    models,
    redirect,
    reply,
    silence,
    stream,
    text_event,
)


def error_of(script: Script, **settings: Any) -> ChatError:
    """The error that asking this server with a key ends with."""
    with FakeServer(script) as server:
        error = ask(server.url, key=key_for(server.url), **settings).error
    assert error is not None
    return error


# -- redirects ------------------------------------------------------------------------------------------


def moved(status: int, location: str, then: Script) -> Script:
    """Everything below /v1 is elsewhere; there `then` answers."""

    def play(exchange: Exchange) -> None:
        (redirect(status, location) if exchange.request.path.startswith("/v1/") else then)(exchange)

    return play


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_Q68_a_redirect_on_the_same_origin_keeps_method_body_and_key(status: int) -> None:
    with FakeServer(moved(status, "/new/chat", stream("there"))) as server:
        outcome = ask(server.url, key=key_for(server.url))
        assert (outcome.text, outcome.error) == ("there", None)
        first, second = server.requests
        assert (second.method, second.path, second.body) == ("POST", "/new/chat", first.body)
        assert second.header("authorization") == f"Bearer {SECRET}"


@pytest.mark.parametrize("location", ["../../new/chat?x=1", "{origin}/new/chat?x=1", "?slash=1"])
def test_Q68_a_redirect_may_be_relative_or_whole(location: str) -> None:
    def play(exchange: Exchange) -> None:
        is_there = exchange.request.path.endswith("=1")
        (stream("there") if is_there else redirect(307, location.format(origin=server.origin)))(exchange)

    with FakeServer(play) as server:
        assert ask(server.url).text == "there"


def test_Q68_a_list_of_models_follows_too() -> None:
    with FakeServer(moved(308, "/new/models", models("m"))) as server:
        assert [card.model_id for card in list_models(server.url)] == ["m"]
        assert [request.method for request in server.requests] == ["GET", "GET"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_Q68_another_host_is_named_and_receives_nothing(status: int) -> None:
    with FakeServer() as other, FakeServer(redirect(status, f"{other.url}/chat/completions")) as server:
        outcome = ask(server.url, key=key_for(server.url))
        assert isinstance(outcome.error, RedirectRefused)
        assert outcome.error.details.target == f"127.0.0.1:{other.port}"
        assert str(outcome.error).endswith(f"redirects to 127.0.0.1:{other.port}. Nothing was sent there.")
        assert (other.seen, len(server.requests)) == (0, 1)


@pytest.mark.parametrize("location", ["ftp://127.0.0.1/x", "http://[", "file:///etc/passwd"])
def test_Q68_a_redirect_to_no_address_is_refused(location: str) -> None:
    with FakeServer(redirect(307, location)) as server:
        outcome = ask(server.url)
        assert isinstance(outcome.error, RedirectRefused)
        assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["javascript:alert(1)", f"http://{'x' * 70_000}/"])
def test_Q68_a_redirect_that_no_address_could_be_is_refused(location: str) -> None:
    with FakeServer(redirect(307, location)) as server:
        assert isinstance(ask(server.url).error, RedirectRefused)
        assert len(server.requests) == 1


def test_Q68_a_redirect_with_a_password_in_it_is_refused() -> None:
    with FakeServer() as server:
        server.script = redirect(307, f"http://name:word@127.0.0.1:{server.port}/v1/chat/completions")
        error = ask(server.url).error
        assert isinstance(error, RedirectRefused)
        assert "word" not in str(error)
        assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["", "//", "http:///x", "/v1/chat/completions"])
def test_Q68_redirects_in_a_circle_end(location: str) -> None:
    with FakeServer(redirect(307, location)) as server:
        assert isinstance(ask(server.url).error, RedirectRefused)
        assert len(server.requests) == 6


# -- the way there --------------------------------------------------------------------------------------

FAR = "http://chat.example/v1"


def followed(url: str, variables: dict[str, str], **settings: Any) -> tuple[Outcome, tuple[str, ...]]:
    """Ask by these environment variables; the warnings too."""

    async def main(chat: ChatClient) -> tuple[Outcome, tuple[str, ...]]:
        return await asked(chat, url, key=key_for(url)), chat.warnings

    found: tuple[Outcome, tuple[str, ...]] = run(main, environment=variables, **settings)
    return found


@pytest.mark.parametrize(
    "value", ["ftp://127.0.0.1:1", "http://[bad", "nonsense://x", "http://a b", "http://x:y"]
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_Q72_a_bad_variable_is_a_warning(name: str, value: str) -> None:
    with FakeServer() as server:
        outcome, warnings = followed(server.url, {name: value, "NO_PROXY": "[::1],10.0.0.0/8,::bad::"})
    assert (outcome.text, outcome.error) == ("Hello there.", None)
    assert len(warnings) == 1
    assert name.upper() in warnings[0]


@pytest.mark.parametrize("mode", list(ProxyMode))
def test_Q72_this_machine_is_reached_directly(mode: ProxyMode) -> None:
    with FakeServer(reply(500, "")) as proxy, FakeServer() as server:
        outcome, warnings = followed(
            server.url, {"HTTP_PROXY": proxy.origin}, proxy_mode=mode, proxy_url=proxy.origin
        )
        assert (outcome.text, outcome.error, warnings) == ("Hello there.", None, ())
        assert proxy.seen == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "all_proxy"])
def test_Q72_another_host_is_asked_through_the_proxy(name: str) -> None:
    with FakeServer() as proxy:
        outcome, _ = followed(FAR, {name: proxy.origin})
        assert (outcome.text, outcome.error) == ("Hello there.", None)
        assert proxy.requests[0].path == "http://chat.example/v1/chat/completions"


@pytest.mark.parametrize("script", [reply(403, ""), reply(407, ""), hang_up, silence])
def test_Q72_a_proxy_that_lets_nothing_through_is_named_and_sees_no_key(script: Script) -> None:
    with FakeServer(script) as proxy:
        way = proxy.origin.replace("//", "//name:hidden@")
        outcome, _ = followed("https://chat.example/v1", {"HTTPS_PROXY": way}, timeouts=QUICK_CONNECT)
        assert isinstance(outcome.error, ProxyProblem)
        assert outcome.error.details.target == f"127.0.0.1:{proxy.port}"
        assert "hidden" not in str(outcome.error.to_data())
        assert [request.method for request in proxy.requests] == ["CONNECT"]
        assert proxy.requests[0].header("authorization") is None


def test_Q72_a_proxy_that_the_person_wrote_wrongly_is_never_passed_by() -> None:
    outcome, warnings = followed(FAR, {}, proxy_mode=ProxyMode.CUSTOM, proxy_url="http://a b")
    assert isinstance(outcome.error, ProxyProblem)
    assert warnings == ("The proxy in the settings is not an address, so nothing is sent.",)


# -- whom to trust --------------------------------------------------------------------------------------


def tls_server(authority: trustme.CA, *names: str, until: datetime | None = None) -> FakeServer:
    """A server with a certificate of `authority` for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_after=until).configure_cert(context)
    return FakeServer(tls=context)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that no computer knows."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    """Its certificate as a file."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def test_Q73_a_server_that_nobody_vouches_for_receives_nothing(authority: trustme.CA) -> None:
    with tls_server(authority, "127.0.0.1") as server:
        error = ask(server.url, key=key_for(server.url)).error
        assert type(error) is CertificateProblem
        assert "whom this computer does not know" in str(error)
        server.wait_until_all_closed()
        assert (server.requests, server.bytes_of_http) == ([], 0)


@pytest.mark.parametrize("is_variable", [False, True])
def test_Q73_the_file_of_the_person_is_trusted(
    authority: trustme.CA, ca_file: str, is_variable: bool
) -> None:
    trusted: dict[str, Any] = (
        {"environment": {"SSL_CERT_FILE": ca_file}} if is_variable else {"ca_file": ca_file}
    )
    with tls_server(authority, "127.0.0.1") as server:
        outcome = ask(server.url, key=key_for(server.url), **trusted)
        assert (outcome.text, outcome.error) == ("Hello there.", None)


@pytest.mark.parametrize(
    ("name", "until", "why"),
    [
        ("127.0.0.2", None, "for another"),
        ("chat.example", None, "for another"),
        ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), "expired"),
    ],
)
def test_Q73_a_known_authority_is_not_enough(
    authority: trustme.CA, ca_file: str, name: str, until: datetime | None, why: str
) -> None:
    with tls_server(authority, name, until=until) as server:
        error = ask(server.url, key=key_for(server.url), ca_file=ca_file).error
        assert type(error) is CertificateProblem
        assert why in str(error)
        server.wait_until_all_closed()
        assert server.bytes_of_http == 0


def test_Q73_files_that_are_not_there_are_warnings(authority: trustme.CA, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none")
    with tls_server(authority, "127.0.0.1") as server:
        variables = {"SSL_CERT_FILE": nowhere, "SSL_CERT_DIR": nowhere}
        outcome, warnings = followed(server.url, variables, ca_file=nowhere)
        assert type(outcome.error) is CertificateProblem
        assert len(warnings) == 3


def test_Q44_Q73_a_greeting_that_nobody_answers_is_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        error = ask(url, timeouts=QUICK_CONNECT).error
    assert type(error) is CertificateProblem
    assert "secure greeting" in str(error)


# -- the key --------------------------------------------------------------------------------------------


def echo(status: int) -> Script:
    """An error that repeats the key in its message, its code and its type."""

    def play(exchange: Exchange) -> None:
        key = str(exchange.request.header("authorization"))
        bare = key.removeprefix("Bearer ")
        fields = {"message": f"wrong: {key} {bare}", "code": bare, "type": key}
        reply(status, {"error": fields}, f"X-Key: {key}")(exchange)

    return play


def echo_in_stream(exchange: Exchange) -> None:
    """An answer that ends with an error that repeats the key."""
    failing = event({"error": {"message": str(exchange.request.header("authorization"))}})
    body_stream(text_event("Hello") + failing)(exchange)


def echo_as_page(exchange: Exchange) -> None:
    """A page that repeats the key."""
    key = str(exchange.request.header("authorization"))
    reply(200, f"<html><title>{key}</title><body>{key}</body></html>")(exchange)


@pytest.mark.parametrize(
    "script", [*map(echo, (200, 400, 401, 403, 404, 429, 500)), echo_in_stream, echo_as_page]
)
def test_Q74_the_key_stands_in_no_error_and_no_record(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error = error_of(script)
    told = [str(error), repr(error), repr(error.details), json.dumps(error.to_data()), caplog.text]
    assert SECRET not in "".join([*told, *traceback.format_exception(error)])


@pytest.mark.parametrize("secret", ["", f"{SECRET}\n", f"a\r\nX: {SECRET}", "sk-é", "sk 1", "sk-\x00"])
def test_Q74_a_key_that_is_none_is_not_sent_and_not_told(secret: str) -> None:
    with FakeServer() as server:
        error = ask(server.url, key=key_for(server.url, secret)).error
        assert type(error) is BadKey
        assert SECRET not in "".join(traceback.format_exception(error))
        assert server.seen == 0


@pytest.mark.parametrize("pasted", [f" {SECRET}\n", f"Bearer {SECRET}", f'"{SECRET}"', f"\ufeff{SECRET}\r\n"])
def test_Q74_what_was_pasted_around_a_key_is_not_sent(pasted: str) -> None:
    with FakeServer() as server:
        ask(server.url, key=entered_key(pasted, endpoint_at(server.url).origin))
        assert server.requests[0].header("authorization") == f"Bearer {SECRET}"


def test_Q74_without_a_key_there_is_no_header() -> None:
    with FakeServer() as server:
        assert ask(server.url).error is None
        names = {name for name, _ in server.requests[0].headers}
        assert not names & {"authorization", "x-api-key", "api-key", "cookie"}


def test_Q74_a_key_of_another_origin_is_not_sent() -> None:
    with FakeServer() as server:
        error = ask(server.url, key=ApiKey(SECRET, "https://chat.example")).error
        assert type(error) is KeyNeeded
        assert server.seen == 0
