"""The sums of a release, as the tools of a system check them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from build_scripts.build.checksums import write_sums

pytestmark = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum isn't here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Sirocco" / "_internal").mkdir(parents=True)
    for name in ("sirocco-1.tar.xz", "Sirocco-1-setup.exe", "a-1.cdx.json", "notes.txt"):
        (tmp_path / name).write_bytes(name.encode())
    write_sums(tmp_path)
    return tmp_path


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def test_what_is_handed_out_is_summed_and_nothing_else(folder: Path) -> None:
    done = check(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Sirocco-1-setup.exe: OK\na-1.cdx.json: OK\nsirocco-1.tar.xz: OK\n"


def test_one_changed_byte_is_seen(folder: Path) -> None:
    (folder / "sirocco-1.tar.xz").write_bytes(b"sirocco-2.tar.xz")
    assert check(folder).returncode == 1


def test_the_sums_of_sums_stay_the_same(folder: Path) -> None:
    before = (folder / "SHA256SUMS").read_bytes()
    write_sums(folder)
    assert (folder / "SHA256SUMS").read_bytes() == before
