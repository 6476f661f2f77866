"""The command line: the window, one answer in the terminal, or a word to the window that is open already."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

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
        _say_versions()
        return 0
    _leave_when_told()
    options = _options(given)
    os.umask(0o077)  # SEC-10: whatever is made is the owner's alone
    if not options.self_test and _has_told_the_open_window(options):
        return 0
    from app.desktop.process_environment import has_display

    if not has_display(os.environ):
        from app.desktop.build_info import program_name

        answers = f"`{program_name()} ask` answers in the terminal"
        print(f"sirocco: there is no display to open a window on; {answers}", file=sys.stderr)
        return EXIT_WRONG_USE
    gc.disable()  # a start makes no garbage; later it is looked for on the GUI thread alone
    from app.desktop.load_pyside import load_pyside

    load_pyside()
    from app.desktop.whole_errors import with_whole_errors

    if options.self_test:
        from app.self_test.run import self_test

        return with_whole_errors(self_test)
    from app.main import run

    return with_whole_errors(lambda: run(options))


def _say_versions() -> None:
    from app.desktop.versions import version_lines

    print("\n".join(version_lines()))


def _leave_when_told() -> None:
    """End with 0 on SIGTERM and SIGINT until the window's own `QuitSignals` are there: nothing is to be saved
    before that, and nobody sees a traceback.
    """
    import signal

    for number in (signal.SIGTERM, signal.SIGINT):
        # Not by an exception: what is loading then may catch it.
        signal.signal(number, lambda _number, _frame: os._exit(0))


def _options(given: Sequence[str]) -> Options:
    """Read the options; ends the process with exit code 2 and one line for wrong use."""
    match given:
        # What keys and launchers say is as quick as the window that they bring up.
        case []:
            return Options()
        case ["--quick-ask"]:
            return Options(quick_ask="")
    import argparse
    from pathlib import Path

    from app.desktop.build_info import program_name

    parser = argparse.ArgumentParser(
        prog=program_name(),
        description=f"Sirocco, a chat client. `{program_name()} ask --help`: answers in the terminal.",
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
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="check that Sirocco works here; touches no data of yours",
    )
    parser.add_argument("--version", action="store_true", help="say of what versions this is made")
    parser.add_argument(
        "--first-question", metavar="TEXT", default="", help="send this when the window is up"
    )
    parser.add_argument("--picture", metavar="PATH", type=Path, help="save a picture of the window and quit")
    found = parser.parse_args(given)
    if found.version:
        _say_versions()
        sys.exit(0)
    return Options(
        demo=found.demo,
        hidden=found.hidden,
        quit=found.quit,
        self_test=found.self_test,
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
