"""Does with each installer in `dist` what a person does: installs it, runs the app, removes it.

`dev.py tryout` runs it on a machine that is thrown away afterwards, for apt changes the machine itself;
`--frozen` asks the frozen app alone, before it is packed.
"""

from __future__ import annotations

import os
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from build_scripts.build.checksums import handed_out
from build_scripts.build.places import APP_BUNDLE, DIST, ONEDIR, TWIN, terminal_program
from build_scripts.build.steps import BuildError, run, say
from build_scripts.build.tools import Run, is_here

QUESTIONS = ("--version", "--self-test")


def try_tarball(archive: Path, run: Run, questions: Sequence[str] = QUESTIONS) -> None:
    """Install it in a home of its own, and remove it again."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        (root,) = (path for path in Path(folder).iterdir() if path != home)
        env = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "share")}
        run([root / "install.sh"], env)
        for question in questions:
            say(run([home / ".local" / "bin" / "sirocco", question], env).strip())
        run([home / ".local" / "opt" / "sirocco" / "uninstall.sh", "--delete-chats"], env)
        _must_be_gone(home.rglob("*irocco*"))


def try_deb(package: Path, run: Run, questions: Sequence[str] = QUESTIONS) -> None:
    """Have apt install and purge it; needs root."""
    apt = ["apt-get", "--yes", "-q"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*apt, "install", package.resolve()], env)
    files = [Path(line) for line in run(["dpkg-query", "--listfiles", "sirocco"]).splitlines()]
    for question in questions:
        say(run(["sirocco", question]).strip())
    run([*apt, "purge", "sirocco"], env)
    _must_be_gone(path for path in files if "irocco" in path.name and path.exists())


def try_appimage(image: Path, run: Run, questions: Sequence[str] = QUESTIONS) -> None:
    """Run it without mounting it, which needs FUSE."""
    for question in questions:
        say(run([image, "--appimage-extract-and-run", question]).strip())


def try_setup(
    installer: Path,
    run: Run,
    questions: Sequence[str] = QUESTIONS,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Install it silently for this person, and remove it silently."""
    target = Path(environment["LOCALAPPDATA"], "Programs", "Sirocco")
    shortcut = Path(environment["APPDATA"], "Microsoft", "Windows", "Start Menu", "Programs", "Sirocco.lnk")
    run([installer, "/S"])
    if not shortcut.is_file():
        raise BuildError(f"There is no {shortcut}.")
    for question in questions:
        say(run([target / TWIN, question]).strip())
    # With this it works where it is, so that its end can be waited for; only itself is left then.
    run([target / "uninstall.exe", "/S", f"_?={target}"])
    ours = (shortcut, *(target / name for name in ("sirocco.exe", TWIN, "_internal")))
    _must_be_gone(path for path in ours if path.exists())


def try_dmg(image: Path, run: Run, questions: Sequence[str] = QUESTIONS) -> None:
    """Copy the app out of the image, as a person drags it, and run the copy."""
    with tempfile.TemporaryDirectory() as folder:
        mounted, app = Path(folder, "volume"), Path(folder, "Sirocco.app")
        run(["hdiutil", "attach", image, "-nobrowse", "-readonly", "-mountpoint", mounted])
        try:
            run(["ditto", mounted / "Sirocco.app", app])
        finally:
            run(["hdiutil", "detach", mounted])
        run(["codesign", "--verify", "--deep", "--strict", app])
        for question in questions:
            say(run([app / "Contents" / "MacOS" / "sirocco", question]).strip())


# Which installer is tried how, and on which system.
TRIALS: dict[str, tuple[str, Callable[[Path, Run], None]]] = {
    ".tar.xz": ("linux", try_tarball),
    ".deb": ("linux", try_deb),
    ".AppImage": ("linux", try_appimage),
    ".exe": ("win32", try_setup),
    ".dmg": ("darwin", try_dmg),
}


def try_all(folder: Path, run: Run, system: str = sys.platform) -> list[str]:
    """Try all that `system` can install; returns their names. BuildError where one of them is amiss."""
    tried = []
    for path in handed_out(folder):
        for suffix, (where, trial) in TRIALS.items():
            if path.name.endswith(suffix) and where == system:
                if suffix == ".deb" and (not is_here("apt-get") or os.geteuid() != 0):
                    say(f"{path.name} isn't tried: that needs apt and root.")
                    continue
                say(f"Trying {path.name}")
                trial(path, run)
                tried.append(path.name)
    if not tried:
        raise BuildError(f"There is nothing to try in {folder}: `dev.py build` makes it.")
    return tried


def _must_be_gone(left: Iterable[Path]) -> None:
    names = [str(path) for path in left]
    if names:
        raise BuildError(f"These are left after the removal: {', '.join(names)}")


def try_frozen(program: Path, run: Run, questions: Sequence[str] = QUESTIONS) -> list[str]:
    """Ask the frozen app where it lies."""
    for question in questions:
        say(run([program, question]).strip())
    return [program.name]


def main(options: Sequence[str]) -> int:
    """Try what lies in `dist`."""
    try:
        if list(options) == ["--frozen"]:
            tried = try_frozen(terminal_program(APP_BUNDLE if sys.platform == "darwin" else ONEDIR), run)
        else:
            tried = try_all(DIST, run)
        say(f"All is well: {', '.join(tried)}")
    except BuildError as error:
        print(f"tryout: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
