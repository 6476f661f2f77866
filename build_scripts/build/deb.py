"""The `.deb` for Debian and what descends from it, made by dpkg-deb alone."""

from __future__ import annotations

import hashlib
import re
import tempfile
import textwrap
from email.utils import formatdate
from pathlib import Path

from build_scripts.build.channel import write_channel
from build_scripts.build.copyright import debian_copyright
from build_scripts.build.elf import Wants, wants_of
from build_scripts.build.linux_files import packed, write_share
from build_scripts.build.places import ROOT
from build_scripts.build.release import DESCRIPTION, SUMMARY, TEMPLATES, Release, architecture
from build_scripts.build.staging import copy_tree, put, settle, size_of
from build_scripts.build.steps import BuildError
from build_scripts.build.tools import Run

PACKAGE = "sirocco"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# Which package brings what the frozen app links to and doesn't hold. A name that Debian has changed for its
# 64-bit times stands beside the old one.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXau.so.6": "libxau6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libgio-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
# What belongs to glibc itself.
GLIBC = re.compile(r"(lib(c|m|dl|pthread|rt|resolv|util)|ld-linux[-\w]*)\.so\.\d+")
# What is loaded by its name and so stands in no program: D-Bus by Qt.
LOADED_BY_NAME = ("libdbus-1.so.3",)
RECOMMENDED = ("gnome-keyring | kwalletmanager | keepassxc", "fonts-noto-color-emoji", "xdg-utils")


def build_deb(payload: Path, out: Path, release: Release, run: Run) -> Path:
    """Make the package of a frozen app in the folder `out`; returns it."""
    arch = architecture()
    if arch not in ARCHITECTURES:
        raise BuildError(f"Debian's name for {arch} isn't known here.")
    wants = wants_of(payload, run)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, PACKAGE)
        home = root / "usr" / "lib" / PACKAGE
        home.parent.mkdir(parents=True)
        copy_tree(payload, home)
        write_channel(home, "deb")
        (root / "usr" / "bin").mkdir()
        (root / "usr" / "bin" / PACKAGE).symlink_to(f"../lib/{PACKAGE}/sirocco")
        write_share(root / "usr" / "share", release)
        documents = root / "usr" / "share" / "doc" / PACKAGE
        put(documents / "copyright", debian_copyright())
        put(documents / "changelog.gz", packed(changelog(release)))
        put(documents / "CHANGELOG.md.gz", packed((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
        overrides = (TEMPLATES / "lintian-overrides").read_text(encoding="utf-8")
        put(root / "usr" / "share" / "lintian" / "overrides" / PACKAGE, overrides)
        settle(root, release.epoch)
        put(root / "DEBIAN" / "md5sums", checksums(root))
        put(root / "DEBIAN" / "control", control(release, ARCHITECTURES[arch], wants, size_of(root)))
        settle(root, release.epoch)
        target = out / f"{PACKAGE}_{debian_version(release.version)}_{ARCHITECTURES[arch]}.deb"
        options = ["--root-owner-group", "-Zxz", f"-z{release.level}"]
        run(["dpkg-deb", *options, "--build", root, target], release.environment())
    return target


def control(release: Release, arch: str, wants: Wants, size: int) -> str:
    """What apt is to know of the package; `size` in bytes."""
    fields = {
        "Package": PACKAGE,
        "Version": debian_version(release.version),
        "Architecture": arch,
        "Maintainer": release.contact,
        "Installed-Size": str(-(-size // 1024)),
        "Depends": ", ".join(dependencies(wants)),
        "Recommends": ", ".join(RECOMMENDED),
        "Section": "net",
        "Priority": "optional",
        **({"Homepage": release.homepage} if release.homepage else {}),
        "Description": f"{SUMMARY}\n{_described(DESCRIPTION)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def dependencies(wants: Wants) -> list[str]:
    """The packages that bring what the frozen app doesn't hold, glibc with the oldest release that will do.

    BuildError where a library is new here: somebody has to say who brings it.
    """
    libraries = {*wants.libraries, *LOADED_BY_NAME}
    libraries = {name for name in libraries if not GLIBC.fullmatch(name)}
    if unknown := sorted(libraries - PACKAGES.keys()):
        raise BuildError(f"No package is known that brings {', '.join(unknown)}: see deb.py's PACKAGES.")
    return [f"libc6 (>= {wants.glibc[0]}.{wants.glibc[1]})", *sorted({PACKAGES[name] for name in libraries})]


def changelog(release: Release) -> str:
    """The one entry that Debian wants in its own form; what has changed stands in the app's own."""
    moment = formatdate(release.epoch)
    head = f"{PACKAGE} ({debian_version(release.version)}) stable; urgency=medium"
    return f"{head}\n\n  * What has changed stands in CHANGELOG.md.gz.\n\n -- {release.contact}  {moment}\n"


def debian_version(version: str) -> str:
    """A version of Python's as Debian sorts it: what comes before a release comes before it there, too."""
    return re.sub(r"[._-]?(a|b|rc|dev)\.?(\d+)", r"~\1\2", version)


def checksums(root: Path) -> str:
    """The MD5 of every file, by which dpkg sees damage."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = (hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() for path in files)
    return "".join(
        f"{sum_}  {path.relative_to(root).as_posix()}\n" for sum_, path in zip(sums, files, strict=True)
    )


def _described(text: str) -> str:
    """A text as Debian wants it: each line led by a space, an empty one by a dot."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return "\n .\n".join(
        textwrap.fill(paragraph, 78, initial_indent=" ", subsequent_indent=" ") for paragraph in paragraphs
    )
