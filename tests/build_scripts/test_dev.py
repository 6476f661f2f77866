"""The one script that sets everything up, and the locks it installs from."""

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from build_scripts import dev
from tests.desktop.processes import Processes, until

SCRIPT = dev.ROOT / "build_scripts" / "dev.py"
LOCKS = sorted((dev.ROOT / "build_scripts").glob("requirements-*.txt"))
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="system packages are Linux's")


def _dev(tree: Path, code: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python code that sees the `dev` of another tree."""
    script = f"import sys; sys.path.insert(0, {str(tree / 'build_scripts')!r}); import dev; {code}"
    words = [sys.executable, "-c", script]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=tree.parent)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout in a folder with spaces, whose lock holds nothing."""
    scripts = tmp_path / "a tree of its own" / "build_scripts"
    scripts.mkdir(parents=True)
    shutil.copy(SCRIPT, scripts)
    (scripts / "requirements-run.txt").write_text("# nothing\n", encoding="utf-8")
    return scripts.parent


@pytest.fixture
def set_up_tree(tree: Path) -> Path:
    """A checkout that is set up: its environment sees the packages of the one that runs the tests."""
    for name in ("app", "resources"):
        (tree / name).symlink_to(dev.ROOT / name)
    shutil.copy(LOCKS[0].with_name("requirements-run.txt"), tree / "build_scripts")
    environment = tree / ".venv"
    venv.create(environment, with_pip=False, symlinks=True)
    inside = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", inside), "packages.pth")
    packages.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    stamp = {
        "place": str(environment),
        "locks": {"run": _dev(tree, "print(dev.lock_hash('run'))").stdout.strip()},
    }
    (environment / dev.STAMP.name).write_text(json.dumps(stamp), encoding="utf-8")
    return tree


def test_an_old_python_gets_one_line() -> None:
    pretend = "import sys, runpy; sys.version_info = (3, 10, 1); sys.version = '3.10.1 (main)'"
    code = f"{pretend}; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"Sirocco needs Python 3\.11 or newer; this is 3\.10\.1 .*\n", done.stderr)


def test_help_names_every_command() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, text=True, check=True)
    for command in ("demo", "run", "test", "check", "bench", "build", "tryout", "shots", "lock"):
        assert re.search(rf"^  {command} +\w", done.stdout, re.MULTILINE)


def test_wrong_use_is_exit_2() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2


def test_an_environment_is_mended_once_and_made_anew_when_it_must_be(tree: Path) -> None:
    make = "dev.make_environment(['run'])"
    python = tree / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    # What was there is broken: its Python is gone.
    python.parent.mkdir(parents=True)
    python.symlink_to("nowhere")
    first = _dev(tree, make)
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "Making" in first.stderr
    assert subprocess.run([python, "-c", "import pip"], check=False).returncode == 0

    again = _dev(tree, make)
    assert (again.returncode, again.stderr) == (0, "")

    # Its scripts hold the old place.
    moved = tree.rename(tree.with_name("moved"))
    assert _dev(moved, "print(dev.is_stale())").stdout == "True\n"
    tree = moved.rename(tree)
    lock = tree / "build_scripts" / "requirements-run.txt"
    lock.write_text("# another nothing\n", encoding="utf-8")
    assert _dev(tree, "print(dev.is_stale())").stdout == "True\n"
    lock.write_text("# nothing\n", encoding="utf-8")
    assert _dev(tree, "print(dev.is_stale())").stdout == "False\n"

    # In an environment that is there, but not whole, a package without its hash is refused.
    stamp = tree / ".venv" / dev.STAMP.name
    stamp.unlink()
    lock.write_text("httpx==0.28.1\n", encoding="utf-8")
    refused = _dev(tree, "sys.exit(dev.main(['run']))")
    assert refused.returncode == 1
    assert "Making" not in refused.stderr
    assert "hashes" in refused.stderr
    assert not stamp.exists()


