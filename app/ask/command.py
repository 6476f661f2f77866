"""The command `ask`: from the command line to the exit code."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, NoReturn, TextIO

from app.ask.destination import Destination, destination_of
from app.ask.printer import EXIT_FAILED, Printer, note
from app.core.context import ChatRequest, Message
from app.core.conversation import Role
from app.core.errors import ChatError, ErrorDetails, KeyNeeded, KeyRejected, ModelNotFound
from app.core.parts import TextPart
from app.core.provider import PRESETS, EndpointKind, origin_of
from app.desktop.build_info import program_name

if TYPE_CHECKING:
    from app.api.client import ChatClient
    from app.core.settings import Settings

EXIT_WRONG_USE = 2
EXIT_INTERRUPTED = 128 + signal.SIGINT
COLLECT_AFTER = 50_000  # objects; importing makes fewer, and looking through them all is a waste then


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for."""

    text: str
    model: str = ""
    system: str = ""
    base_url: str = ""
    stream: bool = True
    as_json: bool = False
    demo: bool = False


def run(arguments: Sequence[str]) -> NoReturn:
    """Run the command and end the process with its exit code.

    A tenth of the time of a short answer went into taking modules apart, and a keyring that hangs would
    keep it from ending. All that was printed is flushed by then; nothing else is open.
    """
    gc.set_threshold(COLLECT_AFTER)
    code = main(arguments)
    # What reads has gone, or the disk is full: that was dealt with where it was written.
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit code. Ends the process itself on Ctrl+C, and where nobody reads."""
    # From the first moment, imports included; nothing here is buffered that could be lost.
    signal.signal(signal.SIGINT, _leave_at_once)
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    order = _order(arguments)
    if not order.text.strip():
        return _wrong_use("there is no question: give TEXT, or write it to standard input")
    return _answer(order)


def _order(arguments: Sequence[str]) -> Order:
    parser = argparse.ArgumentParser(
        prog=f"{program_name()} ask",
        description="Ask one question; the answer comes on standard output as it arrives.",
    )
    parser.add_argument(
        "text", metavar="TEXT", nargs="?", default="-", help="the question; `-` or none: stdin"
    )
    parser.add_argument("--model", metavar="M", default="", help="the model, instead of the endpoint's own")
    parser.add_argument("--system", metavar="S", default="", help="the system prompt")
    parser.add_argument("--base-url", metavar="U", default="", help="the address of the API")
    parser.add_argument("--no-stream", action="store_true", help="ask for the answer in one piece")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the text")
    parser.add_argument("--demo", action="store_true", help="let the offline demo answer")
    given = parser.parse_args(arguments)
    if given.demo and given.base_url:
        parser.error("--demo and --base-url exclude each other")
    text = _standard_input() if given.text == "-" else _clean(given.text)
    return Order(
        text=text,
        model=_clean(given.model).strip(),
        system=_clean(given.system),
        base_url=_clean(given.base_url),
        stream=not given.no_stream,
        as_json=given.json,
        demo=given.demo,
    )


def _standard_input() -> str:
    # It is None where the caller closed it.
    return sys.stdin.buffer.read().decode("utf-8", "replace") if sys.stdin else ""


def _clean(argument: str) -> str:
    """An argument as text: bytes that are no UTF-8 become U+FFFD, for no server would take them."""
    return os.fsencode(argument).decode("utf-8", "replace")


def _answer(order: Order) -> int:
    settings = _settings() if not order.demo else None
    try:
        destination = destination_of(order.base_url, settings)
    except ChatError as error:
        return _fail(error)
    # Imported as late as this: wrong use and a missing endpoint are said without them.
    import asyncio

    return asyncio.run(_ask(order, destination, settings))


def _settings() -> Settings:
    from app.desktop.paths import folders

    path = folders().settings_file
    if not path.exists():
        from app.core.settings import Settings

        return Settings()
    from app.store.settings_file import SettingsFile

    return SettingsFile(path).load()


async def _ask(order: Order, destination: Destination, settings: Settings | None) -> int:
    from app.api.client import ChatClient

    proxies: dict[str, Any] = {}
    if settings is not None:
        proxies = {
            "proxy_mode": settings.proxy_mode,
            "proxy_url": settings.proxy_url,
            "ca_file": settings.ca_file,
        }
    client = ChatClient(environment=os.environ, **proxies)
    printer = Printer(as_json=order.as_json)
    try:
        for warning in client.warnings:
            note(warning)
        model = await _model(client, order, destination)
        await _run(client, destination, _request(order, model), printer)
    except ChatError as error:
        printer.end(error)
        return _fail(_with_keyring_problem(error, destination))
    finally:
        await client.close()
    printer.end(None)
    return 0


async def _run(client: ChatClient, destination: Destination, request: ChatRequest, printer: Printer) -> None:
    """One answer, tried again as long as nothing of it has come and the error is one that passes."""
    import asyncio
    import random

    from app.api.retry import delay_before_retry

    attempt = 0
    while True:
        attempt += 1
        try:
            async for delta in client.stream(destination.endpoint, destination.key, request):
                printer.add(delta)
        except ChatError as error:
            delay = delay_before_retry(error, attempt, random.random)
            if delay is None or printer.has_started:
                raise
            note(f"{error} Trying again in {delay:.0f} s.")
            await asyncio.sleep(delay)
        else:
            return


async def _model(client: ChatClient, order: Order, destination: Destination) -> str:
    """The model: asked for, else the environment's, else the endpoint's own, else the first it lists."""
    endpoint = destination.endpoint
    if endpoint.kind is EndpointKind.DEMO:
        return order.model or endpoint.default_model
    preset = next(
        (one for one in PRESETS if one.base_url and origin_of(one.base_url) == endpoint.origin), None
    )
    model = (
        order.model
        or os.environ.get("MISTRAL_MODEL", "").strip()
        or endpoint.default_model
        or (preset.default_model if preset else "")
    )
    if model:
        return model
    cards = await client.models(endpoint, destination.key)
    usable = [card for card in cards if card.chats and not card.deprecated] or [c for c in cards if c.chats]
    if not usable:
        raise ModelNotFound(ErrorDetails(host=endpoint.host, target="that would be its own; give --model"))
    return usable[0].model_id


def _request(order: Order, model: str) -> ChatRequest:
    messages = [Message(Role.USER, (TextPart(order.text),))]
    if order.system.strip():
        messages.insert(0, Message(Role.SYSTEM, (TextPart(order.system),)))
    return ChatRequest(model, tuple(messages), stream=order.stream)


def _with_keyring_problem(error: ChatError, destination: Destination) -> ChatError:
    """Where the server wants the key that the keyring didn't give, that is what is wrong."""
    if destination.keyring_problem and isinstance(error, KeyRejected | KeyNeeded):
        return KeyNeeded(replace(error.details, server_text="", reason=destination.keyring_problem))
    return error


def _fail(error: ChatError) -> int:
    reason = f" ({error.details.reason})" if isinstance(error, KeyNeeded) and error.details.reason else ""
    note(f"{error}{reason}")
    return EXIT_FAILED


def _wrong_use(text: str) -> int:
    note(text)
    return EXIT_WRONG_USE


def _prepare(stream: TextIO | IO[str]) -> None:
    """Let no character that the encoding lacks end the answer; files and pipes are UTF-8 everywhere."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        encoding = None if stream.isatty() else "utf-8"
        reconfigure(encoding=encoding, errors="replace", newline="\n" if encoding else None)


def _leave_at_once(_number: int, _frame: object) -> NoReturn:
    # No clean-up: a silent server or keyring could take its time, and the system closes the connection.
    os._exit(EXIT_INTERRUPTED)
