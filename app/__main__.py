"""The command line: the window, one answer in the terminal, or a word to the window that is open already."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from app import __version__
from app.desktop.start_options import Options

EXIT_WRONG_USE = 2
HAND_OVER_SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["ask"]:
        from app.ask.command import run as ask

        ask(given[1:])
    if given == ["--version"]:
        print(f"Sirocco {__version__}")
        return 0
    options = _options(given)
    os.umask(0o077)  # SEC-10: whatever is made is the owner's alone
    if _has_told_the_open_window(options):
        return 0
    from app.desktop.process_environment import has_display

    if not has_display(os.environ):
        print(
            "sirocco: there is no display to open a window on; `python -m app ask` answers in the terminal",
            file=sys.stderr,
        )
        return EXIT_WRONG_USE
    from app.desktop.plain_import import restore_plain_import

    restore_plain_import()
    from app.desktop.whole_errors import with_whole_errors
    from app.main import run

    return with_whole_errors(lambda: run(options))


def _options(given: Sequence[str]) -> Options:
    """Read the options; ends the process with exit code 2 and one line for wrong use."""
    if not given:
        return Options()
    import argparse  # the plain start does without
    from pathlib import Path

    parser = argparse.ArgumentParser(
        prog="python -m app",
        description="Sirocco, a chat client. `python -m app ask --help` tells of answers in the terminal.",
        allow_abbrev=False,
    )
    parser.add_argument("--demo", action="store_true", help="offer the offline demo, without key and network")
    parser.add_argument("--hidden", action="store_true", help="start without showing the window")
    parser.add_argument(
        "--quick-ask",
        metavar="TEXT",
        nargs="?",
        const="",
        help="show Quick Ask with this text, which isn't sent; without a text, show or hide it",
    )
    parser.add_argument("--quit", action="store_true", help="end the instance that is running")
    parser.add_argument("--version", action="version", version=f"Sirocco {__version__}")
    parser.add_argument(
        "--first-question", metavar="TEXT", default="", help="send this when the window is up"
    )
    parser.add_argument("--picture", metavar="PATH", type=Path, help="save a picture of the window and quit")
    found = parser.parse_args(given)
    return Options(
        demo=found.demo,
        hidden=found.hidden,
        quit=found.quit,
        quick_ask=found.quick_ask,
        first_question=found.first_question,
        picture=found.picture,
    )


def _has_told_the_open_window(options: Options) -> bool:
    """Hand over to the instance that is running, before Qt is loaded; POSIX only, elsewhere `run` does it."""
    if os.name != "posix":
        return False
    from app.desktop.hand_over import hand_over, message_of
    from app.desktop.paths import folders, instance_socket

    path = instance_socket(folders(), os.environ)
    return path is not None and hand_over(path, message_of(options, os.environ), HAND_OVER_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