@linux_only
def test_the_demo_without_a_display_answers_in_the_terminal_and_makes_a_picture(
    set_up_tree: Path, tmp_path: Path
) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    # Nothing is to be fetched: everything is there.
    env |= {"PIP_NO_INDEX": "1", "HOME": str(tmp_path)}
    words = [sys.executable, str(set_up_tree / "build_scripts" / "dev.py"), "demo"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr
    assert "Making" not in done.stderr
    said = done.stdout + done.stderr
    assert "No display here" in said
    assert f"You: {dev.FIRST_QUESTION}" in said
    assert len(done.stdout) > 500
    picture = set_up_tree / "build" / "demo.png"
    assert f"The window looks like this: {picture}" in said
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert min(width, height) > 400


@linux_only
def test_needs_are_seen_by_what_they_bring() -> None:
    def met(probe: str) -> bool:
        return dev.Need(probe, "", "", "").is_met()

    assert met("lib:libc.so.6")
    assert not met("lib:libnowhere.so.1")
    assert met("bin:sh")
    assert not met("bin:no-such-program")
    assert met("file:etc/pass*")
    assert not met("file:no-such-folder/*")


@linux_only
@pytest.mark.parametrize(
    ("manager", "command"),
    [("dnf", "dnf install its-fedora-name"), ("pacman", "pacman -S --needed its-arch-name")],
)
def test_what_cannot_be_installed_is_one_command_to_type(tree: Path, manager: str, command: str) -> None:
    programs = tree / "bin"
    programs.mkdir()
    (programs / manager).write_text("#!/bin/sh\n", encoding="utf-8")
    (programs / manager).chmod(0o755)
    code = "dev.meet([dev.Need('bin:nothing', 'its-debian-name', 'its-fedora-name', 'its-arch-name')])"
    done = _dev(tree, code, {"PATH": str(programs)})
    assert re.search(rf"^    (sudo )?{command}$", done.stderr, re.MULTILINE)


@linux_only
def test_an_unknown_system_is_told_what_it_lacks(tree: Path) -> None:
    code = "dev.meet([dev.Need('lib:libnowhere.so.1', 'a', 'b', 'c')])"
    done = _dev(tree, code, {"PATH": str(tree)})
    assert "This system lacks: libnowhere.so.1." in done.stderr


def test_a_command_ends_as_what_it_ran() -> None:
    assert dev.supervise([sys.executable, "-c", "raise SystemExit(7)"], {}) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_sigterm_reaches_what_was_started(processes: Processes) -> None:
    wait = "signal.signal(15, lambda *_: sys.exit(9)); print('up', flush=True); time.sleep(600)"
    inner = f"import signal, sys, time; {wait}"
    start = f"dev.supervise([sys.executable, '-c', {inner!r}], os.environ)"
    outer = f"import os, sys; from build_scripts import dev; sys.exit({start})"
    process = processes.start([sys.executable, "-c", outer], {"PYTHONPATH": str(dev.ROOT)})
    until(lambda: "up" in processes.output_of(process), "the inner process")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 9


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_pins_every_package_with_hashes_and_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|[A-Z]:\\)\w", text)
    assert not re.search(r"^--?(i|f|index|extra|find|trusted)", text, re.MULTILINE)
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[\w.]+( ;.*)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((dev.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"run": project["project"]["dependencies"], **project["dependency-groups"]}
    assert {lock.stem.removeprefix("requirements-") for lock in LOCKS} == set(wanted)
    for name, requirements in wanted.items():
        locked = (dev.ROOT / dev.lock_file(name)).read_text(encoding="utf-8")
        for requirement in requirements:
            package = re.split(r"[\[<>=;]", requirement)[0].lower()
            assert re.search(rf"^{package}==", locked, re.MULTILINE), (
                f"{package} is not in {dev.lock_file(name)}"
            )


def test_pyside_stays_below_the_release_that_loses_references() -> None:
    locked = (dev.ROOT / dev.lock_file("run")).read_text(encoding="utf-8")
    versions = re.findall(r"^(?:pyside6-essentials|shiboken6)==(\d+)\.(\d+)", locked, re.MULTILINE)
    assert len(versions) == 2
    assert all((int(major), int(minor)) < (6, 12) for major, minor in versions)


def test_a_lock_entry_is_one_package_with_its_hashes() -> None:
    entry = dev.lock_entry("run", "markdown-it-py")
    assert re.match(r"markdown-it-py==[\d.]+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", entry)
    assert entry.count("==") == 1
