"""SEC-14: no key reaches a log in any spelling; REL-17: every fault that nobody caught reaches it once."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop.logs import FILES, LOG_NAME, MAX_BYTES, RotatingFile
from app.desktop.redaction import Redactor

ROOT = Path(__file__).parents[2]
KEY = 'Zq8/"fR+1üW2~e'


@given(
    key=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=8, max_size=60),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
)
def test_SEC_14_a_known_key_is_gone_in_every_spelling(key: str, before: bytes, after: bytes) -> None:
    key = key.strip()
    if len(key) < 8:
        return
    redactor = Redactor()
    redactor.add(key)
    coded = base64.b64encode(before + key.encode() + after).decode()
    spellings = {key, quote(key), quote(key, safe=""), json.dumps(key), repr(key)}
    for spelling in spellings:
        shown = redactor.text(f"before {spelling} after")
        assert spelling not in shown.replace("[removed]", "")
    # Of the base64 of a longer text a border of three characters may stay: less than three bytes of the key.
    middle = base64.b64encode(key.encode() if len(before) % 3 == 0 else b"").decode().rstrip("=")[:-1]
    if middle:
        assert middle not in redactor.text(f"Basic {coded}")


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Authorization: Bearer abc123xyz", "abc123xyz"),
        ("{'authorization': 'Bearer abc123xyz'}", "abc123xyz"),
        ("(b'Authorization', b'Bearer abc123xyz')", "abc123xyz"),
        ("Illegal header value b'Bearer abc123\\nxyz'", "abc123"),
        ("the key sk-proj_abcdef-12345 was refused", "abcdef"),
        ("GET https://h.example/v1/models?api_key=abc123 failed", "abc123"),
        ("proxy http://ada:abc123@proxy.example:8080", "abc123"),
        ("x-api-key: abc123xyz", "abc123xyz"),
    ],
)
def test_SEC_14_what_looks_like_a_key_is_gone_even_if_it_is_unknown(text: str, gone: str) -> None:
    assert gone in text
    assert gone not in Redactor().text(text)


def test_SEC_14_the_home_folder_and_control_characters_are_not_written(tmp_path: Path) -> None:
    redactor = Redactor(home=tmp_path)
    assert redactor.text(f"open {tmp_path}/x\x1b[2J") == "open ~/x\\x1b[2J"


def test_a_redactor_does_not_show_what_it_knows() -> None:
    redactor = Redactor()
    redactor.add(KEY)
    assert KEY not in repr(redactor)


def test_the_log_keeps_its_size_its_number_and_its_mode(tmp_path: Path) -> None:
    handler = RotatingFile(tmp_path)
    for number in range(90):
        handler.handle(logging.LogRecord("n", logging.INFO, "", 0, f"{number} {'x' * 100_000}", None, None))
    handler.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [LOG_NAME, *(f"{LOG_NAME}.{n}" for n in range(1, FILES))]
    assert all(file.stat().st_size <= MAX_BYTES for file in files)
    assert files[0].read_text().splitlines()[-1].startswith("89 ")
    if os.name == "posix":
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_folder_that_is_not_there_loses_the_log_and_nothing_else(tmp_path: Path) -> None:
    handler = RotatingFile(tmp_path / "none")
    handler.handle(logging.LogRecord("n", logging.INFO, "", 0, "text", None, None))
    handler.close()


def test_a_log_that_can_not_be_rotated_loses_records_and_nothing_else(tmp_path: Path) -> None:
    handler = RotatingFile(tmp_path)
    (tmp_path / f"{LOG_NAME}.{FILES - 2}").touch()
    hindrance = tmp_path / f"{LOG_NAME}.{FILES - 1}" / "a file"
    hindrance.parent.mkdir()
    hindrance.touch()

    def write(text: str) -> None:
        handler.handle(logging.LogRecord("n", logging.INFO, "", 0, text, None, None))

    for _ in range(3):
        write("x" * (MAX_BYTES - 10))
    hindrance.unlink()
    hindrance.parent.rmdir()
    write("the next one")
    handler.close()
    assert (tmp_path / LOG_NAME).read_text() == "the next one\n"


FAULTS = """
    import logging, sys, threading
    from pathlib import Path
    from app.desktop.logs import log_qt_messages, start_logging
    from app.desktop.redaction import Redactor
    redactor = Redactor()
    redactor.add("MARKED-KEY-4711")
    start_logging(Path(sys.argv[1]), redactor)
    log_qt_messages()
    from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, qWarning
    app = QCoreApplication([])

    class Worker(QThread):
        def run(self):
            raise ValueError("in a QThread MARKED-KEY-4711")

    def slot():
        raise ValueError("in a slot MARKED-KEY-4711")

    def thread():
        raise ValueError("in a thread MARKED-KEY-4711")

    qWarning("from Qt MARKED-KEY-4711\\nsecond line")
    # A screen reader makes Qt say this a hundred times a minute, and no log is so long.
    qWarning("QTextCursor::setPosition: Position '1' out of range")
    qWarning('Could not find accessible on path: "/org/a11y/atspi/accessible/2147483805"')
    worker = Worker()
    worker.finished.connect(app.quit)
    QTimer.singleShot(0, slot)
    started = threading.Thread(target=thread)
    started.start()
    started.join()
    QTimer.singleShot(0, worker.start)
    app.exec()
    worker.wait()
    raise ValueError("in the main thread MARKED-KEY-4711")
"""


def test_REL_17_every_uncaught_fault_is_logged_once_without_the_key(tmp_path: Path) -> None:
    script = textwrap.dedent(FAULTS)
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    log = (tmp_path / LOG_NAME).read_text()
    for where in ("a QThread", "a slot", "a thread", "the main thread"):
        assert log.count(f"in {where} [removed]\n") == 1, log
    assert "qt.default: from Qt [removed]\n    second line\n" in log
    assert "out of range" not in log
    assert "Could not find" not in log
    assert "4711" not in log + run.stdout + run.stderr
    assert "Traceback" in log


def test_REL_17_a_crash_of_the_interpreter_leaves_its_stack(tmp_path: Path) -> None:
    script = """
        import faulthandler, sys
        from pathlib import Path
        from app.desktop.logs import start_logging
        from app.desktop.redaction import Redactor
        start_logging(Path(sys.argv[1]), Redactor())
        faulthandler._sigabrt()
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert run.returncode != 0
    assert "Aborted" in (tmp_path / "crash.log").read_text()
