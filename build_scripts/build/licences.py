"""Collects which parts Sirocco bundles, with their licences, into `resources/licences`: `dev.py licences`.

The app's About page, the Debian package's copyright file and the list of a release's parts (SBOM) all read
what is written here: `bundled` gives it.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from app.core.components import FOLDER, LIST_NAME, Component, components_of, list_of
from build_scripts.build.licence_table import OTHERS, TOLD, Told
from build_scripts.build.places import ROOT, SCRIPTS, VERSION

HOME = ROOT / "resources" / FOLDER
# The texts that many share, as SPDX has them, and those that a package brings.
SHARED, OWN = "texts", "packages"
LOCK = SCRIPTS / "requirements-run.txt"
_LOCKED = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
_IS_LICENCE = re.compile(r"(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
_RUST = "Rust libraries (in cryptography)"
# Where a lock's markers name one system.
_SYSTEMS = re.compile(r"sys_platform == '(\w+)'")


def bundled(system: str = sys.platform) -> tuple[Component, ...]:
    """All parts of a build for `system`, as the lists of the tree say, with the version of this Python."""
    here = {"Python": platform.python_version(), "Sirocco": VERSION}
    return tuple(
        each._replace(version=here.get(each.name, each.version)) for each in _listed() if each.is_in(system)
    )


def text_of(component: Component) -> str:
    """What must be handed on with a part: its notice, then its licences, whole."""
    texts = [(HOME / name).read_text(encoding="utf-8").strip() for name in component.texts]
    return "\n\n".join(part for part in (component.notice, *texts) if part) + "\n"


def locked() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every package that the app needs: its name, and the locked version with the systems that want it."""
    found = _LOCKED.findall(LOCK.read_text(encoding="utf-8"))
    return {name: (version, tuple(_SYSTEMS.findall(marker))) for name, version, marker in found}


def collect() -> dict[str, str]:
    """The files of `resources/licences` that are made, each by its name there, with what it is to hold."""
    files: dict[str, str] = {}
    own = Component("Sirocco", "", "MIT", texts=(f"{OWN}/sirocco.txt",))
    files[f"{OWN}/sirocco.txt"] = (ROOT / "LICENSE").read_text(encoding="utf-8")
    found = []
    for package, (version, systems) in locked().items():
        component, text = _component(package, version, systems)
        if text:
            files[f"{OWN}/{package}.txt"] = text
        found.append(component)
    found += [each._replace(texts=tuple(_place(text) for text in each.texts)) for each in OTHERS]
    found += [_bootloader(), _rust()]
    parts = sorted(found, key=lambda each: each.name.casefold())
    files[LIST_NAME] = list_of((own, *parts))
    return files


def _component(package: str, version: str, systems: tuple[str, ...]) -> tuple[Component, str]:
    """The part, and the text of its own that it brings, empty where there is none."""
    told = TOLD.get(package)
    try:
        known = distribution(package)
    except PackageNotFoundError:
        return _of_another_system(package, version, systems, told)
    told = told or Told(_field(known, "License-Expression") or _plain(known))
    text = "\n\n".join(_texts(known))
    own = (f"{OWN}/{package}.txt",) if text else ()
    part = _as_told(known.metadata["Name"], version, told, own)
    homepage = part.homepage or _homepage(known)
    return part._replace(homepage=homepage, systems=systems, package=package), text


def _of_another_system(
    package: str, version: str, systems: tuple[str, ...], told: Told | None
) -> tuple[Component, str]:
    """What isn't installed here, but on another system or for another Python: as it was listed there."""
    if told is not None and told.texts:
        return _as_told(package, version, told, ())._replace(systems=systems, package=package), ""
    former = {each.package: each for each in _listed()}
    if package not in former or former[package].version != version:
        raise SystemExit(f"{package} {version} isn't installed: list the parts on Linux with Python 3.11.")
    return former[package], (HOME / OWN / f"{package}.txt").read_text(encoding="utf-8")


