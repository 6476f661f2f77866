"""What Linux desktops find of the app: each file as the tool of its own standard wants it."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.desktop.paths import APP_ID
from build_scripts.build.linux_files import (
    DESKTOP_FILE,
    ICON_SIZES,
    MANUAL_FILE,
    METAINFO_FILE,
    icon_file,
    share_files,
    write_share,
)
from build_scripts.build.places import ROOT
from tests.build_scripts.payload import RELEASE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its tools are Linux's")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    write_share(tmp_path, RELEASE)
    return tmp_path


def test_what_is_written_is_what_is_said_to_be(share: Path) -> None:
    written = {path.relative_to(share).as_posix() for path in share.rglob("*") if path.is_file()}
    assert written == set(share_files())


def test_the_entry_of_the_menu_is_valid(share: Path) -> None:
    subprocess.run(["desktop-file-validate", share / DESKTOP_FILE], check=True)


def test_the_description_is_valid_and_names_this_release(share: Path) -> None:
    words = ["appstreamcli", "validate", "--no-net", str(share / METAINFO_FILE)]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert not re.search(r"^[EW]: ", said.stdout, re.MULTILINE)
    component = ET.parse(share / METAINFO_FILE).getroot()
    assert component.findtext("id") == APP_ID
    assert component.findtext("launchable") == f"{APP_ID}.desktop"
    assert component.findtext("url") == RELEASE.homepage
    picture = f"{RELEASE.homepage}/raw/v1.2.3/"
    shown = component.findtext("screenshots/screenshot/image", "")
    assert shown.startswith(picture)
    assert (ROOT / shown.removeprefix(picture)).is_file()
    release = component.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": "1.2.3", "date": "2025-06-15"}


@pytest.mark.parametrize("size", ICON_SIZES)
def test_every_icon_has_the_size_of_its_folder(share: Path, size: int) -> None:
    head = (share / icon_file(str(size))).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (size, size)


def test_the_manual_is_clean_and_knows_every_option(share: Path) -> None:
    source = gzip.decompress((share / MANUAL_FILE).read_bytes())
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", "-Tutf8"], input=source, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = source.decode().replace("\\-", "-")
    for command in (["--help"], ["ask", "--help"]):
        said = subprocess.run(
            [sys.executable, "-m", "app", *command], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", said, re.MULTILINE))
        assert len(options) > 3
        # What `dev.py demo` alone uses is no option for people.
        assert {option for option in options if option not in text} <= {"--first-question", "--picture"}
