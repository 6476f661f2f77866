"""A Debian 12 of its own in a folder, in which packages are installed as people do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

RELEASE = "bookworm"
PERSON = 1000


def mirrors() -> dict[str, str]:
    """Where this machine's own apt gets each suite of that Debian; empty where it's another system."""
    words = ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = (line.split() for line in said.splitlines())
    return {suite: site for site, suite in found if suite.startswith(RELEASE)}


class DebianRoot:
    """Its commands run in namespaces of their own, so that nothing of them outlives the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        sources = mirrors()
        self._outside(["debootstrap", "--variant=minbase", RELEASE, root, sources[RELEASE]])
        lines = (f"deb {site} {suite} main\n" for suite, site in sources.items())
        (root / "etc" / "apt" / "sources.list").write_text("".join(lines), encoding="utf-8")
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", root / "etc" / name)
        self.run("apt-get", "update", "-q")
        self.run("useradd", "--create-home", "--uid", str(PERSON), "person")

    @property
    def home(self) -> Path:
        """The home of the person who uses it."""
        return self.root / "home" / "person"

    def run(self, *words: str | Path, env: Mapping[str, str] | None = None, ok: Iterable[int] = (0,)) -> str:
        """Run a command as root in it; returns what it said, to stdout and stderr."""
        return self._outside([*self._inside(), *words], env, ok)

    def run_as_person(self, *words: str | Path, env: Mapping[str, str], ok: Iterable[int] = (0,)) -> str:
        """Run a command as a user without rights."""
        person = ["setpriv", f"--reuid={PERSON}", f"--regid={PERSON}", "--clear-groups", "--no-new-privs"]
        home = {"HOME": "/home/person", "USER": "person"}
        return self._outside([*self._inside(), *person, *words], {**home, **env}, ok)

    def named(self, part: str) -> set[str]:
        """The paths whose last name holds `part`, whoever put them there."""
        places = (self.root / name for name in ("etc", "home", "opt", "root", "usr", "var"))
        found = (path for place in places for path in place.rglob("*") if part in path.name.casefold())
        return {path.relative_to(self.root).as_posix() for path in found}

    def _inside(self) -> list[str]:
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.root}/proc"]
        return [*apart, "chroot", str(self.root)]

    @staticmethod
    def _outside(
        words: list[str | Path], env: Mapping[str, str] | None = None, ok: Iterable[int] = (0,)
    ) -> str:
        plain = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        whole = {**plain, **proxies, "DEBIAN_FRONTEND": "noninteractive", **(env or {})}
        done = subprocess.run(
            words,
            env=whole,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        said = done.stdout + done.stderr
        assert done.returncode in tuple(ok), f"{words} ended with {done.returncode}:\n{said[-3000:]}"
        return said