def _listed() -> tuple[Component, ...]:
    return components_of((HOME / LIST_NAME).read_text(encoding="utf-8"))


def _as_told(name: str, version: str, told: Told, own: tuple[str, ...]) -> Component:
    texts = (*own, *(_place(text) for text in told.texts))
    return Component(name, version, told.licence, told.homepage, told.notice, texts)


def _field(known: Distribution, name: str) -> str:
    return next(iter(known.metadata.get_all(name) or ()), "")


def _plain(known: Distribution) -> str:
    words = _field(known, "License")
    if words not in ("MIT", "BSD-3-Clause"):
        raise SystemExit(f"{known.metadata['Name']} has the licence {words!r}: tell it in licence_table.py.")
    return words


def _texts(known: Distribution) -> Iterator[str]:
    """The licences that a package brings, each text once, the shortest path first: that is its own."""
    places = [
        place for place in known.files or () if _IS_LICENCE.search(str(place)) and place.suffix != ".py"
    ]
    seen = set()
    for place in sorted(places, key=lambda place: (len(place.parts), str(place))):
        text = Path(str(known.locate_file(place))).read_text(encoding="utf-8").strip() + "\n"
        if text not in seen:
            seen.add(text)
            yield text


def _homepage(known: Distribution) -> str:
    named = dict(line.split(", ", 1) for line in known.metadata.get_all("Project-URL") or ())
    wanted = ("homepage", "home", "source", "source code", "repository", "github")
    by_name = {name.strip().casefold(): address for name, address in named.items()}
    found = _field(known, "Home-page") or next((by_name[name] for name in wanted if name in by_name), "")
    return found if found.startswith("https://") else ""


def _bootloader() -> Component:
    """What PyInstaller puts before the program."""
    lock = (SCRIPTS / "requirements-build.txt").read_text(encoding="utf-8")
    version = re.search(r"^pyinstaller==(\S+)", lock, re.MULTILINE)
    return Component(
        name="PyInstaller’s bootloader",
        version=version[1] if version is not None else "",
        licence="GPL-2.0-or-later WITH Bootloader-exception",
        homepage="https://pyinstaller.org",
        notice="Its exception permits to hand on what it starts under any licence.",
        texts=(_place("PyInstaller.txt"),),
    )


def _rust() -> Component:
    """What is linked into `cryptography`, as its own list of parts says."""
    try:
        known = distribution("cryptography")
    except PackageNotFoundError:  # where SecretStorage doesn't need it
        return next(each for each in _listed() if each.name == _RUST)
    place = next(file for file in known.files or () if PurePosixPath(file).match("sboms/*rust*.json"))
    listed = json.loads(Path(str(known.locate_file(place))).read_text(encoding="utf-8"))["components"]
    parts = [(each["name"], each["version"], each["licenses"][0]["expression"]) for each in listed]
    foreign = [part for part in parts if not part[0].startswith("cryptography-")]
    return Component(
        name=_RUST,
        version="",
        licence="Apache-2.0 AND MIT AND BSD-3-Clause AND Unicode-3.0",
        homepage="https://crates.io",
        notice="\n".join(f"{name} {version}: {licence}" for name, version, licence in foreign),
        texts=tuple(_place(f"{name}.txt") for name in ("Apache-2.0", "MIT", "BSD-3-Clause", "Unicode-3.0")),
        systems=("linux",),
    )


def _place(name: str) -> str:
    return name.removeprefix("../") if name.startswith("../") else f"{SHARED}/{name}"


def main() -> None:
    """Write the files anew, and take away what is no longer among them."""
    files = collect()
    (HOME / OWN).mkdir(exist_ok=True)
    for path in (HOME / OWN).iterdir():
        if f"{OWN}/{path.name}" not in files:
            path.unlink()
    for name, text in files.items():
        (HOME / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
