"""REL-17, SEC-14: crashes and uncaught faults leave reports: few, private, without secrets, offered once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.desktop.fault_reports import MAX_KEPT, MAX_REPORT, FaultReports
from app.desktop.logs import CRASH_NAME, REPORTS_A_RUN
from app.desktop.redaction import Redactor

ROOT = Path(__file__).parents[2]
KEY = "MARKED-KEY-4711"

START = f"""
    import faulthandler, sys, threading
    from pathlib import Path
    from app.desktop.logs import start_logging
    from app.desktop.redaction import Redactor
    redactor = Redactor(Path({str(ROOT)!r}))
    redactor.add({KEY!r})
    start_logging(Path(sys.argv[1]), redactor)
"""
SLOT = """
    from PySide6.QtCore import QCoreApplication, QTimer
    app = QCoreApplication([])

    def slot():
        raise ValueError("in a slot with MARKED-KEY-4711")

    for _ in range(5):
        QTimer.singleShot(0, slot)
    QTimer.singleShot(50, app.quit)
    app.exec()
"""
THREADS = """
    def fault(number):
        exec("\\n" * number + "raise ValueError(number)")

    for number in range(9):
        thread = threading.Thread(target=fault, args=(number,), name="worker")
        thread.start()
        thread.join()
"""


def child(folder: Path, script: str) -> int:
    words = [sys.executable, "-c", textwrap.dedent(START) + textwrap.dedent(script), str(folder)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode


def reports(folder: Path) -> list[Path]:
    return sorted([*folder.glob("crash-*.txt"), *folder.glob("fault-*.txt")])


@pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")
@pytest.mark.parametrize("death", ["faulthandler._sigsegv()", "faulthandler._sigabrt()"])
def test_a_crash_is_offered_by_the_next_start_until_it_was_seen(tmp_path: Path, death: str) -> None:
    assert child(tmp_path, death) < 0
    assert reports(tmp_path) == []
    kept = FaultReports(tmp_path, Redactor(ROOT))
    kept.collect()
    report = kept.unseen()
    assert report is not None
    assert report.is_crash
    assert "Fatal Python error" in report.text
    assert "Sirocco " in report.text
    (path,) = reports(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / CRASH_NAME).stat().st_size == 0
    again = FaultReports(tmp_path, Redactor())
    again.collect()
    assert again.unseen() == report
    again.note_seen()
    assert FaultReports(tmp_path, Redactor()).unseen() is None
    assert len(reports(tmp_path)) == 1
    # A start after it doesn't count as another crash.
    assert child(tmp_path, "") == 0
    again.collect()
    assert again.unseen() is None


def test_a_fault_in_a_slot_is_reported_once_without_the_key_and_the_home(tmp_path: Path) -> None:
    assert child(tmp_path, SLOT) == 0
    (path,) = reports(tmp_path)
    report = FaultReports(tmp_path, Redactor()).unseen()
    assert report is not None
    assert not report.is_crash
    assert report.text == path.read_text()
    assert "ValueError: in a slot with [removed]" in report.text
    assert "Thread: MainThread" in report.text
    assert KEY not in report.text
    assert str(ROOT) not in report.text


def test_a_run_full_of_faults_makes_a_few_reports_alone(tmp_path: Path) -> None:
    assert child(tmp_path, THREADS) == 0
    found = reports(tmp_path)
    assert len(found) == REPORTS_A_RUN
    assert all("Thread: worker" in path.read_text() for path in found)


def test_reports_stay_few_and_small_and_a_crash_comes_before_a_fault(tmp_path: Path) -> None:
    kept = FaultReports(tmp_path, Redactor())
    for number in range(MAX_KEPT):
        (tmp_path / CRASH_NAME).write_text(f"crash {number} " + "x" * 10 * MAX_REPORT)
        kept.collect()
    for number in range(2):
        kept.write_fault(f"first line {number}\n" + "y" * 10 * MAX_REPORT + "last line", "main")
    found = reports(tmp_path)
    assert len(found) == MAX_KEPT
    assert all(path.stat().st_size < MAX_REPORT + 1000 for path in found)
    newest = kept.unseen()
    assert newest is not None
    assert newest.is_crash
    assert f"crash {MAX_KEPT - 1}" in newest.text
    assert any("first line 1" in path.read_text() and "last line" in path.read_text() for path in found)


def test_what_the_interpreter_left_is_redacted(tmp_path: Path) -> None:
    (tmp_path / CRASH_NAME).write_text(f'Fatal\n  File "{tmp_path}/app/x.py"\n\x1b[2J {KEY}')
    redactor = Redactor(tmp_path)
    redactor.add(KEY)
    kept = FaultReports(tmp_path, redactor)
    kept.collect()
    report = kept.unseen()
    assert report is not None
    assert str(tmp_path) not in report.text
    assert KEY not in report.text
    assert "\x1b" not in report.text


def test_without_a_folder_there_is_no_report_and_no_fault(tmp_path: Path) -> None:
    kept = FaultReports(tmp_path / "none", Redactor())
    kept.collect()
    kept.write_fault("text", "main")
    kept.note_seen()
    assert kept.unseen() is None


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_report_is_never_written_through_a_link(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    folder.mkdir()
    (folder / CRASH_NAME).symlink_to(elsewhere)
    elsewhere.write_text("a file of somebody")
    FaultReports(folder, Redactor()).collect()
    assert elsewhere.read_text() == "a file of somebody"
    assert reports(folder) == []
