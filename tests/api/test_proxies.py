"""Proxies (wire.md Q72): which one, whether at all, and what it gets to see."""

import base64
from typing import Any

import pytest

from app.api.deadlines import Timeouts
from app.api.proxies import Proxies
from app.core.errors import CertificateProblem, NoConnection, ProxyProblem
from app.core.settings import ProxyMode
from tests.api.asking import PATIENT, QUICK_CONNECT, SECRET, Outcome, ask, client, key_for, system
from tests.servers.fake_proxy import Babbler, SocksProxy, proxy
from tests.servers.fake_server import FakeServer, hang_up, raw, reply, silence, stream
from tests.servers.tls import Authority

HOST = "api.example.com"


def chosen(url: str, **environment: str) -> str | None:
    proxies = Proxies(ProxyMode.SYSTEM, "", environment)
    assert proxies.warnings == []
    found = proxies.for_url(url)
    return found.url if found is not None else None


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [
        ({}, "https://h.example/v1", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://h.example/v1", "http://p:1"),
        ({"https_proxy": "http://p:1"}, "https://h.example/v1", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:2"}, "https://h.example", "http://q:2"),
        ({"HTTPS_PROXY": "p:3128"}, "https://h.example", "http://p:3128"),
        ({"HTTP_PROXY": "http://p:1"}, "https://h.example", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://h.example", "http://p:1"),
        ({"ALL_PROXY": "socks://p:1"}, "https://h.example", "socks5://p:1"),
        ({"ALL_PROXY": "socks5h://p:1"}, "https://h.example", "socks5h://p:1"),
        ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://p:1"}, "https://h.example", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "http://localhost:1234", None),
        ({"ALL_PROXY": "http://p:1"}, "http://127.0.0.1:11434/v1", None),
        ({"ALL_PROXY": "http://p:1"}, "http://[::1]:8080/v1", None),
        ({"ALL_PROXY": "http://p:1"}, "http://192.168.1.7:1234", None),
        ({"ALL_PROXY": "http://p:1"}, "http://10.1.2.3", None),
        ({"ALL_PROXY": "http://p:1"}, "https://8.8.8.8", "http://p:1"),
    ],
)
def test_Q72_the_environment(environment: dict[str, str], url: str, expected: str | None) -> None:
    assert chosen(url, **environment) == expected


@pytest.mark.parametrize(
    ("rules", "is_direct"),
    [
        ("*", True),
        ("h.example", True),
        (".example", True),
        ("example", True),
        ("*.example", True),
        ("other.com, h.example", True),
        ("H.EXAMPLE", True),
        ("h.example:443", False),
        ("h.example:8443", True),
        ("ample", False),
        ("[::1]", False),
        ("::1", False),
        ("10.0.0.0/8", False),
        ("bad/99", False),
        (",,", False),
        ("]:[", False),
    ],
)
def test_Q72_exceptions_for_names(rules: str, is_direct: bool) -> None:
    found = chosen("https://h.example:8443/v1", ALL_PROXY="http://p:1", NO_PROXY=rules)
    assert found == (None if is_direct else "http://p:1")


@pytest.mark.parametrize(
    ("rules", "is_direct"),
    [("8.8.8.0/24", True), ("8.8.8.8", True), ("8.8.4.0/24", False), ("8.8.8.8:1", False)],
)
def test_Q72_exceptions_for_networks(rules: str, is_direct: bool) -> None:
    found = chosen("https://8.8.8.8/v1", ALL_PROXY="http://p:1", NO_PROXY=rules)
    assert found == (None if is_direct else "http://p:1")


@pytest.mark.parametrize(
    "value",
    ["socks4://p:1", "ftp://p:1", "http://", "http://p:port", "http://[::1", "http://a b", "nonsense://x"],
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_Q72_a_bad_variable_is_a_warning(name: str, value: str) -> None:
    environment = {name: value, "NO_PROXY": "[::1],10.0.0.0/8,::bad::"}
    (warning,) = client(environment=environment).warnings
    assert name.upper() in warning
    with FakeServer() as server:
        assert ask(server.url, **system(environment)).error is None


def test_Q72_a_bad_proxy_of_the_person_is_never_gone_around() -> None:
    error = ask(f"https://{HOST}/v1", proxy_mode=ProxyMode.CUSTOM, proxy_url="http://p:port").error
    assert isinstance(error, ProxyProblem)
    warnings = client(proxy_mode=ProxyMode.CUSTOM, proxy_url="http://p:port").warnings
    assert warnings == ("The proxy in the settings is not an address, so nothing is sent.",)


def test_Q72_none_means_none() -> None:
    with FakeServer() as server:
        outcome = ask(
            f"http://{HOST}.invalid/v1", proxy_mode=ProxyMode.NONE, **system({"ALL_PROXY": server.origin})
        )
        assert isinstance(outcome.error, NoConnection)
        assert server.seen == 0


def test_Q72_this_machine_is_reached_directly_in_every_mode() -> None:
    with FakeServer() as server, FakeServer(hang_up) as other:
        for settings in (
            {"proxy_mode": ProxyMode.CUSTOM, "proxy_url": other.origin},
            {"proxy_mode": ProxyMode.NONE, "proxy_url": other.origin},
            system({"HTTP_PROXY": other.origin, "ALL_PROXY": other.origin}),
        ):
            assert ask(server.url, **settings).error is None
        assert other.seen == 0


# -- through a real proxy -------------------------------------------------------------------------------


def through(proxy_url: str, url: str, authority: Authority | None = None, **more: Any) -> Outcome:
    ca_file = authority.ca_file if authority is not None else ""
    settings = {"proxy_mode": ProxyMode.CUSTOM, "proxy_url": proxy_url, "ca_file": ca_file}
    return ask(url, **{**settings, **more})


def test_an_http_proxy_sees_no_key_of_an_https_host(authority: Authority) -> None:
    with (
        FakeServer(stream("fine"), tls=authority.context_of(HOST)) as server,
        FakeServer(proxy(server.port)) as between,
    ):
        url = f"https://{HOST}/v1"
        assert through(between.origin, url, authority, key=key_for(url)).text == "fine"
        (connect,) = between.requests
        assert (connect.method, connect.path) == ("CONNECT", f"{HOST}:443")
        assert connect.header("authorization") is None
        assert SECRET not in repr(connect)
        assert server.requests[0].header("authorization") == f"Bearer {SECRET}"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "all_proxy"])
def test_Q72_the_proxy_of_the_environment_is_asked(name: str) -> None:
    with FakeServer() as between:
        assert ask(f"http://{HOST}/v1", **system({name: between.origin})).error is None
        assert between.requests[0].path == f"http://{HOST}/v1/chat/completions"


def test_an_http_host_is_asked_for_by_its_whole_address() -> None:
    with FakeServer(stream("fine")) as server, FakeServer(proxy(server.port)) as between:
        assert through(between.origin, f"http://{HOST}/v1").text == "fine"
        assert between.requests[0].path == f"http://{HOST}/v1/chat/completions"


def test_a_proxy_that_itself_speaks_tls(
    authority: Authority, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SEC-07: httpx would make a context for such a proxy that writes session keys.
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with (
        FakeServer(stream("fine"), tls=authority.context_of(HOST)) as server,
        FakeServer(proxy(server.port), tls=authority.context_of("localhost", "127.0.0.1")) as between,
    ):
        assert through(between.origin, f"https://{HOST}/v1", authority).text == "fine"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
def test_a_socks_proxy_looks_names_up_itself(scheme: str, authority: Authority) -> None:
    with (
        FakeServer(stream("fine"), tls=authority.context_of(HOST)) as server,
        SocksProxy(server.port) as between,
    ):
        outcome = through(f"{scheme}://127.0.0.1:{between.port}", f"https://{HOST}/v1", authority)
        assert outcome.text == "fine"
        assert between.asked_for == [f"{HOST}:443"]


def test_a_proxy_that_wants_a_name_and_a_password(authority: Authority) -> None:
    basic = "Basic " + base64.b64encode(b"me:secret-pw").decode()
    with (
        FakeServer(stream("fine"), tls=authority.context_of(HOST)) as server,
        FakeServer(proxy(server.port, user=basic)) as between,
    ):
        for url in (f"https://{HOST}/v1", f"http://{HOST}/v1"):
            error = through(between.origin, url, authority).error
            assert isinstance(error, ProxyProblem)
            assert error.details.target == f"127.0.0.1:{between.port}"
            assert "password" in error.details.reason
        known = between.origin.replace("://", "://me:secret-pw@")
        assert through(known, f"https://{HOST}/v1", authority).text == "fine"
        server.close()
        error = through(known, f"https://{HOST}/v1", authority).error
        assert error is not None
        assert "secret-pw" not in str(error) + repr(error.details)


@pytest.mark.parametrize(
    "script",
    [
        hang_up,
        reply(403, "no"),
        reply(407, ""),
        reply(502, "<html>no</html>"),
        raw(b"garbage\r\n\r\n"),
    ],
)
def test_what_a_proxy_does_is_told_as_the_proxys(script: Any) -> None:
    with FakeServer(script) as between:
        blames(between, "http")
        (connect,) = between.requests
        assert connect.method == "CONNECT"
        assert connect.header("authorization") is None


def test_a_proxy_that_says_nothing_is_told_as_the_proxys() -> None:
    with FakeServer(silence) as between:
        blames(between, "http", QUICK_CONNECT)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize(
    "says", [b"", b"\x05", b"\x05\xff", b"\x05\x00", b"\x05\x00\x05\x05\x00\x01", b"garbage" * 9, b"\r\n"]
)
def test_what_is_no_proxy_is_told_as_the_proxys(says: bytes, scheme: str) -> None:
    with Babbler(says) as between:
        blames(between, scheme)


def blames(between: FakeServer, scheme: str, timeouts: Timeouts = PATIENT) -> None:
    address = f"{scheme}://name:hidden@127.0.0.1:{between.port}"
    url = f"https://{HOST}/v1"
    error = through(address, url, key=key_for(url), timeouts=timeouts).error
    assert isinstance(error, ProxyProblem | CertificateProblem), error
    if isinstance(error, ProxyProblem):
        assert error.details.target == f"127.0.0.1:{between.port}"
    assert not error.details.charged
    assert "hidden" not in str(error.to_data())


def test_a_proxy_that_is_down_is_named() -> None:
    between = FakeServer()
    address = between.origin
    between.close()
    for scheme in ("http", "https", "socks5"):
        error = through(address.replace("http", scheme), f"https://{HOST}/v1").error
        assert isinstance(error, ProxyProblem)
        assert error.details.target == address.removeprefix("http://")


def test_a_false_host_behind_a_proxy_is_no_fault_of_the_proxy(authority: Authority) -> None:
    with (
        FakeServer(tls=authority.context_of("other.example")) as server,
        FakeServer(proxy(server.port)) as between,
    ):
        error = through(between.origin, f"https://{HOST}/v1", authority).error
        assert isinstance(error, CertificateProblem)
        assert server.exchanges == []


def test_Q57_stream_options_are_not_sent_to_mistral() -> None:
    with FakeServer(stream("fine")) as server, FakeServer(proxy(server.port)) as between:
        assert through(between.origin, "http://api.mistral.com/v1").text == "fine"
        assert set(between.requests[0].json) == {"model", "messages", "stream"}
