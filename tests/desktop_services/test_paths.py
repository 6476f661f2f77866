"""Folders are the platform's own, for their owner alone; a socket only ever stands in one of those."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from app.desktop.paths import SOCKET_PATH_LIMIT, Folders, folders, instance_socket, resources_dir

ROOT = Path(__file__).parents[2]
posix_only = pytest.mark.skipif(os.name != "posix", reason="modes and sockets of POSIX")


def profile_in(folder: Path) -> Folders:
    return Folders(folder / "config", folder / "data", folder / "state" / "logs", folder / "cache")


@posix_only
def test_SEC_10_every_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    profile = profile_in(tmp_path)
    (tmp_path / "data").mkdir(mode=0o755)
    profile.make()
    for folder in (profile.config, profile.data, profile.logs, profile.cache):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG variables")
def test_the_folders_follow_xdg_and_need_no_qt(tmp_path: Path) -> None:
    script = (
        "import sys; from app.desktop.paths import folders; f = folders();"
        "print(f.config, f.data, f.logs, f.cache, sep='\\n');"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    names = {"XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "d", "XDG_STATE_HOME": "s", "XDG_CACHE_HOME": "k"}
    env = {**os.environ, **{name: str(tmp_path / end) for name, end in names.items()}}
    run = subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=ROOT, text=True, capture_output=True, check=True
    )
    ends = ("c/sirocco", "d/sirocco", "s/sirocco/logs", "k/sirocco")
    assert run.stdout.split() == [str(tmp_path / end) for end in ends]


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG variables")
@pytest.mark.parametrize("given", [None, "", "relative", "/elsewhere/of mine"])
def test_the_folders_are_those_that_platformdirs_finds(
    monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
        if given is not None:
            monkeypatch.setenv(f"XDG_{name}_HOME", given)
    found = platformdirs.PlatformDirs("sirocco", appauthor=False)
    assert folders() == Folders(
        found.user_config_path, found.user_data_path, found.user_state_path / "logs", found.user_cache_path
    )


@posix_only
def test_SEC_09_the_socket_stands_in_a_private_folder_or_nowhere(tmp_path: Path) -> None:
    profile = profile_in(tmp_path)
    # A path of a socket has no more than a hundred bytes, and pytest's own folder may use them up.
    with tempfile.TemporaryDirectory(prefix="s-") as folder:
        runtime = Path(folder)
        path = instance_socket(profile, {"XDG_RUNTIME_DIR": folder})
        assert path is not None
        assert path.parent == runtime / "sirocco"
        assert path.parent.stat().st_mode & 0o777 == 0o700

        path.parent.chmod(0o755)
        open_to_all = instance_socket(profile, {"XDG_RUNTIME_DIR": folder})
        assert open_to_all is None or open_to_all.parent != runtime / "sirocco"


@posix_only
def test_SEC_09_a_link_is_no_private_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "sirocco").symlink_to(tmp_path / "elsewhere")
    path = instance_socket(profile_in(tmp_path), {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert path is None or path.parent != tmp_path / "sirocco"


@posix_only
def test_the_sockets_name_is_never_too_long_and_each_profile_has_its_own(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    path = instance_socket(profile_in(tmp_path), {"XDG_RUNTIME_DIR": str(deep)})
    assert path is None or len(os.fsencode(path)) <= SOCKET_PATH_LIMIT
    assert profile_in(tmp_path).profile_id != profile_in(deep).profile_id


def test_the_resources_are_found_from_the_source_tree() -> None:
    assert (resources_dir() / "theme" / "tokens.json").exists()
