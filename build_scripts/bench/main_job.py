"""The main job: start, memory, Enter to the wire, one streamed answer, `ask`, and rest."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from build_scripts.bench.children import cpu_of, home, run
from build_scripts.bench.report import Row
from build_scripts.bench.texts import tokens
from tests.servers.fake_server import (
    DONE,
    Exchange,
    FakeServer,
    Script,
    chat_and_models,
    finish_event,
    stream,
    text_event,
)

STARTS = 7
SENDS = 20
TOKENS = 2000
PER_SECOND = 200.0
MEASURED = "Tell me everything."
FIRST_TOKENS = 300
STREAMS = 2
IDLE_SECONDS = 60.0
ASKS = 25
MEGABYTE = 1e6
# Modules, not files: what a program is started by is compiled anew at each start, and the app's is one line.
CHILD = ("-m", "build_scripts.bench.app_child")
WINDOW = ("-m", "build_scripts.bench.floors.window")
STREAM = ("-m", "build_scripts.bench.floors.stream")
REQUEST = ("-m", "build_scripts.bench.floors.request")


def start_rows() -> list[Row]:
    """CPU of a start and memory after it, beside a bare window, in turns so that both meet the same load."""
    floors, apps = [], []
    for _ in range(STARTS):
        with home() as env:
            floors.append(run(WINDOW, env))
        with home("http://127.0.0.1:9/v1") as env:
            apps.append(run([*CHILD, "start"], env))
    painted = tuple(one["painted"][0] for one in floors)
    return [
        Row(
            "start to a painted window, CPU",
            "s",
            tuple(one["painted"][0] for one in apps),
            1.5,
            "ratio",
            painted,
        ),
        Row(
            "start to workers ready, CPU", "s", tuple(one["ready"][0] for one in apps), 2.5, "ratio", painted
        ),
        Row(
            "private memory when idle after start",
            "MB",
            tuple(one["uss"][0] / MEGABYTE for one in apps),
            35,
            "sum",
            tuple(one["uss"][0] / MEGABYTE for one in floors),
        ),
    ]


def send_rows() -> list[Row]:
    """From the key press to the request's first bytes at the server, on a warm connection."""
    arrived: list[float] = []

    def note(exchange: Exchange) -> None:
        if exchange.request.method == "POST":
            arrived.append(time.monotonic())
        stream("Far.")(exchange)

    with FakeServer(chat_and_models(note, "m")) as server, home(server.url) as env:
        pressed = run([*CHILD, "send", str(SENDS)], env)["pressed"]
    took = tuple((there - here) * 1000 for here, there in zip(pressed, arrived, strict=True))
    # The first one opens the connection.
    return [Row("Enter to request at the server, warm", "ms", took[1:], 10, "absolute")]


def stream_rows() -> list[Row]:
    """One long answer at a fast model's pace, after a short first one, and the rest after it."""
    pieces = tokens(TOKENS)
    answers, floors, idles = [], [], []
    with tempfile.TemporaryDirectory(prefix="sirocco-bench-") as folder:
        text = Path(folder, "tokens.json")
        text.write_text(json.dumps(pieces), encoding="utf-8")
        for _ in range(STREAMS):
            with home() as env:
                floor = run([*STREAM, text, str(PER_SECOND)], env)
            floors.append(floor["cpu"][0] / TOKENS * 1000)
            with FakeServer(chat_and_models(paced(pieces), "m")) as server, home(server.url) as env:
                # Only the last rest is a whole minute: the others would tell nothing more.
                seconds = IDLE_SECONDS if len(floors) == STREAMS else 1.0
                found = run([*CHILD, "stream", str(seconds)], env)
            answers.append(found["stream"][0] / TOKENS * 1000)
            idles.append(found["idle"][0] / seconds * 100)
    return [
        Row(
            f"{TOKENS} tokens at {PER_SECOND:.0f}/s, CPU per 1,000 tokens",
            "s",
            tuple(answers),
            2,
            "ratio",
            tuple(floors),
        ),
        Row("idle for a minute after all that, CPU", "%", (idles[-1],), 0.05, "absolute"),
    ]


def ask_rows() -> list[Row]:
    """CPU of `ask` from its start to the end of a short answer, beside a bare script with httpx."""
    floors, asks = [], []
    with FakeServer(chat_and_models(stream("Hello."), "m")) as server:
        for _ in range(ASKS):
            with home() as env:
                env["MISTRAL_API_KEY"] = "bench-key"
                floors.append(cpu_of([*REQUEST, server.url], env))
                asks.append(cpu_of(["-m", "app", "ask", "--base-url", server.url, "--model", "m", "Hi"], env))
    return [Row("`ask`, start to end of a short answer, CPU", "s", tuple(asks), 1.4, "ratio", tuple(floors))]


def paced(pieces: list[str]) -> Script:
    """A stream of these pieces at the pace of the benchmark; of the first ones for any other question."""

    def play(exchange: Exchange) -> None:
        asked = pieces if exchange.request.text == MEASURED else pieces[:FIRST_TOKENS]
        exchange.begin_stream()
        began = time.monotonic()
        for number, piece in enumerate(asked):
            late = began + number / PER_SECOND - time.monotonic()
            if late > 0:
                exchange.pause(late)
            exchange.send_chunk(text_event(piece))
        usage = {"prompt_tokens": 9, "completion_tokens": len(asked)}
        exchange.send_chunk(finish_event(usage=usage) + DONE)
        exchange.end_stream()

    return play
