"""The self-test as a program: one line a check on stdout, and the exit code says whether all is well."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.desktop.logs import LOG_NAME, log_qt_messages, start_logging
from app.desktop.paths import Folders, resources_dir
from app.desktop.process_environment import tidy
from app.desktop.redaction import Redactor
from app.desktop.start_options import Options
from app.main import Sirocco, make_application
from app.self_test.checks import CHECKS, Fault
from app.self_test.rehearsal import Rehearsal
from app.store.api_keys import ApiKeyring
from app.ui.theme import Theme

SERVICE = "sirocco-self-test"  # in the keyring, so that no key of the person's is in reach
LOG_LINES = 20


class Report:
    """Prints what a check found, and remembers whether all were good."""

    def __init__(self) -> None:
        self.is_good = True
        self._began = time.monotonic()

    def add(self, name: str, words: str, is_good: bool) -> None:
        """One line: what was checked, and what was found."""
        self.is_good &= is_good
        print(f"{'ok    ' if is_good else 'FAILED'}  {name + ':':<10} {words}", flush=True)

    def end(self) -> int:
        """The last line; returns the exit code."""
        seconds = time.monotonic() - self._began
        print(f"{'All is well' if self.is_good else 'Not all is well'} ({seconds:.1f} s)", flush=True)
        return 0 if self.is_good else 1


def self_test() -> int:
    """Check what was packed and what this machine has. Nothing of the person's is read or written."""
    # Another's environment shall not be what fails, and no key of theirs is wanted.
    for name in [name for name in os.environ if name.startswith("MISTRAL_")]:
        del os.environ[name]
    tidy()
    report = Report()
    with _own_profile() as profile:
        redactor = Redactor(Path.home())
        start_logging(profile.logs, redactor)
        log_qt_messages()
        application = make_application()
        _look(Theme(application, resources_dir()), report)
        keyring = ApiKeyring(SERVICE)
        options = Options(demo=True, hidden=True)
        sirocco = Sirocco(application, profile, redactor, options, None, lambda: keyring)
        rehearsal = Rehearsal(sirocco, keyring)
        rehearsal.done.connect(report.add)
        rehearsal.finished.connect(application.quit)
        rehearsal.start()
        application.exec()
        is_clean = sirocco.shut_down()
        report.add("end", "all threads ended" if is_clean else "a thread hangs", is_clean)
        logging.shutdown()
        if not report.is_good:
            _show_log(profile.logs / LOG_NAME)
    code = report.end()
    if not is_clean:
        os._exit(code)
    return code


def _look(theme: Theme, report: Report) -> None:
    from app.core.settings import Settings

    theme.follow(Settings())
    for name, check in CHECKS.items():
        try:
            report.add(name, check(theme), is_good=True)
        except (Fault, ImportError, OSError) as fault:
            report.add(name, f"{fault}", is_good=False)


@contextmanager
def _own_profile() -> Iterator[Folders]:
    """The folders of a person who doesn't exist, gone with the test."""
    with tempfile.TemporaryDirectory(prefix="sirocco-self-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = Folders(folder / "config", folder / "data", folder / "logs", folder / "cache")
        profile.make()
        yield profile


def _show_log(path: Path) -> None:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    print("\n".join(["The end of the log:", *lines[-LOG_LINES:]]), file=sys.stderr)
