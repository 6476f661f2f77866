"""Sets up all that Sirocco needs on this machine, then runs one command on it."""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"Sirocco needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")

import argparse
import contextlib
import ctypes
import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "build_scripts"
VENV = ROOT / ".venv"
STAMP = VENV / "sirocco-set-up.json"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
EXAMPLES = VENV / "examples"

WORKFLOWS = sorted(str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml"))
FIRST_QUESTION = "What can you show me?"
PICTURE_SECONDS = 180
MOST_TESTERS = 4  # processes that run tests side by side


class SetUpError(Exception):
    """What stands in the way; its text says what to do about it."""


def say(line: str) -> None:
    """Tell the person what goes on; on stderr, so that stdout is the command's own."""
    print(f"· {line}", file=sys.stderr, flush=True)


# -- what the system must have (Linux) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """One thing of the system: how to see that it is there, and the packages that bring it."""

    probe: str  # "lib:NAME" loads, "bin:NAME" is on PATH, "file:PATTERN" matches something below /
    debian: str
    fedora: str
    arch: str

    def is_met(self) -> bool:
        kind, _, name = self.probe.partition(":")
        if kind == "bin":
            return shutil.which(name) is not None
        if kind == "file":
            return any(Path("/").glob(name))
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True


QT = (
    Need("lib:libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    Need("lib:libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    Need("lib:libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    Need("lib:libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    Need("lib:libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    Need("lib:libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    Need("lib:libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Need("lib:libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Need("lib:libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    Need("lib:libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    Need("lib:libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland"),
    Need("file:usr/share/fonts/**/*.[to]tf", "fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu"),
)
DISPLAY = (
    Need("bin:Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    Need("bin:openbox", "openbox", "openbox", "openbox"),
)
KEYRING = (
    Need("bin:dbus-daemon", "dbus", "dbus-daemon", "dbus"),
    Need("bin:gnome-keyring-daemon", "gnome-keyring", "gnome-keyring", "gnome-keyring"),
)
DESKTOP = (
    *DISPLAY,
    *KEYRING,
    Need("bin:xdotool", "xdotool", "xdotool", "xdotool"),
    Need("bin:setxkbmap", "x11-xkb-utils", "setxkbmap", "xorg-setxkbmap"),
    Need("bin:xprop", "x11-utils", "xprop", "xorg-xprop"),
    Need("bin:import", "imagemagick", "ImageMagick", "imagemagick"),
    Need("bin:trayer", "trayer", "trayer", "trayer"),
    Need("bin:desktop-file-validate", "desktop-file-utils", "desktop-file-utils", "desktop-file-utils"),
    Need("bin:secret-tool", "libsecret-tools", "libsecret", "libsecret"),
    Need("file:usr/lib*/at-spi-bus-launcher", "at-spi2-core", "at-spi2-core", "at-spi2-core"),
    Need("file:usr/lib*/python3*/*-packages/pyatspi", "python3-pyatspi", "python3-pyatspi", "python-atspi"),
    Need("bin:strace", "strace", "strace", "strace"),
)
PICTURES = (
    *DISPLAY,
    Need("file:usr/share/fonts/**/Inter*", "fonts-inter", "rsms-inter-fonts", "inter-font"),
    Need(
        "file:usr/share/fonts/**/JetBrainsMono*",
        "fonts-jetbrains-mono",
        "jetbrains-mono-fonts",
        "ttf-jetbrains-mono",
    ),
    Need(
        "file:usr/share/fonts/**/NotoSans-Regular*", "fonts-noto-core", "google-noto-sans-fonts", "noto-fonts"
    ),
)
# PyInstaller bundles the small xcb libraries only where the building machine has them.
FREEZE = (
    *DISPLAY,
    Need("bin:objdump", "binutils", "binutils", "binutils"),
    Need("lib:libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Need("lib:libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    Need("lib:libxcb-xinerama.so.0", "libxcb-xinerama0", "libxcb", "libxcb"),
)
# What makes installers, and what says whether they are as they should be.
NSIS = (Need("bin:makensis", "nsis", "mingw32-nsis", "nsis"),)
INSTALLERS = (
    *NSIS,
    Need("bin:objdump", "binutils", "binutils", "binutils"),
    Need("bin:dpkg-deb", "dpkg", "dpkg", "dpkg"),
    Need("bin:shellcheck", "shellcheck", "ShellCheck", "shellcheck"),
    Need("bin:groff", "groff-base", "groff-base", "groff"),
    Need("bin:appstreamcli", "appstream", "appstream", "appstream"),
)
# Debian's own judge of packages, which no other system has.
LINTIAN = (Need("bin:lintian", "lintian", "", ""),) if shutil.which("apt-get") else ()
# A Windows and a Debian of their own, in which the heavy tests install.
ROOTS = (
    Need("bin:wine", "wine", "wine-core", "wine"),
    Need("bin:debootstrap", "debootstrap", "debootstrap", "debootstrap"),
)
# What starts an app from its entry in the menu, as desktops do, for a first day that is walked through.
MENU = (Need("bin:gio", "libglib2.0-bin", "glib2", "glib2"),)
# A word processor, into which the heavy tests paste.
OFFICE = (Need("bin:soffice", "libreoffice-writer", "libreoffice-writer", "libreoffice-fresh"),)
# A Wayland compositor that needs no screen, likewise for heavy tests.
WAYLAND = (Need("bin:weston", "weston", "weston", "weston"),)
# The real portal, which programs ask for a hotkey there.
PORTAL = (
    Need(
        "file:usr/lib*/xdg-desktop-portal", "xdg-desktop-portal", "xdg-desktop-portal", "xdg-desktop-portal"
    ),
)


def meet(needs: Sequence[Need]) -> None:
    """Install what is missing of `needs`, or raise SetUpError with the command that does."""
    if sys.platform != "linux":
        return
    missing = [need for need in needs if not need.is_met()]
    if not missing:
        return
    if shutil.which("apt-get"):
        packages = [need.debian for need in missing]
        if os.geteuid() == 0:
            apt_install(packages)
            return
        command = ["apt-get", "install", "--no-install-recommends", *packages]
    elif shutil.which("dnf"):
        command = ["dnf", "install", *(need.fedora for need in missing)]
    elif shutil.which("pacman"):
        command = ["pacman", "-S", "--needed", *(need.arch for need in missing)]
    else:
        names = ", ".join(need.probe.partition(":")[2] for need in missing)
        raise SetUpError(f"This system lacks: {names}. Install the packages that bring them, then try again.")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    raise SetUpError(
        f"Some system packages are missing. Type this, then try again:\n\n    {shlex.join(sudo + command)}\n"
    )


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages as root; SetUpError with apt's last words where that fails."""
    say(f"Installing system packages: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    install = [*apt, "install", "--no-install-recommends", *packages]
    try:
        quietly(install, env)
    except SetUpError:
        # A fresh image has no package lists, an old one has lists of packages that are gone.
        quietly([*apt, "update"], env)
        quietly(install, env)


def quietly(argv: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run without output; SetUpError with the last lines of it where the command fails."""
    done = subprocess.run(
        argv,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.decode(errors="replace").splitlines()[-15:])
        raise SetUpError(f"This failed: {shlex.join(argv)}\n{tail}")


# -- the environment of the project --------------------------------------------------------------------


def lock_file(name: str) -> str:
    """The lock of one set, seen from the top of the tree."""
    return f"build_scripts/requirements-{name}.txt"


def lock_hash(name: str) -> str:
    path = ROOT / lock_file(name)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def read_stamp() -> dict[str, str] | None:
    """The hash of the lock of each installed set; None where this tree's environment was never finished."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        # An environment that was moved has its old place in its scripts.
        return dict(stamp["locks"]) if stamp["place"] == str(VENV) else {"moved": "since"}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_sound() -> bool:
    """Whether the environment starts, has pip and is new enough."""
    probe = [PYTHON, "-I", "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    try:
        return (
            subprocess.run(probe, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


def is_stale() -> bool:
    """Whether the environment must be made anew: it is broken, was moved, or a lock has changed."""
    changed = any(lock_hash(name) != known for name, known in (read_stamp() or {}).items())
    return changed or not is_sound()


def make_environment(sets: Sequence[str]) -> None:
    """Bring .venv to the locked packages of `sets`; made anew when it is stale."""
    installed = read_stamp()
    if is_stale():
        if find_spec("ensurepip") is None:
            meet_venv()
        say(f"Making {VENV}")
        quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
        installed = None
    known = installed or {}
    if all(name in known for name in sets):
        return
    wanted = sorted({*known, *sets})
    say(f"Installing the locked packages ({', '.join(wanted)}); the first time takes a few minutes")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    files = [part for name in wanted for part in ("-r", lock_file(name))]
    if sys.stderr.isatty():
        if subprocess.run(
            [*pip, *files], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        ).returncode:
            raise SetUpError("The locked packages could not be installed; the reason stands above.")
    else:
        quietly([*pip, "--quiet", *files])
    stamp = {"place": str(VENV), "locks": {name: lock_hash(name) for name in wanted}}
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def lock_entry(name: str, package: str) -> str:
    """The lines of one package in the lock of a set, with its hashes."""
    lines = (ROOT / lock_file(name)).read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    return "".join(lines[start:end])


def fetch_examples() -> None:
    """Bring the examples of CommonMark and GFM: the parser's source holds them, its wheel doesn't."""
    if any(EXAMPLES.glob("*.tar.gz")):
        return
    say("Fetching CommonMark's examples")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(lock_entry("run", "markdown-it-py"), encoding="utf-8")
        options = ["--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps"]
        # Without isolation it is the locked flit-core that reads what the source says of itself.
        source = ["--no-build-isolation", "--no-binary", ":all:", "--dest", str(EXAMPLES), "-r", str(wanted)]
        quietly([PYTHON, "-m", "pip", "download", *options, *source])


def meet_venv() -> None:
    """Debian keeps what `python -m venv` needs in a package of its own."""
    package = f"python3.{sys.version_info.minor}-venv"
    if not shutil.which("apt-get"):
        raise SetUpError(f"This Python ({sys.executable}) has no ensurepip, so it can't make an environment.")
    if os.geteuid() != 0:
        raise SetUpError(
            f"Python's venv is missing. Type this, then try again:\n\n    sudo apt-get install {package}\n"
        )
    apt_install([package])


def set_up(*sets: str, needs: Sequence[Need] = ()) -> None:
    meet(needs)
    make_environment(sets)


# -- running things ------------------------------------------------------------------------------------


def become(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run the command in the place of this process where the system can: its signals and exit code."""
    if os.name == "posix":
        os.chdir(ROOT)
        os.execve(argv[0], list(argv), env)  # noqa: S606 - no shell is what is wanted
    return supervise(argv, env)


def supervise(argv: Sequence[str], env: Mapping[str, str], seconds: float | None = None) -> int:
    """Run a command to its end, for at most `seconds`, passing SIGTERM on; returns its exit code."""
    child = subprocess.Popen(argv, cwd=ROOT, env=dict(env))
    # Ctrl+C reaches the child from the terminal; this process waits for what it makes of it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    before_term = signal.signal(signal.SIGTERM, lambda _number, _frame: child.terminate())
    try:
        code = child.wait(seconds)
    except subprocess.TimeoutExpired:
        say(f"Ended after {seconds:g} seconds without a result: {shlex.join(argv)}")
        return 1
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, before_term)
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def own_profile() -> Iterator[dict[str, str]]:
    """The environment variables of an empty profile that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="sirocco-", ignore_cleanup_errors=True) as folder:
        names = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]
        if os.name == "nt":
            names += ["WIN_PD_OVERRIDE_APPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"]
        profile = {name: str(Path(folder, name.lower())) for name in names}
        for path in profile.values():
            Path(path).mkdir(mode=0o700)
        yield {**os.environ, **profile}


@contextlib.contextmanager
def virtual_display(env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """`env` with a display of its own: Xvfb with a window manager, without the desktop's bus."""
    ends: list[subprocess.Popen[bytes]] = []
    quiet = subprocess.DEVNULL
    read, write = os.pipe()
    try:
        xvfb = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "1920x1200x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        ends.append(subprocess.Popen(xvfb, pass_fds=(write,), stdin=quiet, stdout=quiet, stderr=quiet))
        os.close(write)
        number = os.read(read, 16).decode().strip()
        if not number:
            raise SetUpError("Xvfb did not start.")
        # With an address that leads nowhere, the D-Bus library starts no bus of its own.
        own = {
            **env,
            "DISPLAY": f":{number}",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "QT_QPA_PLATFORM": "xcb",
        }
        own.pop("WAYLAND_DISPLAY", None)
        ends.append(subprocess.Popen(["openbox"], env=own, stdin=quiet, stdout=quiet, stderr=quiet))
        yield own
    finally:
        os.close(read)
        for process in reversed(ends):
            process.terminate()
        for process in ends:
            process.wait()


def usable_cores() -> int:
    """How many cores this process may use; a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_display() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def with_root_path(env: Mapping[str, str]) -> dict[str, str]:
    """`env` in which a script below build_scripts finds the package."""
    paths = [str(ROOT), *filter(None, [env.get("PYTHONPATH")])]
    return {**env, "PYTHONPATH": os.pathsep.join(paths)}


# -- the commands --------------------------------------------------------------------------------------


def demo(_args: Sequence[str]) -> int:
    """open the window on the offline demo and watch a first answer (no key, no network)"""
    set_up("run", needs=QT)
    with own_profile() as env:
        window = [PYTHON, "-m", "app", "--demo", "--first-question", FIRST_QUESTION]
        if has_display():
            say("Opening Sirocco on its offline demo; close the window to end")
            return supervise(window, env)
        say("No display here (DISPLAY and WAYLAND_DISPLAY are empty): the demo answers in the terminal")
        say(f"You: {FIRST_QUESTION}")
        code = supervise([PYTHON, "-m", "app", "ask", "--demo", FIRST_QUESTION], env)
        if code:
            return code
        try:
            meet(DISPLAY)
        except SetUpError as error:
            say(f"No picture of the window was made. {error}")
            return 0
        picture = ROOT / "build" / "demo.png"
        picture.parent.mkdir(exist_ok=True)
        picture.unlink(missing_ok=True)
        say("Opening the window on a virtual display for a picture of it")
        with virtual_display(env) as own:
            code = supervise([*window, "--picture", str(picture)], own, PICTURE_SECONDS)
        if code or not picture.exists():
            raise SetUpError(f"The window made no picture (exit code {code}).")
        say(f"The window looks like this: {picture}")
        return 0


def run(args: Sequence[str]) -> int:
    """start the app as a user has it; what follows goes to the app"""
    set_up("run", needs=QT)
    return become([PYTHON, "-m", "app", *args], os.environ)


def test(args: Sequence[str]) -> int:
    """run the tests, headless (--heavy: all of them); what follows goes to pytest"""
    env = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    rest = [arg for arg in args if arg != "--heavy"]
    needs = (*QT, *DESKTOP, *FREEZE, *INSTALLERS, *LINTIAN)
    if len(rest) < len(args):
        set_up("run", "test", "build", needs=(*needs, *ROOTS, *MENU, *OFFICE, *WAYLAND, *PORTAL))
        env["SIROCCO_HEAVY"] = "1"
    else:
        set_up("run", "test", "build", needs=needs)
    fetch_examples()
    # On each core a process of its own; `-n 0` for one alone, where somebody looks with a debugger.
    cores = ["-n", str(min(usable_cores(), MOST_TESTERS)), "--dist", "loadgroup"]
    return become([PYTHON, "-m", "pytest", *cores, *rest], env)


def check(_args: Sequence[str]) -> int:
    """lint, format, types and the layers"""
    set_up("run", "test", "check")
    schema = "vendor.github-workflows"
    # This one has no module that could be run.
    zizmor = str(Path(PYTHON).with_name("zizmor"))
    checks = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "lint-imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "workflows": [PYTHON, "-m", "check_jsonschema", "--builtin-schema", schema, *WORKFLOWS],
        "what workflows may do": [zizmor, "--offline", "--quiet", *WORKFLOWS],
    }
    failed = []
    for name, words in checks.items():
        say(name)
        if supervise(words, os.environ):
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def bench(args: Sequence[str]) -> int:
    """measure against floors in the same run; a name measures only that"""
    set_up("run", "test", "build", needs=(*QT, *DESKTOP, *FREEZE))
    return on_own_desktop([PYTHON, str(SCRIPTS / "bench" / "__main__.py"), *args])


def shots(args: Sequence[str]) -> int:
    """picture every main screen, light and dark, into a folder (build/shots)"""
    set_up("run", "test", needs=(*QT, *DESKTOP, *PICTURES))
    folder, *rest = args or [str(ROOT / "build" / "shots")]
    return on_own_desktop([PYTHON, str(SCRIPTS / "shots.py"), str(Path(folder).resolve()), *rest])


def on_own_desktop(argv: Sequence[str]) -> int:
    with own_profile() as env:
        if sys.platform != "linux":
            return supervise(argv, with_root_path(env))
        with virtual_display(with_root_path(env)) as own:
            return supervise(argv, own)


def build(args: Sequence[str]) -> int:
    """build what people install, into dist (--fast: for tests; --help names the steps)"""
    set_up("run", "build", needs=(*QT, *FREEZE, *(NSIS if "setup" in args else ())))
    return supervise([PYTHON, "-m", "build_scripts.build", *args], with_root_path(os.environ))


def tryout(args: Sequence[str]) -> int:
    """install, run and remove what build made, on a machine to be thrown away (--frozen: only run it)"""
    set_up("run", "build", needs=(*QT, *DISPLAY, *KEYRING))
    trial = [PYTHON, "-m", "build_scripts.build.try_out", *args]
    if sys.platform == "linux":
        # A session with a keyring that is unlocked, as a person's is.
        unlock = "printf session-only | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
        trial = ["dbus-run-session", "--", "sh", "-c", f'{unlock} && exec "$@"', "sh", *trial]
    return on_own_desktop(trial)


def licences(_args: Sequence[str]) -> int:
    """list the bundled parts and their licences anew, in resources/licences (after lock)"""
    set_up("run")
    return supervise([PYTHON, "-m", "build_scripts.build.licences"], with_root_path(os.environ))


def lock(args: Sequence[str]) -> int:
    """resolve build_scripts/requirements-*.txt anew (-- --upgrade for newer versions)"""
    set_up("lock")
    uv = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    universal = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    for name in ("run", "test", "check", "build", "lock"):
        source = ["pyproject.toml"] if name == "run" else ["--group", name, "--constraints", lock_file("run")]
        quietly([*uv, *universal, *source, *args, "--output-file", lock_file(name)])
        # Every package must come ready-made: nobody needs a compiler to start.
        for version in ("3.11", "3.14"):
            for system in ("x86_64-manylinux_2_36", "windows", "macos"):
                target = ["--python-version", version, "--python-platform", system, "--only-binary", ":all:"]
                quietly([*uv, *target, lock_file(name), "--output-file", os.devnull])
        say(lock_file(name))
    return 0


COMMANDS = {
    command.__name__: command
    for command in (demo, run, test, check, bench, build, tryout, shots, lock, licences)
}


def main(argv: Sequence[str]) -> int:
    lines = "\n".join(f"  {name:8}  {command.__doc__}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        usage="%(prog)s COMMAND [ARGUMENTS]",
        description=f"{__doc__}\n\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those above")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARGUMENTS", help="for what the command runs"
    )
    chosen = parser.parse_args(argv)
    rest = list(chosen.arguments)
    if "--" in rest:
        rest.remove("--")
    try:
        return COMMANDS[chosen.command](rest)
    except SetUpError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
