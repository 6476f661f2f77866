"""The disk image of macOS: every command that would run there, with its every argument."""

from __future__ import annotations

import base64
import json
import plistlib
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.desktop.build_info import BuildInfo, build_info
from build_scripts.build.keychain import open_keychain
from build_scripts.build.macos import (
    ENTITLEMENTS,
    IDENTITY_VARIABLE,
    PROFILE_VARIABLE,
    Signer,
    build_dmg,
    code_inside,
    signer,
)
from build_scripts.build.note import write_note
from build_scripts.build.release import architecture
from build_scripts.build.steps import BuildError
from build_scripts.build.steps import run as run_for_real
from tests.build_scripts.payload import RELEASE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the bundle has links and modes of POSIX")

WHO = Signer("Developer ID Application: Somebody (TEAM123456)", "release")
NOBODY = Signer("", "")


class Mac:
    """The programs of macOS that make an image: does as much of each as shows, and keeps its command line."""

    def __init__(self, busy: int = 0, message: str = "hdiutil: create failed - Resource busy") -> None:
        self.said: list[list[str]] = []
        self.image: set[str] = set()
        self.channel = ""
        self._busy = busy
        self._message = message

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        said = [str(word) for word in words]
        self.said.append(said)
        match said:
            case ["ditto", "-c", "-k", "--keepParent", _what, archive]:
                Path(archive).write_bytes(b"zip")
            case ["ditto", source, target]:
                shutil.copytree(source, target, symlinks=True)
            case ["hdiutil", "create", *_rest] if self._busy:
                self._busy -= 1
                raise BuildError(self._message)
            case ["hdiutil", "create", *rest]:
                stage = Path(rest[rest.index("-srcfolder") + 1])
                self.image = {path.name for path in stage.iterdir()}
                assert (stage / "Applications").readlink() == Path("/Applications")
                self.channel = build_info(stage / "Sirocco.app" / "Contents" / "Resources").channel
                Path(rest[-1]).write_bytes(b"image")
            case ["xcrun", "notarytool", "submit", sent, *_rest]:
                assert Path(sent).is_file()
        return ""

    def names(self) -> list[str]:
        """Which programs ran."""
        return [" ".join(word for word in said[:3] if not word.startswith(("-", "/"))) for said in self.said]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A bundle as PyInstaller leaves it: libraries in a folder of frameworks, links among them."""
    contents = tmp_path / "Sirocco.app" / "Contents"
    framework = contents / "Frameworks" / "PySide6" / "Qt" / "lib" / "QtCore.framework"
    for folder in (contents / "MacOS", contents / "Resources", framework / "Versions" / "A"):
        folder.mkdir(parents=True)
    (contents / "Info.plist").write_bytes(plistlib.dumps({"CFBundleExecutable": "sirocco"}))
    (contents / "MacOS" / "sirocco").write_bytes(b"\xcf\xfa\xed\xfe program")
    (contents / "Frameworks" / "libssl.3.dylib").write_bytes(b"\xcf\xfa\xed\xfe library")
    (contents / "Frameworks" / "PySide6" / "QtCore.abi3.so").write_bytes(b"\xca\xfe\xba\xbe library")
    (framework / "Versions" / "A" / "QtCore").write_bytes(b"\xca\xfe\xba\xbe library")
    (framework / "QtCore").symlink_to("Versions/A/QtCore")
    (contents / "Frameworks" / "words.txt").write_text("no code", encoding="utf-8")
    (contents / "Resources" / "libssl.3.dylib").symlink_to("../Frameworks/libssl.3.dylib")
    write_note(contents / "Resources", BuildInfo("folder", "abc1234", "2026-11-25"))
    return contents.parent


def test_all_code_is_found_the_deepest_first_and_no_link(app: Path) -> None:
    places = [path.relative_to(app / "Contents" / "Frameworks").as_posix() for path in code_inside(app)]
    assert places == [
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/lib/QtCore.framework",
        "PySide6/QtCore.abi3.so",
        "libssl.3.dylib",
    ]


def test_it_is_signed_from_the_inside_out_notarised_and_stapled(app: Path, tmp_path: Path) -> None:
    mac = Mac()
    image = build_dmg(app, tmp_path, RELEASE, WHO, mac)
    assert image == tmp_path / f"Sirocco-1.2.3-macos-{architecture()}.dmg"
    assert mac.image == {"Sirocco.app", "Applications"}
    assert mac.channel == "dmg"

    ditto, *signed = mac.said[:8]
    assert ditto[:2] == ["ditto", str(app)]
    copy = ditto[2]
    seal = ["codesign", "--force", "--options", "runtime", "--timestamp", "--sign", WHO.identity]
    inside = [str(path).replace(str(app), copy) for path in code_inside(app)]
    assert signed[:4] == [[*seal, part] for part in inside]
    assert signed[4] == [*seal, "--entitlements", str(ENTITLEMENTS), copy]
    assert signed[5] == ["codesign", "--verify", "--deep", "--strict", "--verbose=2", copy]

    archived = signed[6]
    assert archived[:5] == ["ditto", "-c", "-k", "--keepParent", copy]
    submit = ["--keychain-profile", WHO.profile, "--wait"]
    create = ["hdiutil", "create", "-volname", "Sirocco", "-srcfolder"]
    assert mac.said[8:] == [
        ["xcrun", "notarytool", "submit", archived[5], *submit],
        ["xcrun", "stapler", "staple", copy],
        [*create, str(Path(copy).parent), "-ov", "-format", "UDZO", str(image)],
        ["codesign", "--sign", WHO.identity, "--timestamp", str(image)],
        ["xcrun", "notarytool", "submit", str(image), *submit],
        ["xcrun", "stapler", "staple", str(image)],
    ]


def test_the_bundle_that_was_frozen_stays_as_it_was(app: Path, tmp_path: Path) -> None:
    build_dmg(app, tmp_path, RELEASE, WHO, Mac())
    assert build_info(app / "Contents" / "Resources").channel == "folder"


def test_without_an_identity_each_step_that_needs_one_is_skipped_with_a_line(
    app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mac = Mac()
    build_dmg(app, tmp_path, RELEASE, NOBODY, mac)
    seals = [said for said in mac.said if said[0] == "codesign" and "--sign" in said]
    assert len(seals) == 5
    # Apple's own processors start nothing that has no seal at all.
    assert all(said[1:4] == ["--force", "--sign", "-"] for said in seals)
    assert not any("runtime" in said or "xcrun" in said for said in mac.said)
    said = capsys.readouterr().err
    assert said.count(f"{IDENTITY_VARIABLE} names no identity") == 1
    assert said.count("isn't notarised") == 2


def test_without_a_profile_it_is_signed_and_not_notarised(app: Path, tmp_path: Path) -> None:
    mac = Mac()
    build_dmg(app, tmp_path, RELEASE, Signer(WHO.identity, ""), mac)
    assert not any(said[0] == "xcrun" for said in mac.said)
    assert mac.said[-1][:4] == ["codesign", "--sign", WHO.identity, "--timestamp"]


def test_a_busy_image_is_tried_again(app: Path, tmp_path: Path) -> None:
    mac = Mac(busy=4)
    assert build_dmg(app, tmp_path, RELEASE, NOBODY, mac).exists()
    assert sum(said[0] == "hdiutil" for said in mac.said) == 5


@pytest.mark.parametrize(("busy", "message", "tries"), [(5, "Resource busy", 5), (1, "No space left", 1)])
def test_an_image_that_cannot_be_made_is_an_error(
    app: Path, tmp_path: Path, busy: int, message: str, tries: int
) -> None:
    mac = Mac(busy, message)
    with pytest.raises(BuildError, match=message):
        build_dmg(app, tmp_path, RELEASE, NOBODY, mac)
    assert sum(said[0] == "hdiutil" for said in mac.said) == tries


def test_what_is_no_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no app bundle"):
        build_dmg(tmp_path / "Sirocco.app", tmp_path, RELEASE, NOBODY, Mac())


def test_the_signer_stands_in_the_environment() -> None:
    assert signer({IDENTITY_VARIABLE: "A", PROFILE_VARIABLE: "B"}) == Signer("A", "B")
    assert signer({}) == NOBODY


def test_the_app_may_do_no_more_than_it_must() -> None:
    allowed = plistlib.loads(ENTITLEMENTS.read_bytes())
    assert allowed == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


SECRETS = {
    "SIROCCO_MACOS_CERTIFICATE": base64.b64encode(b"certificate").decode(),
    "SIROCCO_MACOS_CERTIFICATE_PASSWORD": "opens it",
    "SIROCCO_APPLE_ID": "somebody@sirocco.example",
    "SIROCCO_APPLE_TEAM": "TEAM123456",
    "SIROCCO_APPLE_PASSWORD": "of the app",
    PROFILE_VARIABLE: "release",
}


class Security(Mac):
    """Keeps what the certificate's file held, too."""

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        if list(words[:2]) == ["security", "import"]:
            file = Path(words[2])
            self.certificate = file.read_bytes()
            self.mode = file.stat().st_mode & 0o777
        return super().__call__(words, env, cwd)


