"""The app bundle and the disk image of macOS: signed, notarised and stapled where somebody signs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_scripts.build.channel import write_channel
from build_scripts.build.release import TEMPLATES, Release, architecture
from build_scripts.build.steps import BuildError, say
from build_scripts.build.tools import Run

ENTITLEMENTS = TEMPLATES / "entitlements.plist"
# Whose certificate signs ("Developer ID Application: NAME (TEAM)"), and what notarytool has stored for it.
IDENTITY_VARIABLE = "SIROCCO_MACOS_IDENTITY"
PROFILE_VARIABLE = "SIROCCO_NOTARY_PROFILE"
# What of a bundle is code by itself: dyld refuses it where it isn't signed.
_LIBRARIES = (".dylib", ".so")
_MAGIC = {
    *(b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"),  # one machine's
    *(b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"),  # several machines'
}
# On a busy machine something looks at a new volume while it is to be let go of.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and under which stored profile Apple is asked to notarise; empty where there is none."""

    identity: str
    profile: str


def signer(environment: Mapping[str, str]) -> Signer:
    """The signer that the environment names."""
    return Signer(environment.get(IDENTITY_VARIABLE, ""), environment.get(PROFILE_VARIABLE, ""))


def build_dmg(app: Path, out: Path, release: Release, who: Signer, run: Run) -> Path:
    """Make the disk image of an app bundle in the folder `out`; returns it."""
    if not (app / "Contents" / "Info.plist").is_file():
        raise BuildError(f"There is no app bundle at {app}; the step `folder` makes it on macOS.")
    target = out / f"Sirocco-{release.version}-macos-{architecture()}.dmg"
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder, "stage")
        stage.mkdir()
        copy = stage / app.name
        # A plain copy would break the links of its frameworks, and with them their seals.
        run(["ditto", app, copy])
        write_channel(copy, "dmg")
        sign(copy, who, run)
        notarise(copy, who, run)
        (stage / "Applications").symlink_to("/Applications")
        _make_image(stage, target, run)
    if who.identity:
        run(["codesign", "--sign", who.identity, "--timestamp", target])
    notarise(target, who, run)
    return target


def sign(app: Path, who: Signer, run: Run) -> None:
    """Sign a bundle from the inside out, each part before what holds it, and look at what came of it.

    Without an identity the seal is one that names nobody: Apple's own processors start nothing without one.
    The hardened runtime would then refuse the app's own libraries, for they have no team in common.
    """
    if who.identity:
        seal = ["--force", "--options", "runtime", "--timestamp", "--sign", who.identity]
    else:
        say(f"The app isn't signed by anybody: {IDENTITY_VARIABLE} names no identity.")
        seal = ["--force", "--sign", "-"]
    for part in code_inside(app):
        run(["codesign", *seal, part])
    run(["codesign", *seal, "--entitlements", ENTITLEMENTS, app])
    run(["codesign", "--verify", "--deep", "--strict", "--verbose=2", app])


def code_inside(app: Path) -> Iterator[Path]:
    """All code within a bundle, the deepest first; the program itself is sealed with the whole."""
    programs = app / "Contents" / "MacOS"
    main = programs / "sirocco"
    found = [path for path in app.rglob("*") if not path.is_symlink() and path != main and _is_code(path)]
    yield from sorted(found, key=lambda path: (-len(path.parts), path.as_posix()))


def _is_code(path: Path) -> bool:
    if path.is_dir():
        return path.suffix == ".framework"
    if path.suffix in _LIBRARIES:
        return True
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


def notarise(what: Path, who: Signer, run: Run) -> None:
    """Have Apple look at a signed bundle or image, and fasten its word to it."""
    if not who.identity or not who.profile:
        say(f"{what.name} isn't notarised: {PROFILE_VARIABLE} or {IDENTITY_VARIABLE} is empty.")
        return
    with tempfile.TemporaryDirectory() as folder:
        sent = what
        if what.is_dir():
            sent = Path(folder, f"{what.stem}.zip")
            run(["ditto", "-c", "-k", "--keepParent", what, sent])
        run(["xcrun", "notarytool", "submit", sent, "--keychain-profile", who.profile, "--wait"])
    run(["xcrun", "stapler", "staple", what])


def _make_image(stage: Path, target: Path, run: Run) -> None:
    source: list[str | Path] = ["-volname", "Sirocco", "-srcfolder", stage]
    words = ["hdiutil", "create", *source, "-ov", "-format", "UDZO", target]
    for left in reversed(range(TRIES)):
        try:
            run(words)
        except BuildError as error:
            if not left or "Resource busy" not in str(error):
                raise
            say("The disk image is busy; once more")
        else:
            return
