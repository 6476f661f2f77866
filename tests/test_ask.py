"""`python -m app ask`: what it prints, where it sends the key, how it ends (DESIGN §6)."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chat.loopback import Call, LoopbackServer, loopback_server

ROOT = Path(__file__).parents[1]
WATCHDOG = 60.0
KEY = "sk-MARKED0123456789abcdef"
QUESTION = "What is a sirocco?"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs the command in a home folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
        self._env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            **{name: str(folder / name.lower()) for name in names},
        }

    def start(
        self, *args: str, env: Mapping[str, str] | None = None, stdout: int = subprocess.PIPE
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "app", "ask", *args],
            cwd=self.folder,
            env={**self._env, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )

    def run(self, *args: str, env: Mapping[str, str] | None = None, given: bytes = b"") -> Ended:
        process = self.start(*args, env=env)
        out, err = process.communicate(given, timeout=WATCHDOG)
        return Ended(process.returncode, out.decode(), err.decode())

    def set_up(self, endpoints: Sequence[Mapping[str, str]]) -> None:
        folder = self.folder / "xdg_config_home" / "sirocco"
        folder.mkdir(parents=True)
        (folder / "settings.json").write_text(json.dumps({"endpoints": list(endpoints)}))


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with loopback_server() as server:
        yield server


def one_line(text: str) -> bool:
    return text.endswith("\n") and text.count("\n") == 1


def test_the_answer_is_on_stdout_and_nothing_else_anywhere(
    terminal: Terminal, server: LoopbackServer
) -> None:
    ended = terminal.run("--base-url", server.url, "--model", "m", QUESTION)
    assert ended == Ended(0, "Hello there.\n", "")
    (call,) = server.calls
    assert call.request.path == "/v1/chat/completions"
    assert call.request.data["model"] == "m"
    assert call.request.data["messages"] == [{"role": "user", "content": QUESTION}]
    assert call.request.data["stream"] is True
    assert "authorization" not in call.request.headers


def test_it_imports_no_qt_and_no_keyring_that_it_does_not_need(terminal: Terminal, tmp_path: Path) -> None:
    script = (
        "import sys; from app.ask.command import main; code = main(['--demo', 'Hi']);"
        "print([n for n in sys.modules if n.startswith(('PySide6', 'shiboken6', 'keyring', 'apsw'))])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=WATCHDOG, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("args", [(), ("-",)])
def test_the_question_can_come_from_stdin(
    terminal: Terminal, server: LoopbackServer, args: tuple[str, ...]
) -> None:
    ended = terminal.run("--base-url", server.url, "--model", "m", *args, given="Où ?\n\xff".encode())
    assert ended.code == 0
    assert server.calls[0].request.last_text == "Où ?\n\xff"


def test_the_system_prompt_comes_first(terminal: Terminal, server: LoopbackServer) -> None:
    terminal.run("--base-url", server.url, "--model", "m", "--system", "Be brief.", QUESTION)
    assert server.calls[0].request.data["messages"][0] == {"role": "system", "content": "Be brief."}


def test_no_stream_asks_for_one_piece(terminal: Terminal, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        body = json.dumps(
            {"choices": [{"message": {"role": "assistant", "content": "Whole."}, "finish_reason": "stop"}]}
        ).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        call.send(head.encode() + body)

    server.script = answer
    assert terminal.run("--base-url", server.url, "--model", "m", "--no-stream", "x").out == "Whole.\n"
    assert server.calls[0].request.data["stream"] is False


def test_the_text_is_printed_as_it_arrives(terminal: Terminal, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        call.text("first")
        call.wait_for_hang_up()

    server.script = answer
    process = terminal.start("--base-url", server.url, "--model", "m", "x")
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 100) == b"first"
    process.kill()
    process.communicate(timeout=WATCHDOG)


def test_json_is_one_object_with_what_is_known(terminal: Terminal, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        call.thinking("Hm.")
        call.text("Ü")
        call.finish()

    server.script = answer
    ended = terminal.run("--base-url", server.url, "--model", "m", "--json", "x")
    data = json.loads(ended.out)
    assert one_line(ended.out)
    assert (data["text"], data["thinking"], data["state"], data["finish_reason"], data["error"]) == (
        "Ü",
        "Hm.",
        "done",
        "stop",
        None,
    )


def test_an_error_is_one_line_on_stderr_and_exit_1(terminal: Terminal, server: LoopbackServer) -> None:
    server.script = lambda call: call.fail(401, "no\x1b[2J such\nkey")
    ended = terminal.run("--base-url", server.url, "--model", "m", "x", env={"MISTRAL_API_KEY": KEY})
    assert ended.code == 1
    assert ended.out == ""
    assert one_line(ended.err)
    assert "did not accept your key" in ended.err
    assert "\x1b" not in ended.err
    assert KEY not in ended.err


def test_what_had_arrived_stays_when_the_connection_breaks(
    terminal: Terminal, server: LoopbackServer
) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        call.text("Half an ans")
        call.connection.close()
        raise ConnectionError

    server.script = answer
    ended = terminal.run("--base-url", server.url, "--model", "m", "x")
    assert (ended.code, ended.out) == (1, "Half an ans\n")
    assert one_line(ended.err)
    assert len(server.calls) == 1  # what has come is never asked for again

    ended = terminal.run("--base-url", server.url, "--model", "m", "--json", "x")
    assert json.loads(ended.out)["state"] == "interrupted"
    assert json.loads(ended.out)["text"] == "Half an ans"


def test_a_passing_error_is_tried_again_and_said(terminal: Terminal, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        if len(server.calls) == 1:
            call.fail(429, "slow down", "Retry-After: 0")
        else:
            call.answer("At last.")

    server.script = answer
    ended = terminal.run("--base-url", server.url, "--model", "m", "x")
    assert (ended.code, ended.out) == (0, "At last.\n")
    assert "Trying again" in ended.err
    assert one_line(ended.err)


@pytest.mark.parametrize(
    "args", [("--nonsense",), ("one", "two"), ("",), ("--demo", "--base-url", "http://h", "x"), ("--model",)]
)
def test_wrong_use_is_exit_2(terminal: Terminal, args: tuple[str, ...]) -> None:
    ended = terminal.run(*args)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


@pytest.mark.parametrize("address", ["ftp://h/v1", "http://", "https://user:word@host/v1"])
def test_an_address_that_is_none_is_exit_1(terminal: Terminal, address: str) -> None:
    ended = terminal.run("--base-url", address, "x")
    assert ended.code == 1
    assert one_line(ended.err)
    assert "word" not in ended.err.replace("password", "")


def test_without_any_endpoint_it_says_what_to_do(terminal: Terminal) -> None:
    ended = terminal.run("x")
    assert ended.code == 1
    assert "MISTRAL_API_KEY" in ended.err
    assert one_line(ended.err)


def silent_before_headers(call: Call) -> None:
    call.wait_for_hang_up()


def silent_in_mid_answer(call: Call) -> None:
    call.begin_stream()
    call.text("so far")
    call.wait_for_hang_up()


@pytest.mark.parametrize("script", [silent_before_headers, silent_in_mid_answer])
def test_ctrl_c_ends_it_at_once_with_130(
    terminal: Terminal, server: LoopbackServer, script: Callable[[Call], None]
) -> None:
    server.script = script
    process = terminal.start("--base-url", server.url, "--model", "m", "x")
    assert server.called.acquire(timeout=WATCHDOG)
    if script is silent_in_mid_answer:
        assert process.stdout is not None
        assert os.read(process.stdout.fileno(), 100) == b"so far"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WATCHDOG)
    assert process.returncode == 130
    assert (out, err) == (b"", b"")
    assert server.calls[0].hung_up.wait(WATCHDOG)


def test_a_reader_that_goes_away_is_no_error(terminal: Terminal, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        while True:
            call.text("more and " * 500)

    server.script = answer
    read, write = os.pipe()
    process = terminal.start("--base-url", server.url, "--model", "m", "x", stdout=write)
    os.close(write)
    assert os.read(read, 100)
    os.close(read)
    _, err = process.communicate(timeout=WATCHDOG)
    assert err == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's full device")
def test_a_full_disk_is_one_line(terminal: Terminal, server: LoopbackServer) -> None:
    with Path("/dev/full").open("wb") as full:
        process = terminal.start("--base-url", server.url, "--model", "m", "x", stdout=full.fileno())
        _, err = process.communicate(timeout=WATCHDOG)
    assert process.returncode == 1
    assert one_line(err.decode())


def test_on_a_terminal_the_models_control_bytes_do_nothing(
    terminal: Terminal, server: LoopbackServer
) -> None:
    nasty = "a\x1b]0;title\x07b\x9b2Jc\rd\u202ee\x7f\ttab"

    def answer(call: Call) -> None:
        call.answer(nasty)

    server.script = answer
    assert terminal.run("--base-url", server.url, "--model", "m", "x").out == nasty + "\n"

    parent, child = pty.openpty()
    process = terminal.start("--base-url", server.url, "--model", "m", "x", stdout=child)
    os.close(child)
    shown = b""
    while not shown.endswith(b"\n"):
        shown += os.read(parent, 1000)
    process.communicate(timeout=WATCHDOG)
    os.close(parent)
    text = shown.decode().replace("\r\n", "\n")
    assert text == "a␛]0;title␇b\\x9b2Jc␍d\\u202ee␡\ttab\n"


# -- whom it asks, and who gets the key ----------------------------------------------------------------


def key_that_came(server: LoopbackServer) -> str:
    return server.calls[-1].request.headers.get("authorization", "")


def test_the_address_is_the_options_else_the_environments_else_the_settings(terminal: Terminal) -> None:
    with loopback_server() as option, loopback_server() as environment, loopback_server() as saved:
        terminal.set_up([{"id": "1", "name": "Mine", "base_url": saved.url, "default_model": "own"}])
        env = {"MISTRAL_BASE_URL": environment.url}
        assert terminal.run("--base-url", option.url, "--model", "m", "x", env=env).code == 0
        assert [len(one.calls) for one in (option, environment, saved)] == [1, 0, 0]
        assert terminal.run("--model", "m", "x", env=env).code == 0
        assert [len(one.calls) for one in (option, environment, saved)] == [1, 1, 0]
        assert terminal.run("x").code == 0
        assert [len(one.calls) for one in (option, environment, saved)] == [1, 1, 1]
        assert saved.calls[0].request.data["model"] == "own"


def test_the_environments_key_goes_to_its_address_or_to_the_option(terminal: Terminal) -> None:
    with loopback_server() as option, loopback_server() as environment:
        env = {"MISTRAL_API_KEY": KEY, "MISTRAL_BASE_URL": environment.url, "MISTRAL_MODEL": "m"}
        terminal.run("x", env=env)
        assert key_that_came(environment) == f"Bearer {KEY}"
        terminal.run("--base-url", option.url, "x", env=env)
        assert key_that_came(option) == f"Bearer {KEY}"


def test_SEC_06_the_environments_key_goes_to_no_other_endpoint(
    terminal: Terminal, server: LoopbackServer
) -> None:
    terminal.set_up([{"id": "1", "name": "Mine", "base_url": server.url, "default_model": "m"}])
    assert terminal.run("x", env={"MISTRAL_API_KEY": KEY}).code == 0
    assert key_that_came(server) == ""


def test_the_model_is_the_options_else_the_environments_else_the_first_listed(
    terminal: Terminal, server: LoopbackServer
) -> None:
    env = {"MISTRAL_MODEL": "from-env"}
    terminal.run("--base-url", server.url, "--model", "from-option", "x", env=env)
    terminal.run("--base-url", server.url, "x", env=env)
    terminal.run("--base-url", server.url, "x")
    models = [call.request.data["model"] for call in server.calls]
    assert models == ["from-option", "from-env", server.models[0]]


def test_a_key_that_can_be_none_is_not_sent(terminal: Terminal, server: LoopbackServer) -> None:
    ended = terminal.run(
        "--base-url", server.url, "--model", "m", "x", env={"MISTRAL_API_KEY": "sk-MARKED\nInjected: yes"}
    )
    assert "MARKED" not in ended.err
    assert all("injected" not in call.request.headers for call in server.calls)
    assert all(not call.request.headers.get("authorization") for call in server.calls)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_SEC_08_the_key_is_not_among_the_arguments(terminal: Terminal, server: LoopbackServer) -> None:
    server.script = silent_before_headers
    process = terminal.start("--base-url", server.url, "--model", "m", "x", env={"MISTRAL_API_KEY": KEY})
    assert server.called.acquire(timeout=WATCHDOG)
    assert KEY.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    process.kill()
    process.communicate(timeout=WATCHDOG)


def test_the_demo_needs_nothing_and_opens_no_port(terminal: Terminal) -> None:
    started = time.monotonic()
    ended = terminal.run("--demo", "Hello")
    assert ended.code == 0
    assert len(ended.out.split()) > 20
    assert ended.err == ""
    assert time.monotonic() - started < WATCHDOG
    assert not (terminal.folder / "xdg_data_home").exists()