def test_a_keychain_holds_the_certificate_and_lets_codesign_alone_use_it(tmp_path: Path) -> None:
    mac, place = Security(), tmp_path / "own.keychain-db"
    open_keychain(place, SECRETS, mac)
    own = mac.said[0][3]
    assert len(own) >= 32
    assert (mac.certificate, mac.mode) == (b"certificate", 0o600)
    file = mac.said[3][2]
    assert not Path(file).exists()
    chain = str(place)
    who = ["--apple-id", "somebody@sirocco.example", "--team-id", "TEAM123456", "--password", "of the app"]
    assert mac.said == [
        ["security", "create-keychain", "-p", own, chain],
        ["security", "set-keychain-settings", "-lut", "21600", chain],
        ["security", "unlock-keychain", "-p", own, chain],
        [
            "security",
            "import",
            file,
            "-k",
            chain,
            "-P",
            "opens it",
            "-f",
            "pkcs12",
            "-T",
            "/usr/bin/codesign",
        ],
        ["security", "set-key-partition-list", "-S", "apple-tool:,apple:", "-s", "-k", own, chain],
        ["security", "list-keychains", "-d", "user", "-s", chain, "login.keychain-db"],
        ["xcrun", "notarytool", "store-credentials", "release", *who, "--keychain", chain],
    ]


@pytest.mark.parametrize("program", ["create-keychain", "import", "store-credentials"])
def test_what_opens_the_keychain_is_in_no_error(tmp_path: Path, program: str) -> None:
    hidden = {"SIROCCO_MACOS_CERTIFICATE_PASSWORD": 'it\'s "this"', "SIROCCO_APPLE_PASSWORD": "of $the app"}
    told: list[str] = []

    def run(
        words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        told[:] = map(str, words)
        failing = [sys.executable, "-c", "import sys; sys.exit(' '.join(sys.argv))", *words]
        return run_for_real(failing) if program in words else ""

    with pytest.raises(BuildError) as raised:
        open_keychain(tmp_path / "own.keychain-db", {**SECRETS, **hidden}, run)
    assert program in str(raised.value)
    own = told[told.index("-p") + 1] if "-p" in told else ""
    for word in filter(None, (own, *hidden.values())):
        assert word not in str(raised.value)
        assert shlex.quote(word) not in str(raised.value)
    assert raised.value.__context__ is None


def test_without_a_certificate_there_is_no_keychain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mac = Security()
    open_keychain(tmp_path / "own.keychain-db", {**SECRETS, "SIROCCO_MACOS_CERTIFICATE": ""}, mac)
    assert mac.said == []
    assert "Nothing will be signed" in capsys.readouterr().err


def test_without_an_apple_id_nothing_is_kept_for_notarising(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mac = Security()
    open_keychain(tmp_path / "own.keychain-db", {**SECRETS, "SIROCCO_APPLE_ID": ""}, mac)
    assert "notarytool" not in json.dumps(mac.said)
    assert "No notarisation" in capsys.readouterr().err
